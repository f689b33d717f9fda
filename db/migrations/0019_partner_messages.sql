-- What a partner was asked to send, as it was rendered first: each retry under the key sends the same, whatever changed meanwhile.
create table partner_messages (
  effect_key text primary key,
  request_hash text not null,
  message jsonb not null,
  -- The customer's link is added where it leaves: it is not held here.
  linked boolean not null,
  created_at timestamptz not null default clock_timestamp()
);
