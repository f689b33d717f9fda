/** Parts, where they lie, and which of them a fault is expected to need. */
import type * as tables from '../../db/schema.ts';

export const locations: (typeof tables.locations.$inferInsert)[] = [
  {
    location: 'OFFICE-NORTH',
    kind: 'fieldOffice',
    territory: 'north',
    titleEn: 'Field office North',
    titleZh: '北区服务站',
  },
  {
    location: 'OFFICE-SOUTH',
    kind: 'fieldOffice',
    territory: 'south',
    titleEn: 'Field office South',
    titleZh: '南区服务站',
  },
  {
    location: 'CENTRAL',
    kind: 'centralStore',
    territory: null,
    titleEn: 'Central store',
    titleZh: '中心库',
  },
];

const yuan = 100;
const part = (
  partNumber: string,
  price: number,
  titleEn: string,
  titleZh: string,
): typeof tables.parts.$inferInsert => ({
  partNumber,
  unitPriceMinor: price * yuan,
  currency: 'CNY',
  titleEn,
  titleZh,
});

export const parts = [
  part('HP-PUMP-230', 18_600, 'Main hydraulic pump', '主液压泵'),
  part('HP-SEAL-230', 85, 'Pump shaft seal', '泵轴油封'),
  part('HP-FILTER-230', 260, 'Return filter', '回油滤芯'),
  part('HY-HOSE-16', 190, 'High-pressure hose', '高压软管'),
  part('SL-MOTOR-230', 12_400, 'Slewing motor', '回转马达'),
  part('EL-STARTER-24', 1_950, 'Starter motor, 24 V', '24V 起动机'),
  part('CR-WINCH-25', 9_800, 'Winch brake', '卷扬制动器'),
  part('NW-PSU-48', 640, 'Switch power supply', '交换机电源'),
  part('SV-DISK-8T', 2_300, 'Disk, 8 TB', '8TB 硬盘'),
  part('SV-MEM-32G', 900, 'Memory module, 32 GB', '32GB 内存条'),
  part('SV-SWITCH-10G', 6_400, 'Switch, 10 Gbit/s', '万兆交换机'),
  part('TV-PANEL-55', 1_480, 'Panel, 55 inch', '55 英寸面板'),
  part('TV-BOARD-55', 320, 'Main board', '主板'),
];

const kit = (productModel: string, faultCode: string, lines: Record<string, number>) =>
  Object.entries(lines).map<typeof tables.partKits.$inferInsert>(([partNumber, quantity]) => ({
    productModel,
    faultCode,
    partNumber,
    quantity,
  }));

export const partKits = [
  ...kit('ZE230E', 'HYD-PUMP-LOSS', { 'HP-PUMP-230': 1, 'HP-SEAL-230': 2 }),
  ...kit('ZE230E', 'HYD-HOSE-LEAK', { 'HY-HOSE-16': 1 }),
  ...kit('ZE230E', 'SLEW-MOTOR-NOISE', { 'SL-MOTOR-230': 1, 'HP-FILTER-230': 1 }),
  ...kit('ZE230E', 'ELC-START-FAIL', { 'EL-STARTER-24': 1 }),
  ...kit('QY25V', 'CRN-WINCH-SLIP', { 'CR-WINCH-25': 1 }),
  ...kit('NET-SW48', 'NET-NO-LINK', { 'NW-PSU-48': 1 }),
  ...kit('NET-SW48', 'NET-PSU-DROP', { 'NW-PSU-48': 1 }),
  ...kit('SRV-ST24', 'SRV-DISK-FAIL', { 'SV-DISK-8T': 1 }),
  ...kit('SRV-ST24', 'SRV-ARRAY-LOST', { 'SV-DISK-8T': 2, 'SV-MEM-32G': 1 }),
  ...kit('TV55', 'TV-NO-PICTURE', { 'TV-BOARD-55': 1 }),
  ...kit('TV55', 'TV-PANEL-LINES', { 'TV-PANEL-55': 1 }),
];

const at = (location: string, quantities: Record<string, number>) =>
  Object.entries(quantities).map(([partNumber, quantity]) => ({
    location,
    partNumber,
    quantity,
  }));

/** What arrives once, when the data is loaded; a part that is not listed is out of stock there. */
export const openingStock = [
  ...at('OFFICE-NORTH', {
    'HP-PUMP-230': 1_000,
    'HP-SEAL-230': 2_000,
    'HP-FILTER-230': 20,
    'HY-HOSE-16': 40,
    'EL-STARTER-24': 0,
    'NW-PSU-48': 30,
    'TV-BOARD-55': 100,
    'TV-PANEL-55': 0,
  }),
  ...at('OFFICE-SOUTH', {
    'HP-PUMP-230': 0,
    'HP-SEAL-230': 10,
    'HY-HOSE-16': 10,
    'EL-STARTER-24': 8,
    'SV-DISK-8T': 2_000,
    'SV-MEM-32G': 1_000,
    'SV-SWITCH-10G': 4,
    'CR-WINCH-25': 1,
    'TV-PANEL-55': 4,
  }),
  ...at('CENTRAL', {
    'HP-PUMP-230': 1_000,
    'HP-SEAL-230': 4_000,
    'HP-FILTER-230': 200,
    'HY-HOSE-16': 200,
    'SL-MOTOR-230': 6,
    'EL-STARTER-24': 40,
    'CR-WINCH-25': 3,
    'NW-PSU-48': 100,
    'SV-DISK-8T': 2_000,
    'SV-MEM-32G': 1_000,
    'SV-SWITCH-10G': 20,
    'TV-PANEL-55': 40,
    'TV-BOARD-55': 200,
  }),
];
