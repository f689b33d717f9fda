create table locations (
  location text primary key,
  kind text not null check (kind in ('fieldOffice', 'centralStore')),
  territory text references territories,
  title_en text not null,
  title_zh text not null
);

create table parts (
  part_number text primary key,
  title_en text not null,
  title_zh text not null,
  unit_price_minor integer not null check (unit_price_minor >= 0),
  currency text not null
);

create table part_kits (
  product_model text not null references product_models,
  fault_code text not null references fault_codes,
  part_number text not null references parts,
  quantity integer not null check (quantity > 0),
  primary key (product_model, fault_code, part_number)
);

-- Reserved stock is still on the shelf; stock on loan is not.
create table stock (
  location text not null references locations,
  part_number text not null references parts,
  on_hand integer not null default 0,
  reserved integer not null default 0,
  on_loan integer not null default 0,
  primary key (location, part_number),
  constraint stock_not_oversold check (reserved >= 0 and on_hand >= reserved and on_loan >= 0)
);

create table part_movements (
  seq bigint generated always as identity primary key,
  effect_key text not null,
  -- The reservation or the loan that it is about; null for goods that arrive.
  reference text,
  kind text not null check (kind in
    ('receive', 'reserve', 'release', 'issue', 'returnUnused', 'returnUsed', 'writeOff')),
  location text not null,
  part_number text not null,
  on_hand_delta integer not null default 0,
  reserved_delta integer not null default 0,
  on_loan_delta integer not null default 0,
  at timestamptz not null default clock_timestamp(),
  constraint part_movements_once unique (effect_key, kind, part_number, location)
);
create index part_movements_reference on part_movements (reference);
create index part_movements_stock on part_movements (location, part_number);
create trigger part_movements_append_only before update or delete on part_movements
  for each row execute function refuse_change();
create trigger part_movements_no_truncate before truncate on part_movements
  for each statement execute function refuse_change();

-- One row is the reservation, its first answer, and after a release the tombstone that bars a late reserve (D3).
-- The lines stand in the row: a statement that waited for it gets them from RETURNING, while another
-- table would still be read as it was before the wait.
create table part_reservations (
  reservation_key text primary key,
  request_hash text,
  case_number text,
  status text not null check (status in ('reserved', 'short', 'released', 'issued')),
  lines jsonb not null default '[]',
  shortages jsonb not null default '[]',
  at timestamptz not null default clock_timestamp()
);
create index part_reservations_open on part_reservations (case_number) where status = 'reserved';

create table part_loans (
  loan_number text primary key,
  seq bigint generated always as identity unique,
  case_number text not null,
  reservation_key text not null unique references part_reservations,
  borrower text not null,
  issued_at timestamptz not null,
  due_at timestamptz not null
);
create index part_loans_case on part_loans (case_number);

create table part_loan_lines (
  loan_number text not null references part_loans,
  part_number text not null references parts,
  location text not null references locations,
  issued integer not null check (issued > 0),
  used_with_core integer not null default 0 check (used_with_core >= 0),
  returned_unused integer not null default 0 check (returned_unused >= 0),
  written_off integer not null default 0 check (written_off >= 0),
  outstanding integer not null generated always as
    (issued - used_with_core - returned_unused - written_off) stored,
  primary key (loan_number, part_number),
  constraint loan_line_not_over_returned check (issued >= used_with_core + returned_unused + written_off)
);

create table part_returns (
  effect_key text not null,
  loan_number text not null,
  part_number text not null,
  used_with_core integer not null check (used_with_core >= 0),
  returned_unused integer not null check (returned_unused >= 0),
  slip_number text,
  at timestamptz not null default clock_timestamp(),
  primary key (effect_key, part_number),
  constraint return_of_a_loan_line foreign key (loan_number, part_number)
    references part_loan_lines (loan_number, part_number),
  constraint used_needs_slip check (used_with_core = 0 or slip_number is not null)
);

create table part_write_offs (
  effect_key text not null,
  loan_number text not null,
  part_number text not null,
  quantity integer not null check (quantity > 0),
  charge_to text not null check (charge_to in ('technician', 'customer', 'company')),
  reason text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (effect_key, part_number),
  constraint write_off_of_a_loan_line foreign key (loan_number, part_number)
    references part_loan_lines (loan_number, part_number)
);

create table faulty_parts (
  effect_key text not null,
  part_number text not null references parts,
  old_part_serial text not null,
  slip_number text not null,
  location text not null references locations,
  case_number text not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (effect_key, part_number, old_part_serial)
);
create index faulty_parts_case on faulty_parts (case_number);
