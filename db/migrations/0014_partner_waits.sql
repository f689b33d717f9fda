-- Calls to services under way when a workflow last told us, with since when: a partner that is down shows by them (N25).
alter table case_workflows add column partner_waits jsonb not null default '[]';
