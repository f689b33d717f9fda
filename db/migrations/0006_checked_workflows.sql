-- A step is written before the engine has it for certain: once a workflow has been quiet it is asked whether it stands where its rows do.
alter table case_workflows
  add column told_at timestamptz not null default clock_timestamp(),
  add column checked_revision integer;
create index case_workflows_unchecked on case_workflows (told_at) where checked_revision is distinct from revision;
