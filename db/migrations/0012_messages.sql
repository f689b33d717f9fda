-- Messages that leave by a gateway, webhooks, messages that arrive, and the customer's status page.

-- What a gateway is told and what a sender's number is found by: digits with the country's, without an exit code.
create function phone_digits(phone text) returns text language sql immutable strict as
  $$ select regexp_replace(regexp_replace(phone, '\D', '', 'g'), '^00', '') $$;
create index persons_phone on persons (phone_digits(phone));
create index persons_mail on persons (lower(mail));

-- `queued` and `delivered` are the words of the build before; `kept`: no gateway is set up for it.
alter table notifications drop constraint notifications_status_check;
alter table notification_deliveries drop constraint notification_deliveries_result_check;
alter table notifications
  add constraint notifications_status_check
    check (status in ('queued', 'delivered', 'kept', 'pending', 'sent', 'failed', 'expired')),
  -- How often it was asked for under its key.
  add column asked integer not null default 1,
  -- Whose phone or mail address it goes to, as it is when it goes.
  add column person_id text references persons,
  -- The customer's link is added where it leaves: the outbox does not hold it.
  add column linked boolean not null default false,
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz not null default clock_timestamp(),
  add column leased_until timestamptz,
  add column expires_at timestamptz not null default clock_timestamp() + interval '24 hours';
alter table notification_deliveries
  -- `unknown`: whoever tried it fell silent, and it may have gone out.
  add constraint notification_deliveries_result_check
    check (result in ('delivered', 'kept', 'sent', 'failed', 'unknown'));
create index notifications_pending on notifications (channel, next_attempt_at, seq) where status = 'pending';
create index notifications_pending_case on notifications (case_number, seq) where status = 'pending';

create sequence webhook_numbers as bigint;
create table webhooks (
  webhook_number text primary key default 'WH-' || nextval('webhook_numbers'),
  url text not null,
  events text[] not null,
  -- Both sides sign and check with it, so it can't be kept as a hash.
  secret text not null,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  -- Tries in a row that failed; it is left alone until then.
  failures integer not null default 0,
  rests_until timestamptz not null default '-infinity'
);
create unique index webhooks_url on webhooks (url) where deleted_at is null;

create table webhook_messages (
  seq bigint generated always as identity primary key,
  webhook_number text not null references webhooks,
  event_seq bigint not null references case_events,
  event text not null,
  case_number text not null,
  -- What is signed, byte for byte.
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'sent', 'failed', 'expired')),
  created_at timestamptz not null default clock_timestamp(),
  -- Sent once more on demand: out of its order.
  redelivered boolean not null default false,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  expires_at timestamptz not null default clock_timestamp() + interval '72 hours',
  unique (webhook_number, event_seq)
);
create index webhook_messages_pending on webhook_messages (next_attempt_at, seq) where status = 'pending';
create index webhook_messages_pending_case on webhook_messages (webhook_number, case_number, seq)
  where status = 'pending';

create table webhook_attempts (
  seq bigint not null references webhook_messages,
  attempt integer not null check (attempt > 0),
  at timestamptz not null default clock_timestamp(),
  result text not null check (result in ('sent', 'failed', 'unknown')),
  detail text,
  primary key (seq, attempt)
);

-- The events that the outside may subscribe to, out of the timeline's; null for all others.
create function webhook_event_of(e case_events) returns text language sql immutable as $$
  select case
    when e.kind = 'alertRaised' then 'alert.raised'
    when e.workflow_id is distinct from e.case_number then null
    when e.kind = 'statusMoved' and e.subject = 'resolved' then 'case.resolved'
    else case e.kind
      when 'caseOpened' then 'case.opened'
      when 'caseReopened' then 'case.reopened'
      when 'stageEntered' then 'case.stageEntered'
      when 'caseHeld' then 'case.held'
      when 'caseResumed' then 'case.resumed'
      when 'caseClosed' then 'case.closed'
      when 'caseCanceled' then 'case.canceled'
      when 'caseRejected' then 'case.rejected'
    end
  end $$;

-- Numbers, codes and instants only: no person's name, no reason in words.
create function webhook_body_of(e case_events, event text, c cases) returns text language sql stable as $$
  select jsonb_build_object('type', event, 'timestamp', iso(e.at), 'data', jsonb_strip_nulls(jsonb_build_object(
    'caseNumber', e.case_number, 'flow', c.flow, 'cycle', e.cycle, 'severity', c.severity,
    'customerNumber', c.customer_number, 'serialNumber', c.serial_number, 'faultCode', c.fault_code,
    'stage', case when event = 'case.stageEntered' then e.subject end,
    'holdReason', case when event = 'case.held' then e.subject end,
    'outcome', case when event in ('case.closed', 'case.canceled', 'case.rejected') then e.subject end,
    'alertLevel', case when event = 'alert.raised' then e.detail->'level' end,
    'trigger', case when event = 'alert.raised' then e.detail->'trigger' end)))::text $$;

-- By the statement that writes the event: it is never told without its messages, nor twice.
create function fan_out_events() returns trigger language plpgsql as $$
begin
  if exists (select from webhooks where deleted_at is null) then
    insert into webhook_messages (webhook_number, event_seq, event, case_number, body)
    select webhook_number, (e).seq, event, (e).case_number, webhook_body_of(e, event, c)
    from (select row(told.*)::case_events as e from told) told
    cross join lateral (select webhook_event_of(e) as event) named
    join webhooks on deleted_at is null and event = any(events)
    join cases c on c.case_number = (e).case_number
    order by (e).seq, webhook_number;
  end if;
  return null;
end $$;
create trigger case_events_fan_out after insert on case_events
  referencing new table as told for each statement execute function fan_out_events();

create sequence inbound_numbers as bigint;
create table inbound_messages (
  seq bigint primary key default nextval('inbound_numbers'),
  channel text not null check (channel in ('sms', 'mail')),
  -- The gateway's: what it sends again has the same.
  message_id text not null,
  request_hash text not null,
  -- Digits of a phone, or a mail address in small letters.
  sender text not null,
  subject text,
  text text not null,
  received_at timestamptz not null default clock_timestamp(),
  case_number text,
  rating text check (rating in ('A', 'B', 'C', 'D')),
  -- `received`: not settled yet. `waiting`: a rating, until the callback is asked for.
  status text not null default 'received'
    check (status in ('received', 'rated', 'waiting', 'late', 'noted', 'prompted', 'unmatched')),
  settled_at timestamptz,
  unique (channel, message_id)
);
create index inbound_messages_sender on inbound_messages (channel, sender, received_at);
create index inbound_messages_case on inbound_messages (case_number, seq);
create index inbound_messages_unsettled on inbound_messages (seq) where status in ('received', 'waiting');

-- Only the hash of a link's token is kept: who reads this table opens no page.
create table status_links (
  token_hash text primary key,
  case_number text not null references cases,
  created_at timestamptz not null default clock_timestamp()
);

-- Asked for, accepted once per key, and how it went; `unknown` tries may have gone out a second time.
create view delivery_figures as
  select channel, sum(asked)::bigint as asked, count(*) as accepted, sum(asked - 1)::bigint as deduplicated,
    count(*) filter (where status in ('kept', 'delivered')) as kept, count(*) filter (where status = 'pending') as pending,
    count(*) filter (where status = 'sent') as sent, count(*) filter (where status = 'failed') as failed,
    count(*) filter (where status = 'expired') as expired, sum(attempts)::bigint as attempts,
    (select count(*) from notification_deliveries join notifications other using (seq)
      where result = 'unknown' and other.channel = notifications.channel) as unknown
  from notifications group by channel
  union all
  select 'webhook', count(*), count(*), 0, 0, count(*) filter (where status = 'pending'),
    count(*) filter (where status = 'sent'), count(*) filter (where status = 'failed'),
    count(*) filter (where status = 'expired'), coalesce(sum(attempts), 0)::bigint,
    (select count(*) from webhook_attempts where result = 'unknown')
  from webhook_messages having count(*) > 0;
