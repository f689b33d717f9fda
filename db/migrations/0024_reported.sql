ALTER TABLE "case_workflows" RENAME COLUMN "told_at" TO "reported_at";
DROP INDEX "case_events_plan";
DROP INDEX "case_workflows_unchecked";
CREATE INDEX "case_events_of_no_case" ON "case_events" USING btree ("subject","seq") WHERE case_number is null;
CREATE INDEX "case_workflows_unchecked" ON "case_workflows" USING btree ("reported_at") WHERE checked_revision is distinct from revision;