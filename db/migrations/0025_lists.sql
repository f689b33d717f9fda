create extension if not exists pg_trgm;
CREATE INDEX "cases_alert_level" ON "cases" USING btree ("alert_level","seq" DESC NULLS FIRST);
CREATE INDEX "cases_assignee" ON "cases" USING btree ("assignee","seq" DESC NULLS FIRST);
CREATE INDEX "cases_searched" ON "cases" USING gin ((lower(case_number || ' ' || coalesce(serial_number, '') || ' ' || coalesce(customer_number, '') || ' ' || coalesce(fault_code, ''))) gin_trgm_ops);
CREATE INDEX "cases_severity" ON "cases" USING btree ("severity","seq" DESC NULLS FIRST);
CREATE INDEX "tasks_assignee" ON "tasks" USING btree ("assignee",coalesce(due_at, 'infinity'::timestamptz),"opened_at","case_number","task_id") WHERE closed_at is null;
CREATE INDEX "tasks_role" ON "tasks" USING btree ("role",coalesce(due_at, 'infinity'::timestamptz),"opened_at","case_number","task_id") WHERE closed_at is null;