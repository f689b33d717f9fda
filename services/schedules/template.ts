/** What a schedule opens its cases with: completed for each, and tried when it is planned. */
import type { Actor } from '../../domain/case.ts';
import { flowDefinition } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/plan.ts';
import { errorsOfIssue, type FieldError } from '../../domain/problems.ts';
import type { Template } from '../../domain/schedule.ts';
import { templateProblems } from '../../domain/schedule-contracts.ts';
import { type IntakeDeps, planFor, reachable } from '../cases/index.ts';

export type TemplateDeps = Pick<IntakeDeps, 'directory' | 'parts' | 'now'>;

/** Who opens what falls due. */
export const theSchedule: Actor = { id: 'system:schedule', role: 'system' };
/** Where it says that it comes from. */
export const source = { kind: 'schedule', caseNumber: null };

/** What the flow opens with on this day: whom to call is found now, and a contract may have changed since it was planned. */
export async function requestOf(
  { directory }: Pick<TemplateDeps, 'directory'>,
  { flow, request }: Template,
): Promise<{ request: OpenRequest } | { errors: FieldError[] }> {
  const definition = flowDefinition(flow);
  if (!definition) return { errors: [{ pointer: '', detail: `no flow ${flow}` }] };
  const whole = await reachable(directory, definition, request);
  const { data, error } = definition.input.safeParse(whole);
  if (data) return { request: data };
  return { errors: error.issues.flatMap(errorsOfIssue) };
}

/** Why the flow would not open so today, by field of the request; nothing when it would. */
export async function problemsToday(deps: TemplateDeps, template: Template): Promise<FieldError[]> {
  const wrong = templateProblems(template);
  if (wrong.length > 0) return wrong;
  const asked = await requestOf(deps, template);
  if ('errors' in asked) return asked.errors;
  const { flow } = template;
  const intake = { flow, because: [], actor: theSchedule, source, request: asked.request };
  const planned = await planFor(deps, intake, deps.now());
  if ('plan' in planned) return [];
  if (planned.kind === 'unknown') return planned.errors;
  return [{ pointer: '', detail: `fits ${planned.fits}` }];
}
