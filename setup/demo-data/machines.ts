/** Machines with their age in months when the data is loaded, so that `in warranty` stays true for a newcomer. */
import type * as tables from '../../db/schema.ts';

export const productModels: (typeof tables.productModels.$inferInsert)[] = [
  {
    productModel: 'ZE230E',
    productClass: 'heavyEquipment',
    titleEn: 'Excavator, 23 t',
    titleZh: '23 吨挖掘机',
  },
  {
    productModel: 'QY25V',
    productClass: 'heavyEquipment',
    titleEn: 'Truck crane, 25 t',
    titleZh: '25 吨汽车起重机',
  },
  {
    productModel: 'ZE60E',
    productClass: 'heavyEquipment',
    titleEn: 'Mini excavator, 6 t',
    titleZh: '6 吨小型挖掘机',
  },
  {
    productModel: 'NET-SW48',
    productClass: 'itProduct',
    titleEn: 'School network switch',
    titleZh: '校园网交换机',
  },
  {
    productModel: 'SRV-ST24',
    productClass: 'itProduct',
    titleEn: 'Storage server',
    titleZh: '存储服务器',
  },
  {
    productModel: 'TV55',
    productClass: 'homeAppliance',
    titleEn: 'Television, 55 inch',
    titleZh: '55 英寸电视机',
  },
];

export const warrantyTerms: (typeof tables.warrantyTerms.$inferInsert)[] = [
  { productModel: 'ZE230E', months: 24, basis: 'installed' },
  { productModel: 'QY25V', months: 24, basis: 'installed' },
  { productModel: 'ZE60E', months: 12, basis: 'installed' },
  { productModel: 'NET-SW48', months: 36, basis: 'purchased' },
  { productModel: 'SRV-ST24', months: 36, basis: 'manufactured' },
  { productModel: 'TV55', months: 36, basis: 'purchased' },
];

export const machine = (
  serialNumber: string,
  productModel: string,
  customerNumber: string,
  territory: string,
  monthsOld: number,
) => ({ serialNumber, productModel, customerNumber, territory, monthsOld });

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
    contractNumber: 'SC-2001',
    customerNumber: 'CU-1004',
    serialNumber: 'SRV-DC-0001',
    package: 'gold',
  },
];

export const skills: (typeof tables.skills.$inferInsert)[] = [
  { skill: 'hydraulics', certificate: 'HYD-2' },
  { skill: 'electrics', certificate: 'LV-1' },
  { skill: 'network', certificate: 'NET-1' },
  { skill: 'storage', certificate: 'STO-1' },
  { skill: 'television', certificate: null },
];

const fault = (
  faultCode: string,
  productClass: string,
  skill: string | null,
  titleEn: string,
  titleZh: string,
): typeof tables.faultCodes.$inferInsert => ({ faultCode, productClass, skill, titleEn, titleZh });

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
