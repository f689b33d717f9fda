/** The product owner of a defect: the quality desk until somebody is named; reminded while a step waits (FLOW-DEF, FLOW-ALERT). */
import { later } from '../../domain/clock.ts';
import type { DefectReportPlan } from '../../domain/flows/defect-report/plan.ts';
import type { Recipient } from '../../domain/message.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { AskOptions } from '../kernel/ask.ts';

type DefectCase = CaseFile<never, DefectReportPlan>;

export const staff = (staffNumber: string): Recipient => ({ kind: 'staff', staffNumber });
export const roleOf = ({ territory }: DefectReportPlan, role: string): Recipient => ({
  kind: 'role',
  role,
  territory,
});
export const qualityDesk = (plan: DefectReportPlan) => roleOf(plan, 'quality');

/** Reminders of an open step, counted from when it began; with the last one an alert is raised. */
export const reminding = (
  { plan, tell, raiseAlert }: DefectCase,
  step: string,
  whom: Recipient,
  since: string,
): AskOptions => ({
  reminders: plan.ownerRemindersMs.map((ms, index, { length }) => ({
    at: later(since, ms),
    say: () => {
      tell('defectReminder', whom, { step, since });
      if (index === length - 1) raiseAlert(1, 'no answer after the last reminder');
    },
  })),
});

/** A step of the owner that was named. */
export const ofOwner = (
  file: DefectCase,
  step: string,
  owner: string,
  since: string,
): AskOptions => ({ ...reminding(file, step, staff(owner), since), assignee: owner });
