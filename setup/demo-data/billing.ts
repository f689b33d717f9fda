/** Paid repair: faults, parts and prices of machines out of warranty, and the tariff that is published. */
import type * as tables from '../../db/schema.ts';
import { parts as knownParts } from './stock.ts';

export const paidFaultCodes: (typeof tables.faultCodes.$inferInsert)[] = [
  {
    faultCode: 'TRK-DRIVE-STALL',
    productClass: 'heavyEquipment',
    skill: 'hydraulics',
    titleEn: 'Travel drive stalls',
    titleZh: '行走马达无力',
  },
  {
    faultCode: 'SRV-FAN-NOISE',
    productClass: 'itProduct',
    skill: 'storage',
    titleEn: 'Fan noisy',
    titleZh: '风扇异响',
  },
];

const part = (
  partNumber: string,
  yuan: number,
  titleEn: string,
  titleZh: string,
): typeof tables.parts.$inferInsert => ({
  partNumber,
  unitPriceMinor: yuan * 100,
  currency: 'CNY',
  titleEn,
  titleZh,
});

export const paidParts = [
  part('TD-MOTOR-60', 6_800, 'Travel motor', '行走马达'),
  part('TD-SEAL-60', 120, 'Travel motor seal', '行走马达油封'),
  part('SV-FAN-24', 260, 'Fan module', '风扇模块'),
];

const kit = (
  productModel: string,
  partNumber: string,
  quantity: number,
): typeof tables.partKits.$inferInsert => ({
  productModel,
  faultCode: productModel === 'SRV-ST24' ? 'SRV-FAN-NOISE' : 'TRK-DRIVE-STALL',
  partNumber,
  quantity,
});

export const paidKits = [
  kit('ZE60E', 'TD-MOTOR-60', 1),
  kit('ZE60E', 'TD-SEAL-60', 2),
  kit('SRV-ST24', 'SV-FAN-24', 1),
];

export const paidStock = [
  { location: 'OFFICE-SOUTH', partNumber: 'TD-MOTOR-60', quantity: 1_000 },
  { location: 'OFFICE-SOUTH', partNumber: 'TD-SEAL-60', quantity: 2_000 },
  { location: 'CENTRAL', partNumber: 'TD-MOTOR-60', quantity: 1_000 },
  { location: 'CENTRAL', partNumber: 'TD-SEAL-60', quantity: 2_000 },
  { location: 'CENTRAL', partNumber: 'SV-FAN-24', quantity: 200 },
];

/** What a visit and a minute of labor cost; a changed price is a new version, never an edit. */
export const tariffs: (typeof tables.tariffs.$inferInsert)[] = [
  {
    version: 1,
    publishedOn: '2026-01-01',
    currency: 'CNY',
    visitMinor: 15_000,
    laborMinuteMinor: 200,
  },
];

export const tariffParts = [...knownParts, ...paidParts].map<
  typeof tables.tariffParts.$inferInsert
>(({ partNumber, unitPriceMinor }) => ({
  version: 1,
  partNumber,
  unitPriceMinor,
}));
