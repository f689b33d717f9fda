create sequence notification_numbers as bigint;

create table notifications (
  seq bigint primary key default nextval('notification_numbers'),
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null,
  sequence integer not null,
  template text not null,
  channel text not null check (channel in ('sms', 'mail', 'internal')),
  recipient jsonb not null,
  locale text not null,
  text text not null,
  status text not null check (status in ('queued', 'delivered', 'failed')),
  created_at timestamptz not null default clock_timestamp()
);
create index notifications_case on notifications (case_number, sequence);

create table notification_deliveries (
  delivery bigint generated always as identity primary key,
  seq bigint not null references notifications,
  attempt integer not null check (attempt > 0),
  at timestamptz not null default clock_timestamp(),
  result text not null check (result in ('delivered', 'failed')),
  detail text,
  unique (seq, attempt)
);
