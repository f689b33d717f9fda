/** What a refused act leaves: nothing in the case, one line on the timeline, and an answer that says why (I14). */
import { randomUUID } from 'node:crypto';
import { standingBlockers } from '../../domain/status.ts';
import type { CaseRow } from '../../services/cases/index.ts';
import type { Refusal } from '../../workflows/wire.ts';
import { actionsFor } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { actorOf, type Person } from '../plugins/auth.ts';
import { type Code, type FieldError, Problem } from '../problem.ts';

/** Who tried what on which case; `subject` is a task id, an action or a call. */
export interface Attempt {
  person: Person;
  caseNumber: string | null;
  subject: string;
}

const audited = new Set([403, 409, 422]);

/** Runs an act that no request asks for, and writes its refusal to the audit log. */
export async function recordingRefusals<T>(
  deps: Pick<AppDeps, 'stores' | 'now'>,
  attempt: Attempt,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Problem) await recordRefusal(deps, attempt, error);
    throw error;
  }
}

/** Writes down that something was not allowed, not possible or wrong; nothing of other problems. */
export async function recordRefusal(
  { stores, now }: Pick<AppDeps, 'stores' | 'now'>,
  { person, caseNumber, subject }: Attempt,
  { code, status, message, extras }: Problem,
): Promise<void> {
  if (!audited.has(status)) return;
  const fields = extras.errors?.map((error) => error.pointer) ?? [];
  await stores.timeline.append({
    eventKey: `refused/${randomUUID()}`,
    caseNumber,
    event: {
      kind: 'refused',
      at: now(),
      actor: actorOf(person),
      reason: whyOf(message, extras.errors),
      subject,
      updateId: null,
      detail: { code, status, ...(fields.length > 0 ? { fields } : {}) },
    },
  });
}

/** Where the case stands and what the caller may do instead: in every 409. */
export const standing = (row: CaseRow, person: Person) => ({
  currentStatus: row.view.status,
  stage: row.view.stage,
  allowedActions: actionsFor(person, row),
});

/** 409 for an act that the case does not admit now; of a case that has ended it says how. */
export function notNow(
  code: Extract<Code, 'taskNotOpen' | 'illegalTransition' | 'blocked'>,
  row: CaseRow,
  person: Person,
  detail?: string,
): Problem {
  const blockers = code === 'blocked' ? { blockers: standingBlockers(row.view) } : {};
  const { outcome } = row.view;
  const why = outcome ? `the case has ended: ${outcome}` : detail;
  return new Problem(code, {
    ...(why ? { detail: why } : {}),
    more: { ...standing(row, person), ...blockers },
  });
}

/** The engine's refusal as an answer. */
export function refusedByEngine(
  refusal: Refusal,
  message: string,
  row: CaseRow,
  person: Person,
): Problem {
  if (refusal === 'forbidden') return new Problem('forbidden', { detail: message });
  if (refusal === 'invalidAnswer') {
    const [, pointer = '', detail = message] = /^(\/\S*): (.*)$/s.exec(message) ?? [];
    return new Problem('invalidRequest', { detail: message, errors: [{ pointer, detail }] });
  }
  return notNow(refusal, row, person, message);
}

/** What was wrong, field by field; never what was sent. */
function whyOf(message: string, errors: FieldError[] = []): string {
  const fields = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return fields.slice(0, 500).toWellFormed() || message;
}
