create extension if not exists btree_gist;

create table providers (
  provider text primary key,
  title_en text not null,
  title_zh text not null
);

create table engineers (
  engineer_number text primary key,
  staff_number text not null unique references staff,
  provider text references providers,
  territory text not null references territories,
  skills text[] not null,
  certificates jsonb not null default '[]',
  time_zone text not null
);

-- Wall-clock hours in the engineer's zone; several rows a day for a lunch break. Weekday 1 is Monday.
create table engineer_shifts (
  engineer_number text not null references engineers,
  weekday integer not null check (weekday between 1 and 7),
  opens text not null check (opens ~ '^\d\d:\d\d$'),
  closes text not null check (closes ~ '^\d\d:\d\d$' and closes > opens),
  primary key (engineer_number, weekday, opens)
);

-- `barred` is the tombstone of a booking that was canceled before it landed (D3).
create table appointments (
  booking_key text primary key,
  request_hash text,
  case_number text,
  engineer_number text references engineers,
  period tstzrange,
  status text not null check (status in
    ('booked', 'barred', 'canceled', 'completed', 'partiallyCompleted', 'cannotComplete')),
  finished_at timestamptz,
  constraint appointment_whole check (status = 'barred'
    or (case_number is not null and engineer_number is not null and not isempty(period))),
  constraint one_visit_at_a_time exclude using gist (engineer_number with =, period with &&)
    where (status = 'booked')
);
create index appointments_case on appointments (case_number);
