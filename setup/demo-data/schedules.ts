import type { ScheduleTerms } from '../../domain/schedule.ts';

const customerNumber = 'CU-1003';
/** The school district's switches, on the first Monday of each month. */
const monthly: ScheduleTerms = {
  flow: 'scheduledInspection',
  request: { customerNumber, phase: 'middle', dueWithin: 'P21D', severity: 'low' },
  calendar: {
    daysOfMonth: [1, 2, 3, 4, 5, 6, 7],
    weekdays: ['monday'],
    times: ['09:00'],
  },
  interval: null,
  timeZone: 'Asia/Shanghai',
  overlap: 'skip',
  catchUpWindow: 'P28D',
};

/** Written without a Schedule: the sweeper makes it, as it does whenever one is missing. */
export const schedules = [{ key: 'demo/school-monthly', customerNumber, terms: monthly }];
