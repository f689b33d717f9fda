/** What a partner's parts system answers: the interface of `services/parts`, line by line. */
import { z } from 'zod';
import type { PartsService } from '../parts/index.ts';
import { type ContractOf, effect, lookUp, question } from './operations.ts';
import { count, done, id, instant, line, lines, pageSize } from './values.ts';

const caseNumber = id;
const effectKeyOfAnother = id.describe('the key of an earlier effect');
const usedLines = z.array(z.strictObject({ ...line, oldPartSerials: z.array(id).max(1_000) }));

const loan = z.object({
  loanNumber: id,
  caseNumber,
  borrower: id,
  status: z.enum(['issued', 'partiallyCleared', 'cleared']),
  issuedAt: instant,
  dueAt: instant,
  lines: z.array(
    z.object({
      partNumber: id,
      location: id,
      issued: count,
      usedWithCore: count,
      returnedUnused: count,
      writtenOff: count,
      outstanding: count.describe('issued − usedWithCore − returnedUnused − writtenOff'),
    }),
  ),
});
const part = z.object({
  partNumber: id,
  title: z.object({ en: z.string(), zh: z.string() }),
  unitPriceMinor: count,
  currency: z.string().length(3),
  stock: z.array(z.object({ location: id, onHand: count, reserved: count, onLoan: count })),
});
const reserved = z.discriminatedUnion('reserved', [
  z.object({
    reserved: z.literal(true),
    reservationKey: id.describe("the request's own key"),
    lines: z.array(z.object({ ...line, location: id })),
  }),
  z.object({
    reserved: z.literal(false),
    shortages: lines.describe('what no location has, with the quantity missing'),
    office: id.describe('the location where it would be taken in'),
  }),
]);

export const partsContract = {
  effects: {
    reserve: effect(
      'Reserves all lines or none, each at one location; asked again under the key, the same answer',
      { caseNumber, territory: id, lines },
      reserved,
      'ReservationGone',
      'UnknownLocation',
    ),
    release: effect(
      'Releases what is reserved under that key, and bars a reservation under it that comes later; harmless if nothing is there',
      { reservationKey: effectKeyOfAnother },
      done,
    ),
    receive: effect(
      'Goods that arrived for a shortage: into stock',
      { location: id, lines },
      done,
      'UnknownLocation',
      'UnknownPart',
    ),
    issueLoan: effect(
      'Lends what is reserved under that key',
      {
        reservationKey: effectKeyOfAnother,
        loanNumber: id,
        caseNumber,
        borrower: id.describe('staff number'),
        issuedAt: instant,
        dueAt: instant,
      },
      loan,
      'ReservationGone',
    ),
    returnLoan: effect(
      'Takes parts back: unused ones into stock, used ones against old part and slip',
      {
        loanNumber: id,
        slipNumber: id.nullable(),
        lines: z.array(
          z.strictObject({
            partNumber: id,
            usedWithCore: count,
            returnedUnused: count,
            oldPartSerials: z.array(id).max(1_000),
          }),
        ),
      },
      loan,
      'OverReturn',
      'CoreMissing',
      'UnknownLoan',
    ),
    writeOffLoan: effect(
      'Writes off what will not come back',
      {
        loanNumber: id,
        lines,
        chargeTo: z.enum(['technician', 'customer', 'company']),
        reason: z.string().max(500),
      },
      loan,
      'OverReturn',
      'UnknownLoan',
    ),
    extendLoan: effect(
      'Moves the day on which a loan is due',
      { loanNumber: id, dueAt: instant },
      loan,
      'UnknownLoan',
    ),
    receiveOldParts: effect(
      'Old parts of a repair without a loan, against the slip: into the faulty-parts store',
      { caseNumber, territory: id, slipNumber: id, lines: usedLines },
      done,
      'UnknownPart',
    ),
    issueSale: effect(
      'Hands out for good what is reserved under that key',
      {
        reservationKey: effectKeyOfAnother,
        caseNumber,
        terms: z.enum(['charged', 'contract', 'rework']),
        receivedBy: id.describe('staff number'),
      },
      done,
      'ReservationGone',
    ),
    takeBackSold: effect(
      'Takes back everything that the case was sold, except what is kept; harmless if nothing was sold',
      { caseNumber, kept: lines },
      done,
    ),
    receiveHandedOver: effect(
      'Old parts that a paying customer hands over: into the faulty-parts store',
      {
        caseNumber,
        territory: id,
        disposal: z.enum(['recycle', 'scrap', 'analyze']),
        lines: usedLines,
      },
      done,
      'UnknownPart',
    ),
    soldTo: question(
      'What a case was sold, by bill or contract, less what came back; parts of rework are left out',
      { caseNumber },
      z.array(z.object(line)),
    ),
  },
  questions: {
    getPart: lookUp(
      'A part with its stock per location; null for none',
      { partNumber: id },
      part.nullable(),
    ),
    getLoan: lookUp('A loan; null for none', { loanNumber: id }, loan.nullable()),
    listLoans: question(
      'Loans, newest first by `issuedAt`, from the one after `after` on',
      {
        status: z.enum(['issued', 'partiallyCleared', 'cleared']).optional(),
        caseNumber: caseNumber.optional(),
        after: id.optional(),
        limit: pageSize,
      },
      z.array(loan),
    ),
    kitFor: lookUp(
      'The parts that a fault of a model is expected to need; empty when none are on record',
      { productModel: id, faultCode: id },
      z.array(z.object(line)),
    ),
    unknownParts: lookUp(
      'Which of these part numbers are unknown',
      { partNumbers: z.array(id).max(1_000) },
      z.array(id),
    ),
  },
} satisfies ContractOf<PartsService>;
