/** Invented people, customers and machines: personal data of nobody. */
import type * as tables from '../../db/schema.ts';
import type { Role } from '../../domain/case.ts';

type Person = typeof tables.persons.$inferInsert;
const person = (
  id: string,
  name: string,
  phone: string | null,
  locale: Person['locale'] = 'zh-CN',
): Person => ({
  personId: id,
  name,
  phone,
  mail: null,
  address: null,
  locale,
});

export const territories = [
  { territory: 'north', titleEn: 'North', titleZh: '北区', timeZone: 'Asia/Shanghai' },
  { territory: 'south', titleEn: 'South', titleZh: '南区', timeZone: 'Asia/Shanghai' },
];

const everywhere = ['north', 'south'];
const members: [staffNumber: string, name: string, role: Role, territories: string[]][] = [
  ['ST-01', 'Chen Jing', 'hotline', everywhere],
  ['ST-02', 'Zhang Lei', 'engineer', everywhere],
  ['ST-03', 'Liu Yang', 'support', everywhere],
  ['ST-04', 'Huang Min', 'partsKeeper', everywhere],
  ['ST-05', 'Zhou Tao', 'supervisor', everywhere],
  ['ST-06', 'Wu Qiang', 'manager', everywhere],
  ['ST-07', 'Xu Li', 'quality', everywhere],
  ['ST-08', 'Sun Hua', 'auditor', everywhere],
  ['ST-09', 'Ma Chao', 'admin', everywhere],
  ['ST-10', 'Zhu Yan', 'supervisor', ['south']],
  ['ST-12', 'Hu Bin', 'engineer', ['north']],
  ['ST-13', 'Guo Rui', 'engineer', ['north']],
  ['ST-14', 'He Jie', 'engineer', ['south']],
  ['ST-15', 'Gao Feng', 'engineer', ['south']],
  ['ST-16', 'Lin Xin', 'engineer', ['north']],
  ['ST-17', 'Luo Kai', 'engineer', ['south']],
  ['ST-18', 'Somchai P.', 'engineer', ['south']],
  ['ST-31', 'Tang Wen', 'support', ['north']],
  ['ST-32', 'Feng Bo', 'support', ['north']],
  ['ST-33', 'Cai Lan', 'support', ['south']],
  ['ST-34', 'Deng Hao', 'support', ['south']],
];

/** The first of each role is the person of its demo token. */
export const staff = members.map<typeof tables.staff.$inferInsert>(
  ([staffNumber, , role, where]) => ({
    staffNumber,
    personId: `staff:${staffNumber}`,
    role,
    territories: where,
  }),
);

type Customer = typeof tables.customers.$inferInsert;
const callers: [
  customerNumber: string,
  name: string,
  phone: string,
  kind: Customer['kind'],
  territory: string,
  arrears: boolean,
  locale: Person['locale'],
][] = [
  ['CU-1001', 'Li Wei', '+86 139 0000 1001', 'enterprise', 'north', false, 'zh-CN'],
  ['CU-1002', 'Zhao Gang', '+86 139 0000 1002', 'enterprise', 'south', true, 'zh-CN'],
  ['CU-1003', 'Grace Miller', '+86 139 0000 1003', 'enterprise', 'north', false, 'en'],
  ['CU-1004', 'Tan Wei Ming', '+86 139 0000 1004', 'enterprise', 'south', false, 'en'],
  ['CU-1005', 'Yang Mei', '+86 139 0000 1005', 'individual', 'north', false, 'zh-CN'],
];

export const customers = callers.map<Customer>(
  ([customerNumber, , , kind, territory, arrears]) => ({
    customerNumber,
    kind,
    territory,
    arrears,
    personId: `customer:${customerNumber}`,
  }),
);

export const persons = [
  ...members.map(([number, name]) =>
    person(`staff:${number}`, name, null, number === 'ST-18' ? 'en' : 'zh-CN'),
  ),
  ...callers.map(([number, name, phone, , , , locale]) =>
    person(`customer:${number}`, name, phone, locale),
  ),
];
