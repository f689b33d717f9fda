create sequence case_numbers as bigint;

-- `lpad` alone would cut the millionth case's number short.
create function case_number_of(n bigint) returns text language sql immutable as
  $$ select 'C-' || lpad(n::text, greatest(6, length(n::text)), '0') $$;

create table cases (
  case_number text primary key check (case_number ~ '^C-\d{6,}$'),
  seq bigint not null unique,
  scope text not null,
  idempotency_key text not null,
  body_hash text not null,
  flow text not null,
  plan jsonb not null,
  view jsonb not null,
  cycle integer not null default 1,
  revision integer not null default -1,
  status text not null default 'new',
  stage text not null default '',
  severity text not null,
  alert_level integer not null default 0 check (alert_level between 0 and 3),
  assignee text,
  next_due_at timestamptz,
  closed_at timestamptz,
  customer_number text references customers,
  serial_number text references assets,
  fault_code text references fault_codes,
  fault_text text,
  contact_id text references persons,
  allow_duplicate boolean not null default false,
  duplicate_reason text,
  opened_by jsonb not null,
  opened_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  run_id text,
  started_at timestamptz,
  is_open boolean not null generated always as (status not in ('closed', 'rejected', 'canceled')) stored,
  constraint cases_idempotency unique (scope, idempotency_key)
);
create unique index cases_duplicate on cases (flow, serial_number, fault_code)
  where is_open and not allow_duplicate;
create index cases_pending on cases (seq) where started_at is null;
create index cases_serial on cases (serial_number, seq desc);
create index cases_customer on cases (customer_number, seq desc);
create index cases_status on cases (status, seq desc);
create index cases_open_due on cases (next_due_at) where is_open;

create table case_cycles (
  case_number text not null references cases,
  cycle integer not null check (cycle > 0),
  first_execution_run_id text not null,
  claimed_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (case_number, cycle)
);

-- How far each workflow of a case has told us; `runs` in the order in which they first spoke.
create table case_workflows (
  workflow_id text primary key,
  case_number text not null references cases,
  cycle integer not null,
  revision integer not null,
  runs text[] not null
);
create index case_workflows_case on case_workflows (case_number);

-- A task stays when it is no longer open, so that a late answer is told 409 and not 404.
create table tasks (
  case_number text not null references cases,
  task_id text not null,
  workflow_id text not null,
  name text not null,
  role text not null,
  assignee text,
  stage text not null,
  context jsonb not null,
  opened_at timestamptz not null,
  due_at timestamptz,
  closed_at timestamptz,
  primary key (case_number, task_id)
);
create index tasks_open on tasks
  (coalesce(due_at, 'infinity'::timestamptz), opened_at, case_number, task_id) where closed_at is null;
create index tasks_workflow on tasks (workflow_id) where closed_at is null;

create table case_events (
  seq bigint generated always as identity primary key,
  event_key text not null unique,
  case_number text,
  workflow_id text,
  run_id text,
  cycle integer,
  kind text not null,
  at timestamptz not null,
  actor_id text not null,
  actor_role text not null,
  reason text,
  subject text,
  update_id text,
  detail jsonb not null default '{}',
  -- One moment for the whole statement: what it wrote together reads as one.
  recorded_at timestamptz not null default now()
);
create index case_events_case on case_events (case_number, seq);
create trigger case_events_append_only before update or delete on case_events
  for each row execute function refuse_change();
create trigger case_events_no_truncate before truncate on case_events
  for each statement execute function refuse_change();

create table requests (
  scope text not null,
  key text not null,
  body_hash text not null,
  actor_id text not null,
  claimed_at timestamptz not null default clock_timestamp(),
  primary key (scope, key)
);
