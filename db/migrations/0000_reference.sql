-- What we know before anybody calls. Personal data stands in `persons` and nowhere else.

-- Instants inside jsonb, in the form of the wire.
create function iso(at timestamptz) returns text language sql immutable strict as
  $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

create table persons (
  person_id text primary key,
  name text,
  phone text,
  mail text,
  address text,
  locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en'))
);

create table territories (
  territory text primary key,
  title_en text not null,
  title_zh text not null,
  time_zone text not null
);

create table customers (
  customer_number text primary key,
  kind text not null check (kind in ('enterprise', 'individual')),
  person_id text not null references persons,
  arrears boolean not null default false,
  territory text not null references territories
);

create table staff (
  staff_number text primary key,
  person_id text not null references persons,
  role text not null,
  territories text[] not null
);
create index staff_role on staff (role, staff_number);

create table product_models (
  product_model text primary key,
  product_class text not null,
  title_en text not null,
  title_zh text not null
);

create table warranty_terms (
  product_model text primary key references product_models,
  months integer not null check (months > 0),
  basis text not null check (basis in ('installed', 'purchased', 'manufactured'))
);

create table assets (
  serial_number text primary key,
  product_model text not null references product_models,
  customer_number text not null references customers,
  territory text not null references territories,
  installed_on date,
  purchased_on date,
  manufactured_on date
);
create index assets_customer on assets (customer_number);

create table service_contracts (
  contract_number text primary key,
  customer_number text not null references customers,
  serial_number text references assets,
  package text not null,
  starts_on date not null,
  ends_on date not null
);

create table skills (
  skill text primary key,
  certificate text
);

create table fault_codes (
  fault_code text primary key,
  title_en text not null,
  title_zh text not null,
  skill text references skills,
  product_class text not null
);

create table policies (
  name text not null,
  version integer not null check (version > 0),
  product_class text not null,
  body jsonb not null,
  primary key (name, version)
);

create table effects (
  effect_key text primary key,
  request_hash text not null,
  done_at timestamptz not null default clock_timestamp()
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger policies_immutable before update or delete on policies
  for each row execute function refuse_change();
