create table answer_documents (
  document_id text primary key,
  case_number text not null references cases,
  task_id text not null,
  body jsonb not null,
  request_hash text not null,
  kept_at timestamptz not null default clock_timestamp()
);
create index answer_documents_case on answer_documents (case_number);

-- jsonb has one text form per value: that form is the canonical JSON the digest is taken of.
create function record_digest(body jsonb) returns text language sql immutable as
  $$ select encode(sha256(convert_to(body::text, 'UTF8')), 'hex') $$;

create table service_records (
  case_number text not null references cases,
  version integer not null check (version > 0),
  effect_key text not null unique,
  request_hash text not null,
  round integer not null,
  body jsonb not null,
  digest text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (case_number, version)
);

create table signatures (
  effect_key text primary key,
  request_hash text not null,
  case_number text not null,
  version integer not null,
  digest text not null,
  signed boolean not null,
  rating text,
  document_id text,
  by_id text not null,
  by_role text not null,
  at timestamptz not null,
  foreign key (case_number, version) references service_records (case_number, version)
);
create index signatures_record on signatures (case_number, version);

create sequence claim_numbers as bigint;
create table warranty_claims (
  claim_number text primary key default 'WC-' || nextval('claim_numbers'),
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null references cases,
  slip_number text not null,
  lines jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);

create sequence article_numbers as bigint;
create table knowledge_articles (
  article_number text primary key default 'KB-' || nextval('article_numbers'),
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null references cases,
  product_model text not null,
  fault_code text not null,
  cause_code text,
  remedy_code text,
  parts jsonb not null,
  documents text[] not null,
  created_at timestamptz not null default clock_timestamp()
);
create index knowledge_articles_fault on knowledge_articles (product_model, fault_code);

create table archives (
  archive_code text primary key,
  effect_key text not null unique,
  request_hash text not null,
  case_number text not null references cases,
  service_type text not null,
  closed_at timestamptz not null,
  retain_until timestamptz not null
);
create index archives_case on archives (case_number);

create trigger service_records_immutable before update or delete on service_records
  for each row execute function refuse_change();
create trigger signatures_immutable before update or delete on signatures
  for each row execute function refuse_change();
