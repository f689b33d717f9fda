/** Engineers with skills, certificates and weekly hours; those of the two providers work on call. */
import type * as tables from '../../db/schema.ts';

export const providers: (typeof tables.providers.$inferInsert)[] = [
  { provider: 'PV-ALPHA', titleEn: 'Alpha Service', titleZh: '阿尔法服务商' },
  { provider: 'PV-DELTA', titleEn: 'Delta Repair', titleZh: '德尔塔维修' },
];

interface Member {
  engineer: string;
  staff: string;
  territory: string;
  skills: string[];
  certificates: Record<string, string>;
  provider?: string;
  zone?: string;
}

const far = '2035-12-31';
const members: Member[] = [
  {
    engineer: 'EN-01',
    staff: 'ST-02',
    territory: 'north',
    skills: ['hydraulics', 'electrics'],
    certificates: { 'HYD-2': far, 'LV-1': far },
  },
  {
    engineer: 'EN-02',
    staff: 'ST-12',
    territory: 'north',
    skills: ['hydraulics'],
    certificates: { 'HYD-2': far },
  },
  {
    engineer: 'EN-03',
    staff: 'ST-13',
    territory: 'north',
    skills: ['network', 'television'],
    certificates: { 'NET-1': far },
  },
  {
    engineer: 'EN-04',
    staff: 'ST-14',
    territory: 'south',
    skills: ['hydraulics', 'storage'],
    certificates: { 'HYD-2': far, 'STO-1': far },
  },
  {
    engineer: 'EN-05',
    staff: 'ST-15',
    territory: 'south',
    skills: ['hydraulics', 'electrics'],
    certificates: { 'HYD-2': '2024-06-30', 'LV-1': far },
  },
  {
    engineer: 'EN-06',
    staff: 'ST-16',
    territory: 'north',
    skills: ['hydraulics', 'television'],
    certificates: { 'HYD-2': far },
    provider: 'PV-ALPHA',
  },
  {
    engineer: 'EN-07',
    staff: 'ST-17',
    territory: 'south',
    skills: ['network', 'storage', 'television'],
    certificates: { 'NET-1': far, 'STO-1': far },
    provider: 'PV-ALPHA',
  },
  {
    engineer: 'EN-08',
    staff: 'ST-18',
    territory: 'south',
    skills: ['hydraulics'],
    certificates: { 'HYD-2': far },
    provider: 'PV-DELTA',
    zone: 'Asia/Bangkok',
  },
];

export const engineers = members.map<typeof tables.engineers.$inferInsert>((one) => ({
  engineerNumber: one.engineer,
  staffNumber: one.staff,
  provider: one.provider ?? null,
  territory: one.territory,
  skills: one.skills,
  certificates: Object.entries(one.certificates).map(([code, validUntil]) => ({
    code,
    validUntil,
  })),
  timeZone: one.zone ?? 'Asia/Shanghai',
}));

const shifts = (one: Member): [weekdays: number[], opens: string, closes: string][] =>
  one.provider
    ? [[[1, 2, 3, 4, 5, 6, 7], '08:00', '20:00']]
    : [
        [[1, 2, 3, 4, 5, 6], '08:00', '12:00'],
        [[1, 2, 3, 4, 5, 6], '13:00', '18:00'],
      ];

export const engineerShifts = members.flatMap((one) =>
  shifts(one).flatMap(([weekdays, opens, closes]) =>
    weekdays.map<typeof tables.engineerShifts.$inferInsert>((weekday) => ({
      engineerNumber: one.engineer,
      weekday,
      opens,
      closes,
    })),
  ),
);
