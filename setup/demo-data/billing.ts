/** Paid repair: faults, parts and prices of machines out of warranty, and the tariff that is published. */
import { parts as knownParts } from './stock.ts';

export const paidFaultCodes = [
  {
    fault_code: 'TRK-DRIVE-STALL',
    product_class: 'heavyEquipment',
    skill: 'hydraulics',
    title_en: 'Travel drive stalls',
    title_zh: '行走马达无力',
  },
  {
    fault_code: 'SRV-FAN-NOISE',
    product_class: 'itProduct',
    skill: 'storage',
    title_en: 'Fan noisy',
    title_zh: '风扇异响',
  },
];

const part = (part_number: string, yuan: number, title_en: string, title_zh: string) => ({
  part_number,
  unit_price_minor: yuan * 100,
  currency: 'CNY',
  title_en,
  title_zh,
});

export const paidParts = [
  part('TD-MOTOR-60', 6_800, 'Travel motor', '行走马达'),
  part('TD-SEAL-60', 120, 'Travel motor seal', '行走马达油封'),
  part('SV-FAN-24', 260, 'Fan module', '风扇模块'),
];

const kit = (product_model: string, part_number: string, quantity: number) => ({
  product_model,
  fault_code: product_model === 'SRV-ST24' ? 'SRV-FAN-NOISE' : 'TRK-DRIVE-STALL',
  part_number,
  quantity,
});

export const paidKits = [
  kit('ZE60E', 'TD-MOTOR-60', 1),
  kit('ZE60E', 'TD-SEAL-60', 2),
  kit('SRV-ST24', 'SV-FAN-24', 1),
];

export const paidStock = [
  { location: 'OFFICE-SOUTH', part_number: 'TD-MOTOR-60', quantity: 1_000 },
  { location: 'OFFICE-SOUTH', part_number: 'TD-SEAL-60', quantity: 2_000 },
  { location: 'CENTRAL', part_number: 'TD-MOTOR-60', quantity: 1_000 },
  { location: 'CENTRAL', part_number: 'TD-SEAL-60', quantity: 2_000 },
  { location: 'CENTRAL', part_number: 'SV-FAN-24', quantity: 200 },
];

/** What a visit and a minute of labor cost; a changed price is a new version, never an edit. */
export const tariffs = [
  {
    version: 1,
    published_on: '2026-01-01',
    currency: 'CNY',
    visit_minor: 15_000,
    labor_minute_minor: 200,
  },
];

export const tariffParts = [...knownParts, ...paidParts].map(
  ({ part_number, unit_price_minor }) => ({ version: 1, part_number, unit_price_minor }),
);
