/** Machines with their age in months when the data is loaded, so that `in warranty` stays true for a newcomer. */

export const productModels = [
  {
    product_model: 'ZE230E',
    product_class: 'heavyEquipment',
    title_en: 'Excavator, 23 t',
    title_zh: '23 吨挖掘机',
  },
  {
    product_model: 'QY25V',
    product_class: 'heavyEquipment',
    title_en: 'Truck crane, 25 t',
    title_zh: '25 吨汽车起重机',
  },
  {
    product_model: 'ZE60E',
    product_class: 'heavyEquipment',
    title_en: 'Mini excavator, 6 t',
    title_zh: '6 吨小型挖掘机',
  },
  {
    product_model: 'NET-SW48',
    product_class: 'itProduct',
    title_en: 'School network switch',
    title_zh: '校园网交换机',
  },
  {
    product_model: 'SRV-ST24',
    product_class: 'itProduct',
    title_en: 'Storage server',
    title_zh: '存储服务器',
  },
  {
    product_model: 'TV55',
    product_class: 'homeAppliance',
    title_en: 'Television, 55 inch',
    title_zh: '55 英寸电视机',
  },
];

export const warrantyTerms = [
  { product_model: 'ZE230E', months: 24, basis: 'installed' },
  { product_model: 'QY25V', months: 24, basis: 'installed' },
  { product_model: 'ZE60E', months: 12, basis: 'installed' },
  { product_model: 'NET-SW48', months: 36, basis: 'purchased' },
  { product_model: 'SRV-ST24', months: 36, basis: 'manufactured' },
  { product_model: 'TV55', months: 36, basis: 'purchased' },
];

export const machine = (
  serial_number: string,
  product_model: string,
  customer_number: string,
  territory: string,
  monthsOld: number,
) => ({ serial_number, product_model, customer_number, territory, monthsOld });

export const assets = [
  machine('ZE230E-000117', 'ZE230E', 'CU-1001', 'north', 8),
  machine('QY25V-000042', 'QY25V', 'CU-1001', 'north', 40),
  machine('ZE60E-000009', 'ZE60E', 'CU-1002', 'south', 30),
  ...Array.from({ length: 12 }, (_, index) =>
    machine(`NET-SCH-${String(index + 1).padStart(4, '0')}`, 'NET-SW48', 'CU-1003', 'north', 20),
  ),
  machine('SRV-DC-0001', 'SRV-ST24', 'CU-1004', 'south', 44),
  machine('SRV-DC-0002', 'SRV-ST24', 'CU-1004', 'south', 9),
  machine('TV55-880001', 'TV55', 'CU-1005', 'north', 5),
];

/** Contracts run a year past the day on which the data is loaded. */
export const serviceContracts = [
  {
    contract_number: 'SC-2001',
    customer_number: 'CU-1004',
    serial_number: 'SRV-DC-0001',
    package: 'gold',
  },
];

export const skills = [
  { skill: 'hydraulics', certificate: 'HYD-2' },
  { skill: 'electrics', certificate: 'LV-1' },
  { skill: 'network', certificate: 'NET-1' },
  { skill: 'storage', certificate: 'STO-1' },
  { skill: 'television', certificate: null },
];

const fault = (
  fault_code: string,
  product_class: string,
  skill: string | null,
  title_en: string,
  title_zh: string,
) => ({ fault_code, product_class, skill, title_en, title_zh });

export const faultCodes = [
  fault(
    'HYD-PUMP-LOSS',
    'heavyEquipment',
    'hydraulics',
    'Hydraulic pump loses pressure',
    '液压泵失压',
  ),
  fault('HYD-HOSE-LEAK', 'heavyEquipment', 'hydraulics', 'Hydraulic hose leaks', '液压软管漏油'),
  fault('SLEW-MOTOR-NOISE', 'heavyEquipment', 'hydraulics', 'Slewing motor noisy', '回转马达异响'),
  fault('ELC-START-FAIL', 'heavyEquipment', 'electrics', 'Engine does not start', '发动机无法启动'),
  fault('CRN-WINCH-SLIP', 'heavyEquipment', 'hydraulics', 'Winch slips under load', '卷扬机打滑'),
  fault('NET-NO-LINK', 'itProduct', 'network', 'No link on any port', '端口无连接'),
  fault('NET-PSU-HUM', 'itProduct', 'network', 'Power supply hums, then fails', '电源异响后失效'),
  fault('NET-PSU-DROP', 'itProduct', 'network', 'Power supply drops out', '电源间歇掉电'),
  fault('NET-PORT-DEAD', 'itProduct', 'network', 'A port is dead', '端口损坏'),
  fault('NET-FAN-STOPS', 'itProduct', 'network', 'Fan stops', '风扇停转'),
  fault('SRV-DISK-FAIL', 'itProduct', 'storage', 'Disk failed', '磁盘故障'),
  fault('SRV-ARRAY-LOST', 'itProduct', 'storage', 'Storage array down', '存储阵列宕机'),
  fault('SRV-NODE-HANG', 'itProduct', 'storage', 'Node hangs', '节点宕机'),
  fault('TV-NO-PICTURE', 'homeAppliance', 'television', 'Sound but no picture', '有声无图'),
  fault('TV-PANEL-LINES', 'homeAppliance', 'television', 'Lines on the panel', '屏幕亮线'),
  fault('GEN-OTHER', 'heavyEquipment', null, 'Other fault', '其他故障'),
];
