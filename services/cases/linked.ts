/** Cases that another case opens: through the same door, without anybody waiting for them. */
import { ServiceFailure } from '../../db/failures.ts';
import { type FlowDefinition, flowDefinition } from '../../domain/catalogue.ts';
import type { LinkedCase, LinkedRequest } from '../../domain/linked.ts';
import { type IntakeDeps, openCase } from './open-case.ts';
import { reachable } from './reachable.ts';
import { chooseRoute } from './route.ts';
import type { CaseStore } from './store.ts';

export interface LinkedDeps extends IntakeDeps {
  cases: IntakeDeps['cases'] & Pick<CaseStore, 'contactOf'>;
}

/** Opens the case once per effect key, or finds the open one of the same kind; what can't be opened is said and stops nobody.
 *  Words and persons are added here: they never pass the engine (D9). Fails `Unavailable` while the door is busy. */
export async function openLinkedCase(deps: LinkedDeps, linked: LinkedRequest): Promise<LinkedCase> {
  const { effectKey, caseNumber, kind } = linked;
  const chosen = linked.flow
    ? { flow: linked.flow, because: [`asked for by ${caseNumber}`] }
    : await chooseRoute(deps.directory, linked.request, deps.now());
  const { flow: name = '', because = [] } = chosen ?? {};
  const flow = flowDefinition(name);
  if (!flow) return refused(name, ['no such flow']);
  const parsed = flow.input.safeParse(await completed(deps, flow, linked));
  if (!parsed.success)
    return refused(
      name,
      parsed.error.issues.map(({ path }) => `/${path.join('/')}`),
    );
  const intake = await openCase(deps, {
    flow: name,
    because,
    scope: `case/${caseNumber}`,
    key: effectKey,
    actor: { id: 'system:flow', role: 'system' },
    request: parsed.data,
    source: { kind, caseNumber },
  });
  switch (intake.kind) {
    case 'opened':
    case 'same':
      return { was: 'opened', flow: name, caseNumber: intake.caseNumber };
    case 'duplicate':
      return { was: 'openAlready', flow: name, caseNumber: intake.caseNumber };
    case 'unknown':
      return refused(
        name,
        intake.errors.map(({ pointer }) => pointer),
      );
    case 'entitlementMismatch':
      return refused(name, [`fits ${intake.fits}`]);
    case 'keyReused':
      return refused(name, ['another request under this key']);
    case 'busy':
      throw new ServiceFailure('Unavailable', 'more is being opened than is worked off');
    default:
      return intake satisfies never;
  }
}

const refused = (flow: string, why: string[]): LinkedCase => ({ was: 'refused', flow, why });

/** What the flow's contract asks for beside numbers and codes: who to call, and what is said of the fault. */
async function completed(
  { cases, directory }: LinkedDeps,
  flow: FlowDefinition,
  { caseNumber, kind, request }: LinkedRequest,
): Promise<object> {
  const known = await cases.contactOf(caseNumber);
  const said = { description: `Found by ${kind} in ${caseNumber}.` };
  const whole = request.fault ? { ...request, fault: { ...said, ...request.fault } } : request;
  return reachable(directory, flow, whole, known);
}
