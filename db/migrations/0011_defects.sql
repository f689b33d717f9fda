-- What failed, once per closed case and cycle with a confirmed product failure (FLOW-FRACAS).
create table failure_records (
  case_number text not null references cases,
  cycle integer not null check (cycle > 0),
  seq bigint generated always as identity unique,
  effect_key text not null unique,
  request_hash text not null,
  product_model text not null references product_models,
  serial_number text not null references assets,
  fault_code text not null references fault_codes,
  cause_code text,
  remedy_code text,
  -- When the customer reported it: a repair that ends after a corrective action may be of a failure before it.
  failed_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (case_number, cycle)
);
create index failure_records_fault on failure_records (product_model, fault_code, failed_at);
create trigger failure_records_append_only before update or delete on failure_records
  for each row execute function refuse_change();

-- What a report put in place, and which units have it: from then on its effect is watched.
create table corrective_actions (
  case_number text not null references cases,
  cycle integer not null check (cycle > 0),
  effect_key text not null unique,
  request_hash text not null,
  product_model text not null references product_models,
  fault_code text not null references fault_codes,
  action_code text not null,
  affected_models text[] not null,
  -- Null: every unit of the affected models.
  treated_serials text[],
  in_place_at timestamptz not null,
  check_at timestamptz not null check (check_at > in_place_at),
  primary key (case_number, cycle)
);
create index corrective_actions_fault on corrective_actions (product_model, fault_code);
create trigger corrective_actions_immutable before update or delete on corrective_actions
  for each row execute function refuse_change();

create table effect_checks (
  case_number text not null,
  cycle integer not null,
  effect_key text not null unique,
  request_hash text not null,
  treated_units integer not null,
  treated_failures integer not null,
  prior_units integer not null,
  prior_failures integer not null,
  at_most_percent integer not null,
  effective boolean not null,
  checked_at timestamptz not null,
  -- The cycle of the report that goes on, or the open report that has taken over; both null when it was effective.
  next_cycle integer,
  open_report text references cases,
  primary key (case_number, cycle),
  foreign key (case_number, cycle) references corrective_actions,
  constraint failed_check_goes_on check (effective = (next_cycle is null and open_report is null))
);
create trigger effect_checks_immutable before update or delete on effect_checks
  for each row execute function refuse_change();

-- What a case showed when its cycle ended: kept when the next one begins (N6).
alter table case_cycles add column closing_view jsonb;

create index case_events_linked on case_events ((detail->>'caseNumber')) where kind = 'caseLinked';
create index cases_defect_reports on cases (twin_key, closed_at) where flow = 'defectReport';
