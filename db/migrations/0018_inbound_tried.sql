-- When the sweep last tried to settle it; null: never. Those that can't be settled now let others pass.
alter table inbound_messages add column tried_at timestamptz;
