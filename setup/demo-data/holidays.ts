/** Holidays of China. 2026 as the State Council announced them, days made up for among them; of 2027 those that stand in the law,
 *  until the year's announcement is imported over them. */
import type * as tables from '../../db/schema.ts';

type Holiday = typeof tables.holidays.$inferInsert;
type Day = [day: string, name: string, kind?: Holiday['kind']];

const from = (first: string, days: number, name: string): Day[] =>
  Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000);
    return [day.toISOString().slice(0, 10), name];
  });
const worked = (day: string, name: string): Day => [day, name, 'workday'];

const days: Day[] = [
  ...from('2026-01-01', 3, '元旦'),
  worked('2026-01-04', '元旦'),
  worked('2026-02-14', '春节'),
  ...from('2026-02-15', 9, '春节'),
  worked('2026-02-28', '春节'),
  ...from('2026-04-04', 3, '清明节'),
  ...from('2026-05-01', 5, '劳动节'),
  worked('2026-05-09', '劳动节'),
  ...from('2026-06-19', 3, '端午节'),
  worked('2026-09-20', '国庆节'),
  ...from('2026-09-25', 3, '中秋节'),
  ...from('2026-10-01', 7, '国庆节'),
  worked('2026-10-10', '国庆节'),
  ...from('2027-01-01', 1, '元旦'),
  ...from('2027-02-05', 4, '春节'),
  ...from('2027-04-05', 1, '清明节'),
  ...from('2027-05-01', 2, '劳动节'),
  ...from('2027-06-09', 1, '端午节'),
  ...from('2027-09-15', 1, '中秋节'),
  ...from('2027-10-01', 3, '国庆节'),
];

const territories = ['north', 'south'];
const version = 1;

export const holidayVersions = territories.map<typeof tables.holidayVersions.$inferInsert>(
  (territory) => ({
    territory,
    version,
    madeAt: '2026-01-01T00:00:00Z',
  }),
);

export const holidays = territories.flatMap((territory) =>
  days.map<Holiday>(([day, name, kind = 'holiday']) => ({
    territory,
    version,
    day,
    name,
    kind,
  })),
);
