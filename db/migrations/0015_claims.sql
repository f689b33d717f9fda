-- A claim that its case was canceled under stands no longer.
alter table warranty_claims
  add column withdrawn_at timestamptz,
  add column withdraw_reason text,
  add constraint withdrawal_has_reason check ((withdrawn_at is null) = (withdraw_reason is null));
