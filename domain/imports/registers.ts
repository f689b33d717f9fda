/** The registers that are taken in from CSV files, with their columns. */
import { z } from 'zod';
import {
  code,
  customerNumber,
  engineerNumber,
  partNumber,
  personal,
  productModel,
  serialNumber,
  staffNumber,
} from '../values.ts';
import { type Column, filled, listed, maybe, usually } from './column.ts';
import { certificates, shifts, words } from './lists.ts';

/** A register: its columns by name, and which of them no two rows have in common, the row's own number first. */
export interface Register {
  once: readonly (readonly string[])[];
  columns: Record<string, Column>;
}

const word = z.string().regex(/^[a-z][A-Za-z]{0,39}$/);
const oneOf = (...values: [string, ...string[]]) => z.enum(values);
/** Spreadsheets of some languages turn 2028-02-09 into 2028/2/9. */
const day = z
  .string()
  .transform((cell) => cell.replace(/^(\d{4})\/(\d\d?)\/(\d\d?)$/, asIso))
  .pipe(z.iso.date().regex(/^(19[5-9]|20\d)\d-/));
const asIso = (_: string, ...[year, month, date]: string[]) =>
  [year, month?.padStart(2, '0'), date?.padStart(2, '0')].join('-');
const dayAllowed = 'a day such as 2028-02-09, from 1950-01-01 to 2099-12-31';
const text = (max: number) => [personal(max), `1 to ${max} characters`] as const;
const numberAllowed = (from: number) => `${from} to 40 capitals, digits and dashes`;
const int4 = 2_147_483_647;
const amount = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})$/)
  .transform(Number)
  .pipe(z.int().max(int4));
const zone = z.string().refine((name) => name.includes('/') && isZone(name));
const territory = filled(word, 'a territory', { names: 'territory' });
const phone = maybe(
  z.string().regex(/^\+?\d[\d ()-]{3,28}$/),
  'a phone number such as +86 139 0000 1001',
);
const locale = usually('zh-CN', oneOf('zh-CN', 'en'), 'zh-CN or en');

const customers: Register = {
  once: [['customerNumber']],
  columns: {
    customerNumber: filled(customerNumber, 'CU- and 4 to 8 digits'),
    kind: filled(oneOf('enterprise', 'individual'), 'enterprise or individual'),
    name: filled(...text(80)),
    territory,
    arrears: usually(
      'false',
      z
        .string()
        .regex(/^(true|false)$/i) // TRUE in spreadsheets
        .transform((cell) => cell.toLowerCase() === 'true'),
      'true or false',
    ),
    phone,
    mail: maybe(z.email().max(120), 'a mail address'),
    address: maybe(...text(300)),
    locale,
  },
};

const assets: Register = {
  once: [['serialNumber']],
  columns: {
    serialNumber: filled(serialNumber, numberAllowed(3)),
    productModel: filled(productModel, 'a product model', { names: 'productModel' }),
    customerNumber: filled(customerNumber, 'a customer number', { names: 'customerNumber' }),
    territory,
    installedOn: maybe(day, dayAllowed),
    purchasedOn: maybe(day, dayAllowed),
    manufacturedOn: maybe(day, dayAllowed),
  },
};

const parts: Register = {
  once: [['partNumber']],
  columns: {
    partNumber: filled(partNumber, numberAllowed(2)),
    titleEn: filled(...text(120)),
    titleZh: filled(...text(120)),
    unitPriceMinor: filled(amount, `a whole number of minor units from 0 to ${int4}`),
    currency: filled(z.string().regex(/^[A-Z]{3}$/), 'three capitals such as CNY'),
  },
};

const engineers: Register = {
  once: [['engineerNumber'], ['staffNumber']],
  columns: {
    engineerNumber: filled(engineerNumber, 'EN- and 2 to 6 digits'),
    staffNumber: filled(staffNumber, 'ST- and 2 to 6 digits'),
    name: filled(...text(80)),
    territory,
    skills: filled(words(word), 'a skill, or several with ; between them', { names: 'skill' }),
    timeZone: filled(zone, 'a time zone such as Asia/Shanghai'),
    provider: maybe(code, 'a provider', { names: 'provider' }),
    certificates: listed(certificates, 'certificates such as HYD-2=2035-12-31; LV-1=2030-06-30'),
    shifts: listed(shifts, 'hours such as 1-5 08:00-12:00; 1-5 13:00-18:00 (1 is Monday)'),
    phone,
    locale,
  },
};

const holidays: Register = {
  once: [['territory', 'day']],
  columns: {
    territory,
    day: filled(day, dayAllowed),
    name: filled(...text(80)),
    kind: usually(
      'holiday',
      oneOf('holiday', 'workday', 'ordinary'),
      'holiday, workday (a day made up for), or ordinary (neither, after all)',
    ),
  },
};

/** Every register that can be imported, by the name in `POST /v1/imports/{kind}`. */
export const registers = { customers, assets, parts, engineers, holidays } as const;
export type ImportKind = keyof typeof registers;
export const importKinds = Object.keys(registers) as [ImportKind, ...ImportKind[]];

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
