-- Money is whole minor units with a currency beside it.

create table tariffs (
  version integer primary key check (version > 0),
  published_on date not null,
  currency text not null,
  visit_minor integer not null check (visit_minor >= 0),
  labor_minute_minor integer not null check (labor_minute_minor >= 0)
);

create table tariff_parts (
  version integer not null references tariffs,
  part_number text not null references parts,
  unit_price_minor integer not null check (unit_price_minor >= 0),
  primary key (version, part_number)
);

-- A supervisor's decision on how a customer is served (FLOW-ARR), and the special record (FLOW-SPEC).
create table service_decisions (
  effect_key text primary key,
  request_hash text not null,
  case_number text not null references cases,
  kind text not null check (kind in ('arrears', 'specialUser')),
  decision text not null,
  asked_because text,
  reason text not null,
  by_id text not null,
  at timestamptz not null
);
create index service_decisions_case on service_decisions (case_number);

create table quotes (
  case_number text not null references cases,
  revision integer not null check (revision > 0),
  effect_key text not null unique,
  request_hash text not null,
  tariff_version integer not null references tariffs,
  currency text not null,
  lines jsonb not null,
  total_minor bigint not null check (total_minor >= 0),
  presented_at timestamptz not null,
  valid_until timestamptz not null,
  status text not null default 'presented'
    check (status in ('presented', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn')),
  settled_at timestamptz,
  primary key (case_number, revision)
);

-- Bumped by the statement that writes the invoice: a refused invoice takes the bump back, so numbers are dense (D6).
create table invoice_counter (
  only_row boolean primary key default true check (only_row),
  last integer not null
);
insert into invoice_counter (last) values (0);

create table invoices (
  number integer primary key,
  invoice_number text not null unique generated always as ('INV-' || lpad(number::text, 6, '0')) stored,
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null references cases,
  tariff_version integer not null references tariffs,
  quote_revision integer,
  currency text not null,
  lines jsonb not null,
  total_minor bigint not null check (total_minor > 0),
  issued_at timestamptz not null,
  voided_at timestamptz,
  void_reason text,
  constraint void_has_reason check ((voided_at is null) = (void_reason is null))
);
create index invoices_case on invoices (case_number);

-- What came in, and what went back as a negative amount with a reason.
create table payments (
  effect_key text primary key,
  request_hash text not null,
  case_number text not null references cases,
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  method text not null check (method in ('cash', 'card', 'transfer', 'mobile')),
  receipt_number text,
  settles_arrears boolean not null default false,
  refund_reason text,
  at timestamptz not null,
  constraint refund_has_reason check ((amount_minor < 0) = (refund_reason is not null))
);
create index payments_case on payments (case_number);

-- What the provider is paid by: special users count as in warranty (FLOW-SPEC, FLOW-SETTLE).
create sequence settlement_numbers as bigint;
create table provider_settlements (
  settlement_number text primary key default 'PS-' || nextval('settlement_numbers'),
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null references cases,
  engineer_number text not null references engineers,
  provider text references providers,
  basis text not null check (basis in ('inWarranty', 'outOfWarranty', 'contract')),
  labor_minutes integer not null,
  parts jsonb not null,
  at timestamptz not null default clock_timestamp()
);
create index provider_settlements_case on provider_settlements (case_number);

-- The customer's choice about each old part (FLOW-PF-OW).
create table old_part_choices (
  case_number text not null references cases,
  part_number text not null references parts,
  old_part_serial text not null,
  choice text not null check (choice in ('keep', 'handOver')),
  effect_key text not null,
  primary key (case_number, part_number, old_part_serial)
);

-- Parts sold: reserved at the quote, out of stock when handed out, back when they were not needed.
create table part_sales (
  reservation_key text primary key references part_reservations,
  effect_key text not null unique,
  case_number text not null,
  terms text not null check (terms in ('charged', 'contract', 'rework')),
  received_by text not null,
  issued_at timestamptz not null default clock_timestamp()
);
create index part_sales_case on part_sales (case_number);

create table part_sale_lines (
  reservation_key text not null references part_sales,
  part_number text not null references parts,
  location text not null references locations,
  issued integer not null check (issued > 0),
  returned integer not null default 0 check (returned >= 0),
  primary key (reservation_key, part_number),
  constraint sale_line_not_over_returned check (issued >= returned)
);

alter table part_movements drop constraint part_movements_kind_check;
alter table part_movements add constraint part_movements_kind_check check (kind in
  ('receive', 'reserve', 'release', 'issue', 'returnUnused', 'returnUsed', 'writeOff', 'sell', 'returnSold'));

-- An old part that a customer who paid hands over comes without a warranty slip; what becomes of it is said instead.
alter table faulty_parts alter column slip_number drop not null;
alter table faulty_parts add column disposal text check (disposal in ('recycle', 'scrap', 'analyze'));
alter table faulty_parts add constraint slip_or_disposal check (slip_number is not null or disposal is not null);

-- A generated column is not known yet when this looks: it is named among those that may differ.
create function refuse_other_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - tg_argv[0]::text[] = to_jsonb(old) - tg_argv[0]::text[] then return new; end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger invoices_immutable before update or delete on invoices
  for each row execute function refuse_other_change('{voided_at,void_reason,invoice_number}');
create trigger quotes_immutable before update or delete on quotes
  for each row execute function refuse_other_change('{status,settled_at}');
create trigger payments_append_only before update or delete on payments
  for each row execute function refuse_change();
create trigger tariffs_immutable before update or delete on tariffs
  for each row execute function refuse_change();
create trigger tariff_parts_immutable before update or delete on tariff_parts
  for each row execute function refuse_change();
