/** Invented people, customers and machines: personal data of nobody. */

const person = (id: string, name: string, phone: string | null, locale = 'zh-CN') => ({
  person_id: id,
  name,
  phone,
  mail: null as string | null,
  address: null as string | null,
  locale,
});

export const territories = [
  { territory: 'north', title_en: 'North', title_zh: '北区', time_zone: 'Asia/Shanghai' },
  { territory: 'south', title_en: 'South', title_zh: '南区', time_zone: 'Asia/Shanghai' },
];

const everywhere = ['north', 'south'];
const members: [staffNumber: string, name: string, role: string, territories: string[]][] = [
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
export const staff = members.map(([staff_number, , role, where]) => ({
  staff_number,
  person_id: `staff:${staff_number}`,
  role,
  territories: where,
}));

const callers: [
  customerNumber: string,
  name: string,
  phone: string,
  kind: string,
  territory: string,
  arrears: boolean,
  locale: string,
][] = [
  ['CU-1001', 'Li Wei', '+86 139 0000 1001', 'enterprise', 'north', false, 'zh-CN'],
  ['CU-1002', 'Zhao Gang', '+86 139 0000 1002', 'enterprise', 'south', true, 'zh-CN'],
  ['CU-1003', 'Grace Miller', '+86 139 0000 1003', 'enterprise', 'north', false, 'en'],
  ['CU-1004', 'Tan Wei Ming', '+86 139 0000 1004', 'enterprise', 'south', false, 'en'],
  ['CU-1005', 'Yang Mei', '+86 139 0000 1005', 'individual', 'north', false, 'zh-CN'],
];

export const customers = callers.map(([customer_number, , , kind, territory, arrears]) => ({
  customer_number,
  kind,
  territory,
  arrears,
  person_id: `customer:${customer_number}`,
}));

export const persons = [
  ...members.map(([number, name]) =>
    person(`staff:${number}`, name, null, number === 'ST-18' ? 'en' : 'zh-CN'),
  ),
  ...callers.map(([number, name, phone, , , , locale]) =>
    person(`customer:${number}`, name, phone, locale),
  ),
];
