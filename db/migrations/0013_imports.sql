-- What was taken in from files. The next place is written by the import's own statement: of two at once one does
-- its work anew, on what the other left.
create table imports (
  import_number text primary key,
  place integer not null unique check (place > 0),
  kind text not null check (kind in ('customers', 'assets', 'parts', 'engineers', 'holidays')),
  scope text not null,
  idempotency_key text not null,
  request_hash text not null,
  file_hash text not null,
  rows integer not null,
  created integer not null,
  changed integer not null,
  imported_by jsonb not null,
  imported_at timestamptz not null,
  constraint imports_idempotency unique (scope, idempotency_key),
  constraint imports_add_up check (created >= 0 and changed >= 0 and created + changed <= rows)
);
create trigger imports_append_only before update or delete on imports
  for each row execute function refuse_change();
create trigger imports_no_truncate before truncate on imports
  for each statement execute function refuse_change();

-- Holidays by territory, versioned: a version says what it changed, and the latest word on a day up to a version holds.
create table holiday_versions (
  territory text not null references territories,
  version integer not null check (version > 0),
  -- Null: loaded with the demo data.
  import_number text references imports,
  made_at timestamptz not null default now(),
  primary key (territory, version)
);

create table holidays (
  territory text not null,
  day date not null,
  version integer not null,
  name text not null,
  -- A `workday` is worked although its weekday is not; `ordinary` takes an earlier word back.
  kind text not null check (kind in ('holiday', 'workday', 'ordinary')),
  primary key (territory, day, version),
  foreign key (territory, version) references holiday_versions
);
create trigger holiday_versions_immutable before update or delete on holiday_versions
  for each row execute function refuse_change();
create trigger holidays_immutable before update or delete on holidays
  for each row execute function refuse_change();
