-- What makes two open cases of one flow the same one: a machine and its fault, a model and its fault, a plan's occurrence.
alter table cases add column twin_key text;
update cases set twin_key = serial_number || '/' || fault_code;
drop index cases_duplicate;
create unique index cases_duplicate on cases (flow, twin_key) where is_open and not allow_duplicate;

-- The board shows open cases by what is due next.
drop index cases_open_due;
create index cases_open_due on cases (coalesce(next_due_at, 'infinity'::timestamptz), seq) where is_open;
