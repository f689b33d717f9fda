-- What nobody's case was found for is settled by a person, once.
alter table inbound_messages drop constraint inbound_messages_status_check;
alter table inbound_messages
  add constraint inbound_messages_status_check check (status in
    ('received', 'rated', 'waiting', 'late', 'noted', 'prompted', 'unmatched', 'assigned', 'dismissed')),
  add column settled_by text,
  add column settled_role text,
  add column settle_reason text,
  add constraint settled_by_somebody check ((status in ('assigned', 'dismissed')) = (settled_by is not null)
    and (settled_by is null) = (settled_role is null)),
  add constraint assigned_to_a_case check (status <> 'assigned' or case_number is not null),
  add constraint dismissal_has_reason check ((status = 'dismissed') = (settle_reason is not null));
create index inbound_messages_open on inbound_messages (seq) where status in ('received', 'unmatched');

-- Loans of ours and of a partner are listed in one order, which both know.
create index part_loans_issued on part_loans (issued_at, seq);

-- What a partner's stock issued to the case that is billed; null: the stock is ours.
alter table invoices add column drawn jsonb;
