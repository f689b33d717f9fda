create sequence inspection_plan_numbers as bigint;

create function inspection_plan_number_of(n bigint) returns text language sql immutable as
  $$ select 'IP-' || lpad(n::text, greatest(4, length(n::text)), '0') $$;

-- A plan is this row; its Schedule in the engine is made to follow it, and `synced_version` says how far it has.
create table inspection_plans (
  plan_number text primary key check (plan_number ~ '^IP-\d{4,}$'),
  scope text not null,
  idempotency_key text not null,
  body_hash text not null,
  customer_number text not null references customers,
  terms jsonb not null,
  status text not null default 'active' check (status in ('active', 'paused', 'archived')),
  reason text,
  version integer not null default 1 check (version > 0),
  synced_version integer not null default 0 check (synced_version <= version),
  created_by jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint inspection_plans_idempotency unique (scope, idempotency_key)
);
create index inspection_plans_unsynced on inspection_plans (changed_at) where synced_version < version;
create index inspection_plans_customer on inspection_plans (customer_number);

-- A plan's lines in the audit log, which are about no case.
create index case_events_plan on case_events (subject, seq) where case_number is null;

-- What became of each nominal time, once and for ever (N22). `buffered` waits for the plan's open round to end.
create table inspection_occurrences (
  plan_number text not null references inspection_plans,
  nominal_at timestamptz not null,
  result text not null check (result in ('opened', 'skipped', 'buffered', 'refused')),
  -- The round that was opened, or the open one that it was left out for.
  case_number text references cases,
  detail text,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (plan_number, nominal_at),
  constraint opened_has_a_case check (result <> 'opened' or case_number is not null)
);
create unique index inspection_occurrences_case on inspection_occurrences (case_number) where result = 'opened';
create unique index inspection_occurrences_buffered on inspection_occurrences (plan_number) where result = 'buffered';
