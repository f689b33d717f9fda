import type { PlanTerms } from '../../domain/inspection-plan.ts';

/** The school district's switches, on the first Monday of each month. */
const monthly: PlanTerms = {
  customerNumber: 'CU-1003',
  phase: 'middle',
  serialNumbers: null,
  calendar: {
    daysOfMonth: [1, 2, 3, 4, 5, 6, 7],
    weekdays: ['monday'],
    times: ['09:00'],
  },
  interval: null,
  timeZone: 'Asia/Shanghai',
  overlap: 'skip',
  catchUpWindow: 'P28D',
  dueWithin: 'P21D',
  severity: 'low',
};

/** Written without a Schedule: the sweeper makes it, as it does whenever one is missing. */
export const inspectionPlans = [{ key: 'demo/school-monthly', terms: monthly }];
