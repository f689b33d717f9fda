import type { PartLine } from '../../domain/loan.ts';
import type { Given } from '../case-file/effects.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { Promises } from '../kernel/run.ts';

interface Needed {
  lines: PartLine[];
  /** Called with the key of each attempt before it: for its undo. */
  beforehand: (reservationKey: string) => void;
}
type Reserved = Extract<Given<'parts', 'reserve'>, { reserved: true }>;

/** The field office's own stock first, then any other store; what no store has arrives first (FLOW-PP-E). Null: refused for good, and
 *  a supervisor has it gone on without these parts. */
export async function reserveParts(
  file: CaseFile<never, Promises>,
  { lines, beforehand }: Needed,
): Promise<Reserved | null> {
  const { territory } = file.plan;
  for (;;) {
    beforehand(file.keyOfNext('parts.reserve'));
    const wanted = { territory, lines };
    const terms = { without: { give: null } };
    const result = await file.call('parts', 'reserve', wanted, 'reserve the parts', terms);
    if (!result || result.reserved) return result;
    const { shortages, office: location } = result;
    await file.askUntilTaken(
      () => file.ask('receiveShortage', { shortages, location }),
      (arrived) =>
        file.call(
          'parts',
          'receive',
          { location: arrived.location, lines: arrived.lines },
          'take in the missing parts',
          { correctable: true },
        ),
    );
  }
}
