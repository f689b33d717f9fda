/** What `npm run demo` plays with: machines of two classes for which an hour lasts 30 seconds, with their faults and an engineer. */
import * as tables from '../../db/schema.ts';
import type { PolicyBody } from '../../domain/policy.ts';
import { insertOf } from './insert.ts';
import { machine } from './machines.ts';
import { policies } from './policies.ts';

const shortenedBy = 120;
const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Every duration in it, shortened to whole seconds, at least one; how long records are kept stays. */
function shortened<T>(value: T, key = ''): T {
  if (typeof value === 'string' && key !== 'retention') return shorter(value) as T;
  if (Array.isArray(value)) return value.map((item) => shortened(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, shortened(one, name)]);
  return Object.fromEntries(entries) as T;
}

function shorter(text: string): string {
  const found = duration.exec(text);
  if (!found) return text;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  return `PT${total === 0 ? 0 : Math.max(1, Math.round(total / shortenedBy))}S`;
}

/** The policies of the classes that they are named after, in a hurry. */
const inShortHours = (like: PolicyBody['productClass'], name: string) =>
  policies
    .filter(({ productClass }) => productClass === like)
    .map(({ version, body }) => ({ name, version, productClass: name, body: shortened(body) }));

const storyPolicies = [
  ...inShortHours('itProduct', 'demoItProduct'),
  ...inShortHours('homeAppliance', 'demoHomeAppliance'),
];

const model = (
  productModel: string,
  productClass: string,
  titleEn: string,
  titleZh: string,
): typeof tables.productModels.$inferInsert => ({
  productModel,
  productClass,
  titleEn,
  titleZh,
});

const storyModels = [
  model('SRV-ST48', 'demoItProduct', 'Storage array of a data centre', '数据中心存储阵列'),
  model('NET-GW12', 'demoItProduct', 'Access gateway', '接入网关'),
  model('AC35', 'demoHomeAppliance', 'Air conditioner, 3.5 kW', '1.5 匹空调'),
];

const storyWarranties = storyModels.map<typeof tables.warrantyTerms.$inferInsert>(
  ({ productModel }) => ({
    productModel,
    months: 72,
    basis: 'purchased',
  }),
);

export const storyAssets = [
  machine('SRV-DC-0601', 'SRV-ST48', 'CU-1004', 'south', 14),
  machine('NET-GW-0801', 'NET-GW12', 'CU-1003', 'north', 9),
  machine('AC35-302819', 'AC35', 'CU-1006', 'south', 26),
];

const storySkills: (typeof tables.skills.$inferInsert)[] = [
  { skill: 'airConditioning', certificate: null },
];

const fault = (
  faultCode: string,
  productClass: string,
  skill: string,
  titleEn: string,
  titleZh: string,
): typeof tables.faultCodes.$inferInsert => ({ faultCode, productClass, skill, titleEn, titleZh });

const storyFaultCodes = [
  fault('SRV-SYSTEM-DOWN', 'demoItProduct', 'storage', 'The whole system is down', '系统宕机'),
  fault(
    'NET-ACCESS-BLOCKED',
    'demoItProduct',
    'network',
    'Services can’t be reached',
    '服务无法访问',
  ),
  fault('AC-NO-COOLING', 'demoHomeAppliance', 'airConditioning', 'Does not cool', '不制冷'),
];

const someone = (
  personId: string,
  name: string,
  phone: string | null,
): typeof tables.persons.$inferInsert => ({
  personId,
  name,
  phone,
  mail: null,
  address: null,
  locale: 'zh-CN',
});

const storyPersons = [
  someone('customer:CU-1006', 'He Xiaoyan', '+86 139 0000 1006'),
  someone('staff:ST-19', 'Tang Rui', null),
];
const storyCustomers: (typeof tables.customers.$inferInsert)[] = [
  {
    customerNumber: 'CU-1006',
    kind: 'individual',
    territory: 'south',
    arrears: false,
    personId: 'customer:CU-1006',
  },
];
const storyStaff: (typeof tables.staff.$inferInsert)[] = [
  { staffNumber: 'ST-19', personId: 'staff:ST-19', role: 'engineer', territories: ['south'] },
];
const storyEngineers: (typeof tables.engineers.$inferInsert)[] = [
  {
    engineerNumber: 'EN-19',
    staffNumber: 'ST-19',
    provider: 'PV-DELTA',
    territory: 'south',
    skills: ['airConditioning'],
    certificates: [],
    timeZone: 'Asia/Shanghai',
  },
];
const storyShifts = [1, 2, 3, 4, 5, 6, 7].map<typeof tables.engineerShifts.$inferInsert>(
  (weekday) => ({
    engineerNumber: 'EN-19',
    weekday,
    opens: '08:00',
    closes: '20:00',
  }),
);

/** Fills the reference tables, in the order in which they need each other. */
export const storyReference = [
  insertOf(tables.persons, storyPersons),
  insertOf(tables.customers, storyCustomers),
  insertOf(tables.staff, storyStaff),
  insertOf(tables.productModels, storyModels),
  insertOf(tables.warrantyTerms, storyWarranties),
  insertOf(tables.skills, storySkills),
  insertOf(tables.faultCodes, storyFaultCodes),
  insertOf(tables.policies, storyPolicies),
  insertOf(tables.engineers, storyEngineers),
  insertOf(tables.engineerShifts, storyShifts),
];
