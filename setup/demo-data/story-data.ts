/** What `npm run demo` plays with: machines of two classes for which an hour lasts 30 seconds, with their faults and an engineer. */
import type { PolicyBody } from '../../domain/policy.ts';
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
const inShortHours = (productClass: PolicyBody['productClass'], name: string) =>
  policies
    .filter(({ product_class }) => product_class === productClass)
    .map(({ version, body }) => ({ name, version, product_class: name, body: shortened(body) }));

const storyPolicies = [
  ...inShortHours('itProduct', 'demoItProduct'),
  ...inShortHours('homeAppliance', 'demoHomeAppliance'),
];

const model = (
  product_model: string,
  product_class: string,
  title_en: string,
  title_zh: string,
) => ({
  product_model,
  product_class,
  title_en,
  title_zh,
});

const storyModels = [
  model('SRV-ST48', 'demoItProduct', 'Storage array of a data centre', '数据中心存储阵列'),
  model('NET-GW12', 'demoItProduct', 'Access gateway', '接入网关'),
  model('AC35', 'demoHomeAppliance', 'Air conditioner, 3.5 kW', '1.5 匹空调'),
];

const storyWarranties = storyModels.map(({ product_model }) => ({
  product_model,
  months: 72,
  basis: 'purchased',
}));

export const storyAssets = [
  machine('SRV-DC-0601', 'SRV-ST48', 'CU-1004', 'south', 14),
  machine('NET-GW-0801', 'NET-GW12', 'CU-1003', 'north', 9),
  machine('AC35-302819', 'AC35', 'CU-1006', 'south', 26),
];

const storySkills = [{ skill: 'airConditioning', certificate: null }];

const fault = (
  fault_code: string,
  product_class: string,
  skill: string,
  title_en: string,
  title_zh: string,
) => ({ fault_code, product_class, skill, title_en, title_zh });

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

const someone = (person_id: string, name: string, phone: string | null) => ({
  person_id,
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
const storyCustomers = [
  {
    customer_number: 'CU-1006',
    kind: 'individual',
    territory: 'south',
    arrears: false,
    person_id: 'customer:CU-1006',
  },
];
const storyStaff = [
  { staff_number: 'ST-19', person_id: 'staff:ST-19', role: 'engineer', territories: ['south'] },
];
const storyEngineers = [
  {
    engineer_number: 'EN-19',
    staff_number: 'ST-19',
    provider: 'PV-DELTA',
    territory: 'south',
    skills: ['airConditioning'],
    certificates: [],
    time_zone: 'Asia/Shanghai',
  },
];
const storyShifts = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  engineer_number: 'EN-19',
  weekday,
  opens: '08:00',
  closes: '20:00',
}));

/** Rows of the reference tables, in the order in which they need each other. */
export const storyReference: [table: string, rows: Record<string, unknown>[]][] = [
  ['persons', storyPersons],
  ['customers', storyCustomers],
  ['staff', storyStaff],
  ['product_models', storyModels],
  ['warranty_terms', storyWarranties],
  ['skills', storySkills],
  ['fault_codes', storyFaultCodes],
  ['policies', storyPolicies],
  ['engineers', storyEngineers],
  ['engineer_shifts', storyShifts],
];
