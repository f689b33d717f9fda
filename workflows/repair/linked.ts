import type { LinkedCase, LinkedRequest } from '../../domain/linked.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { Promises } from '../kernel/run.ts';

/** Opens another case through the same door, without waiting for it; an open one of the same kind is linked instead. */
export async function openLinked(
  file: CaseFile<never, Promises>,
  linked: Pick<LinkedRequest, 'kind' | 'flow' | 'request'>,
): Promise<void> {
  const { kind, flow = '', request } = linked;
  const about = [request.serialNumber, request.fault?.code].filter(Boolean).join(' ');
  const refused: LinkedCase = { was: 'refused', flow, why: ['gone on without'] };
  const found = await file.call('cases', 'openLinkedCase', linked, `${kind}: ${about}`, {
    without: { give: refused },
  });
  const known = file.keep<LinkedCase[]>('linkedCases', []);
  file.know({ linkedCases: [...known, found] });
  file.report({ kind: 'caseLinked', subject: kind, detail: { ...found } });
}
