-- Inspection plans become schedules of any flow: what a round was opened with moves from the terms into the request.
alter sequence inspection_plan_numbers rename to schedule_numbers;
alter function inspection_plan_number_of(bigint) rename to schedule_number_of;
create or replace function schedule_number_of(n bigint) returns text language sql immutable as
  $$ select 'SC-' || lpad(n::text, greatest(4, length(n::text)), '0') $$;

alter table inspection_plans rename to schedules;
alter table schedules rename column plan_number to schedule_number;
alter table schedules rename constraint inspection_plans_pkey to schedules_pkey;
alter table schedules rename constraint inspection_plans_idempotency to schedules_idempotency;
alter table schedules rename constraint inspection_plans_customer_number_fkey to schedules_customer_number_fkey;
alter table schedules rename constraint inspection_plans_status_check to schedules_status_check;
alter table schedules rename constraint inspection_plans_version_check to schedules_version_check;
alter table schedules rename constraint inspection_plans_check to schedules_check;
alter table schedules drop constraint inspection_plans_plan_number_check;
-- What was an inspection plan keeps its number.
alter table schedules add constraint schedules_schedule_number_check check (schedule_number ~ '^(SC|IP)-\d{4,}$');
alter index inspection_plans_unsynced rename to schedules_unsynced;
alter index inspection_plans_customer rename to schedules_customer;

alter table schedules alter customer_number drop not null;
alter table schedules add column flow text;
alter table schedules add column request jsonb;
-- Their Schedules in the engine start a workflow of another name: the sweeper makes them follow anew.
update schedules set flow = 'scheduledInspection', synced_version = case status when 'archived' then synced_version else 0 end,
  request = jsonb_strip_nulls(jsonb_build_object('customerNumber', customer_number, 'phase', terms->'phase',
    'serialNumbers', terms->'serialNumbers', 'dueWithin', terms->'dueWithin', 'severity', terms->'severity')),
  terms = terms - '{customerNumber,phase,serialNumbers,dueWithin,severity}'::text[];
alter table schedules alter flow set not null;
alter table schedules alter request set not null;

alter table inspection_occurrences rename to schedule_occurrences;
alter table schedule_occurrences rename column plan_number to schedule_number;
alter table schedule_occurrences rename constraint inspection_occurrences_pkey to schedule_occurrences_pkey;
alter table schedule_occurrences rename constraint inspection_occurrences_plan_number_fkey to schedule_occurrences_schedule_number_fkey;
alter table schedule_occurrences rename constraint inspection_occurrences_case_number_fkey to schedule_occurrences_case_number_fkey;
alter table schedule_occurrences rename constraint inspection_occurrences_result_check to schedule_occurrences_result_check;
alter index inspection_occurrences_case rename to schedule_occurrences_case;
alter index inspection_occurrences_buffered rename to schedule_occurrences_buffered;

-- Cases that they opened: under the scope in which the key is looked for, and with the name that the number has now.
update cases set scope = 'schedules' where scope = 'plans';
update cases set plan = jsonb_set(plan, '{occurrence}', (plan->'occurrence') - 'planNumber'
    || jsonb_build_object('scheduleNumber', plan->'occurrence'->'planNumber'))
where plan->'occurrence'->'planNumber' is not null;
