import type { PartLine } from '../../domain/loan.ts';
import type { Caller, Given } from '../kernel/call.ts';
import type { HumanTask } from '../kernel/tasks.ts';
import { nextKey, type WorkFile } from '../kernel/work-file.ts';

interface Needed {
  work: WorkFile;
  call: Caller;
  shortage: HumanTask<'receiveShortage'>;
  /** Whose field office is asked first. */
  territory: string;
  lines: PartLine[];
  /** Called with the key of each attempt before it: for its undo. */
  beforehand: (reservationKey: string) => void;
}
type Reserved = Extract<Given<'parts', 'reserve'>, { reserved: true }>;

/** The field office's own stock first, then any other store; what no store has arrives first (FLOW-PP-E). */
export async function reserveParts(needed: Needed): Promise<Reserved> {
  const { work, call, shortage, territory, lines } = needed;
  for (;;) {
    needed.beforehand(nextKey(work, 'parts.reserve'));
    const result = await call('parts', 'reserve', { territory, lines }, 'reserve the parts');
    if (result.reserved) return result;
    const arrived = await shortage.completed({
      shortages: result.shortages,
      location: result.office,
    });
    await call(
      'parts',
      'receive',
      { location: arrived.location, lines: arrived.lines },
      'take in the missing parts',
    );
  }
}
