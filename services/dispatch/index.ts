/** The dispatch service: engineers, who can go, and appointments that the database makes exclusive per engineer (FLOW-FIELD). */

import type { Candidate, OnCall } from '../../domain/dispatch.ts';

export interface Engineer {
  engineerNumber: string;
  /** Staff number of the same person. */
  staffNumber: string;
  provider: string | null;
  territory: string;
  skills: string[];
  /** Certificates with the last day they are valid (`YYYY-MM-DD`). */
  certificates: { code: string; validUntil: string }[];
}

export interface RankRequest {
  skill: string | null;
  territory: string;
  /** ISO instant: no slot before. */
  at: string;
  durationMinutes: number;
  limit: number;
}

export interface OnCallRequest {
  territory: string;
  productClass: string;
  /** The skill that the fault asks for; null when anybody will do. */
  skill: string | null;
  /** ISO instant: who is on call then. */
  at: string;
}

export type BookingResult =
  | { booked: true; start: string; end: string; engineerNumber: string; staffNumber: string }
  /** `holder` is the case number of the appointment in the way. */
  | { booked: false; holder: string };

/** What a case asks of the service: every one of these is an activity. */
export interface DispatchEffects {
  rank(request: RankRequest): Promise<Candidate[]>;
  /** Who is paged in an emergency, one after another; empty when nobody is on call (FLOW-EMER). */
  onCall(request: OnCallRequest): Promise<OnCall[]>;
  /** Books, or says who holds the time. Fails `UnknownEngineer`. A key canceled before is refused for good (D3): `BookingCanceled`. */
  book(request: {
    effectKey: string;
    caseNumber: string;
    engineerNumber: string;
    start: string;
    end: string;
  }): Promise<BookingResult>;
  /** Frees the appointment booked under that key and bars a late booking under it. Harmless if nothing is there. */
  cancel(request: { effectKey: string; bookingKey: string }): Promise<void>;
  /** Gives the appointment to another engineer at the same time, the new one taken before the old one is freed; or says who is in the way. */
  reassign(request: {
    effectKey: string;
    bookingKey: string;
    engineerNumber: string;
  }): Promise<BookingResult>;
  /** Work done: the appointment ends as `completed`, `partiallyCompleted` or `cannotComplete`. */
  finish(request: {
    effectKey: string;
    bookingKey: string;
    result: 'completed' | 'partiallyCompleted' | 'cannotComplete';
    at: string;
  }): Promise<void>;
}

/** What is looked up beside the cases. Nothing changes by it. */
export interface DispatchQuestions {
  /** Null when there is none under this number. */
  getEngineer(engineerNumber: string): Promise<Engineer | null>;
}

export interface DispatchService {
  effects: DispatchEffects;
  questions: DispatchQuestions;
}
