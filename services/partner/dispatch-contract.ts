/** What a partner's dispatch system answers: the interface of `services/dispatch`, line by line. */
import { z } from 'zod';
import type { DispatchService } from '../dispatch/index.ts';
import { type ContractOf, effect, lookUp, question } from './operations.ts';
import { count, done, id, instant } from './values.ts';

const engineerNumber = id;
const bookingKey = id.describe('the key of the booking');
const booking = z.discriminatedUnion('booked', [
  z.object({
    booked: z.literal(true),
    start: instant,
    end: instant,
    engineerNumber,
    staffNumber: id,
  }),
  z.object({
    booked: z.literal(false),
    holder: id.describe('case number of the visit in the way'),
  }),
]);

export const dispatchContract = {
  effects: {
    rank: question(
      'Who can go, best first, each with the first free interval of that length',
      {
        skill: id.nullable().describe('null: no special one'),
        territory: z.string().max(255),
        at: instant.describe('no interval before'),
        durationMinutes: z.int().min(1).max(100_000),
        limit: z.int().min(1).max(1_000),
      },
      z.array(
        z.object({
          engineerNumber,
          staffNumber: id,
          score: z.number().min(0).max(100),
          reasons: z.array(z.string().max(255)).describe('such as skill:hydraulics, provider:own'),
          start: instant,
          end: instant,
        }),
      ),
    ),
    onCall: question(
      'Who is paged in an emergency, one after another; empty when nobody is on call',
      { territory: id, productClass: id, skill: id.nullable(), at: instant },
      z.array(z.object({ staffNumber: id, rung: count.describe('1 is paged first') })),
    ),
    book: effect(
      'Books an engineer, or says who holds the time; a refusal is not kept',
      { caseNumber: id, engineerNumber, start: instant, end: instant },
      booking,
      'BookingCanceled',
      'UnknownEngineer',
    ),
    cancel: effect(
      'Frees what is booked under that key, and bars a booking under it that comes later; harmless if nothing is there',
      { bookingKey },
      done,
    ),
    reassign: effect(
      'Gives the visit to another engineer at the same time, or says who holds it',
      { bookingKey, engineerNumber },
      booking,
      'BookingCanceled',
      'UnknownEngineer',
    ),
    finish: effect(
      'Ends a visit; what is left of its time is free',
      {
        bookingKey,
        result: z.enum(['completed', 'partiallyCompleted', 'cannotComplete']),
        at: instant,
      },
      done,
      'BookingCanceled',
    ),
  },
  questions: {
    getEngineer: lookUp(
      'An engineer; null for none',
      { engineerNumber },
      z
        .object({
          engineerNumber,
          staffNumber: id,
          provider: id.nullable(),
          territory: id,
          skills: z.array(id),
          certificates: z.array(z.object({ code: id, validUntil: z.iso.date() })),
        })
        .nullable(),
    ),
  },
} satisfies ContractOf<DispatchService>;
