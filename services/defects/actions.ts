import type { Sql } from '../../db/connect.ts';
import { json, retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import {
  type EffectCheck,
  isEffective,
  type Recurrence,
  type SourceCase,
} from '../../domain/recurrence.ts';
import { untilHeard } from '../cases/open-row.ts';
import type { DefectsEffects } from './index.ts';

type Request<Name extends keyof DefectsEffects> = Parameters<DefectsEffects[Name]>[0];

/** What is in place, and on which units: once per case and cycle. */
export async function registerAction(sql: Sql, request: Request<'registerAction'>): Promise<void> {
  const hash = hashOf(request);
  await sql`
    insert into corrective_actions (case_number, cycle, effect_key, request_hash, product_model, fault_code,
      action_code, affected_models, treated_serials, in_place_at, check_at)
    values (${request.caseNumber}, ${request.cycle}, ${request.effectKey}, ${hash}, ${request.productModel},
      ${request.faultCode}, ${request.actionCode}, ${request.affectedModels}, ${request.treatedSerials},
      ${request.inPlaceAt}, ${request.checkAt})
    on conflict do nothing`;
  const [known] = await sql<{ hash: string }[]>`
    select request_hash as hash from corrective_actions where effect_key = ${request.effectKey}`;
  sameRequest(request.effectKey, known?.hash ?? null, hash);
}

/** Counts, judges and keeps the verdict; one that failed begins the report's next cycle, unless another report is at it already. */
export async function checkEffect(sql: Sql, request: Request<'checkEffect'>): Promise<EffectCheck> {
  const { caseNumber, cycle, atMostPercent } = request;
  const before = await effectCheckOf(sql, { caseNumber, cycle });
  if (before) return before;
  const seen = await recurrenceOf(sql, request);
  const effective = isEffective(seen, atMostPercent);
  await retrying(() => keepVerdict(sql, request, seen, effective), isTwinOpening);
  const kept = await effectCheckOf(sql, { caseNumber, cycle });
  if (!kept) throw new ServiceFailure('Contention', 'the effect check is being written');
  return kept;
}

/** The verdict on the action of that cycle; null before its check. */
export async function effectCheckOf(
  sql: Sql,
  { caseNumber, cycle }: { caseNumber: string; cycle: number },
): Promise<EffectCheck | null> {
  const [check] = await sql<EffectCheck[]>`
    select effective, jsonb_build_object('units', treated_units, 'failures', treated_failures) as treated,
      jsonb_build_object('units', prior_units, 'failures', prior_failures) as prior,
      at_most_percent as "atMostPercent", checked_at as "checkedAt", next_cycle as "nextCycle",
      open_report as "openReport"
    from effect_checks where case_number = ${caseNumber} and cycle = ${cycle}`;
  return check ?? null;
}

/** Every unit that the action is about is watched for one window before it; afterwards it is treated, or goes on as prior. */
async function recurrenceOf(
  sql: Sql,
  { caseNumber, cycle }: Request<'checkEffect'>,
): Promise<Recurrence> {
  const [seen] = await sql<Recurrence[]>`
    with action as (
      select *, in_place_at - (check_at - in_place_at) as watched_from
      from corrective_actions where case_number = ${caseNumber} and cycle = ${cycle}
    ), units as (
      select count(*)::int as known, count(*) filter (
        where treated_serials is null or serial_number = any(treated_serials))::int as treated
      from action join assets on assets.product_model = any(affected_models) or serial_number = any(treated_serials)
    ), failed as (
      select failed_at >= in_place_at and (treated_serials is null or serial_number = any(treated_serials)) as treated
      from action a join failure_records r on r.fault_code = a.fault_code
        and (r.product_model = any(affected_models) or serial_number = any(treated_serials))
        and failed_at >= watched_from and failed_at < check_at
    ), counted as (
      select count(*) filter (where treated)::int as treated, count(*) filter (where not treated)::int as prior from failed
    )
    select jsonb_build_object('units', units.treated, 'failures', counted.treated) as treated,
      jsonb_build_object('units', 2 * units.known - units.treated, 'failures', counted.prior) as prior
    from units, counted where exists (select from action)`;
  if (!seen)
    throw new ServiceFailure('UnknownCase', `${caseNumber} has no action in cycle ${cycle}`);
  return seen;
}

// Two at once: a new report of this model and fault opens while this one would go on. The next attempt sees it.
const isTwinOpening = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'cases_duplicate';

async function keepVerdict(
  sql: Sql,
  request: Request<'checkEffect'>,
  { treated, prior }: Recurrence,
  effective: boolean,
): Promise<void> {
  const { effectKey, caseNumber, cycle, atMostPercent, checkedAt } = request;
  const verdict = { state: effective ? 'effective' : 'failed', treated, prior, checkedAt };
  const hash = hashOf({ effectKey, caseNumber, cycle });
  await sql`
    with report as (
      select case_number, view, cycle = ${cycle} and not is_open as rests, (
        select twin.case_number from cases twin where twin.flow = cases.flow and twin.twin_key = cases.twin_key
          and twin.is_open and twin.case_number <> cases.case_number order by seq limit 1) as twin
      from cases where case_number = ${caseNumber}
    ), checked as (
      insert into effect_checks (case_number, cycle, effect_key, request_hash, treated_units, treated_failures,
        prior_units, prior_failures, at_most_percent, effective, checked_at, next_cycle, open_report)
      select case_number, ${cycle}, ${effectKey}, ${hash}, ${treated.units}, ${treated.failures}, ${prior.units},
        ${prior.failures}, ${atMostPercent}, ${effective}, ${checkedAt},
        case when not ${effective} and rests and twin is null then ${cycle}::int + 1 end,
        case when ${effective} then null when twin is not null then twin when not rests then case_number end
      from report on conflict (effect_key) do nothing returning next_cycle, open_report
    ), kept as (
      update case_cycles set closing_view = report.view from report, checked
      where case_cycles.case_number = report.case_number and case_cycles.cycle = ${cycle} and next_cycle is not null
    ), shown as (
      update cases set view = jsonb_set(view, '{facts,effectCheck}',
        ${json(sql, verdict)} || jsonb_build_object('openReport', checked.open_report))
      from checked where case_number = ${caseNumber} and next_cycle is null and cases.cycle = ${cycle} and not is_open
    )
    update cases set cycle = next_cycle, revision = -1, status = 'new', stage = ${request.firstStage},
      alert_level = 0, assignee = null, next_due_at = null, closed_at = null, run_id = null, started_at = null,
      view = view || ${json(sql, newCycle(request))} || jsonb_build_object('cycle', next_cycle)
    from checked where case_number = ${caseNumber} and next_cycle is not null`;
}

/** What the case shows until the workflow of its next cycle has spoken. */
const newCycle = ({ firstStage, checkedAt }: Request<'checkEffect'>) => ({
  ...untilHeard(firstStage, checkedAt),
  completedAt: null,
});

/** A line on the timeline of every case that the report came from: the one that it was found in, those that would have opened it
 *  too, and all whose failure counted. */
export const noteOnSources = (sql: Sql, request: Request<'noteOnSources'>) => sql<SourceCase[]>`
  with report as (
    select plan->'source'->>'caseNumber' as found_in, plan->>'productModel' as product_model, fault_code,
      opened_at - ${request.windowMs} * interval '1 millisecond' as since
    from cases where case_number = ${request.caseNumber}
  ), source as (
    select case_number, serial_number, customer_number from cases join (
      select found_in as case_number from report union
      select e.case_number from case_events e
      where e.kind = 'caseLinked' and e.detail->>'caseNumber' = ${request.caseNumber} union
      select f.case_number from report r join failure_records f on f.product_model = r.product_model
        and f.fault_code = r.fault_code and f.failed_at > r.since
    ) named using (case_number) order by seq desc limit 200
  ), noted as (
    insert into case_events (event_key, case_number, kind, at, actor_id, actor_role, subject, detail)
    select ${`${request.effectKey}/`} || case_number, case_number, ${request.note}, ${request.at}, 'system:flow', 'system',
      ${request.caseNumber}, ${json(sql, request.detail)} from source
    on conflict (event_key) do nothing
  )
  select case_number as "caseNumber", coalesce(serial_number, '–') as "serialNumber", customer_number as "customerNumber"
  from source order by 1`;
