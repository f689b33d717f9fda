/** What we know before anybody calls: customers, machines, people, codes, policies, tariffs, holidays. */
import type { Role } from '../../domain/case.ts';

export interface Customer {
  customerNumber: string;
  kind: 'enterprise' | 'individual';
  arrears: boolean;
  territory: string;
  /** Personal data: for the people who serve the customer, never for the engine. */
  contact: {
    name: string | null;
    phone: string | null;
    mail: string | null;
    address: string | null;
    locale: 'zh-CN' | 'en';
  };
}

/** The facts of a machine that its warranty is judged by. Days are `YYYY-MM-DD`. */
export interface Asset {
  serialNumber: string;
  productModel: string;
  productClass: string;
  customerNumber: string;
  territory: string;
  installedOn: string | null;
  purchasedOn: string | null;
  manufacturedOn: string | null;
  /** Null: nothing is promised for this model. */
  warrantyTerm: { months: number; basis: 'installed' | 'purchased' | 'manufactured' } | null;
  /** Contracts for this machine or for everything of its customer. */
  contracts: { contractNumber: string; package: string; startsOn: string; endsOn: string }[];
}

export interface StaffMember {
  staffNumber: string;
  name: string;
  role: Role;
  territories: string[];
}

export interface PolicyRow {
  name: string;
  version: number;
  /** Shape: `domain/policy.ts`. */
  body: unknown;
}

export interface FaultCode {
  faultCode: string;
  title: { en: string; zh: string };
  /** The skill its repair needs; null when any engineer will do. */
  skill: string | null;
  productClass: string;
}

export interface ProductModel {
  productModel: string;
  productClass: string;
}

/** The kinds of number that a request may name and the directory knows. */
export type ReferenceKind =
  | 'customerNumber'
  | 'serialNumber'
  | 'partNumber'
  | 'engineerNumber'
  | 'staffNumber'
  | 'faultCode'
  | 'productModel'
  | 'caseNumber'
  | 'location'
  | 'territory'
  | 'provider'
  | 'skill';
export type References = Partial<Record<ReferenceKind, string[]>>;

/** A tariff as it is published: what a visit, an hour's minute and each part costs. */
export interface PublishedTariff {
  version: number;
  publishedOn: string;
  currency: string;
  visitMinor: number;
  laborMinuteMinor: number;
  parts: { partNumber: string; title: { en: string; zh: string }; unitPriceMinor: number }[];
}

export interface DirectoryStore {
  customer(customerNumber: string): Promise<Customer | null>;
  asset(serialNumber: string): Promise<Asset | null>;
  /** A customer's assets in the order of their serials: those named, or all when null; no more than `limit`. */
  assetsOf(customerNumber: string, named: string[] | null, limit: number): Promise<Asset[]>;
  staff(staffNumber: string): Promise<StaffMember | null>;
  /** Everybody in a role, by staff number: the first is the person of the role's demo token. */
  staffInRole(role: Role): Promise<StaffMember[]>;
  /** The latest version of the policy for a class of product. */
  policyFor(productClass: string): Promise<PolicyRow | null>;
  faultCode(faultCode: string): Promise<FaultCode | null>;
  productModel(productModel: string): Promise<ProductModel | null>;
  /** Of the given machines, those that are not of that model; machines that nobody knows among them. */
  notOfModel(productModel: string, serialNumbers: string[]): Promise<string[]>;
  /** The tariff that holds on a day (`YYYY-MM-DD`); null while none is published. */
  tariffOn(day: string): Promise<PublishedTariff | null>;
  /** Of the given numbers, those that nothing bears; kinds without any are left out. */
  unknown(references: References): Promise<References>;
}

/** A day that is not what its weekday says. */
export interface Holiday {
  /** `YYYY-MM-DD`. */
  day: string;
  name: string;
  /** A `workday` is worked although its weekday is not. */
  kind: 'holiday' | 'workday';
}

export interface HolidayCalendar {
  territory: string;
  version: number;
  days: Holiday[];
}

export interface HolidayStore {
  /** A territory's holidays as of a version, or of the latest when undefined; null while there is no such version. */
  calendar(territory: string, version?: number): Promise<HolidayCalendar | null>;
  /** Every territory with the years that it has holidays for: a year without any is a year that nobody has entered. */
  years(): Promise<{ territory: string; years: number[] }[]>;
}
