/** How a contract with a partner is written down: one line per operation, from which client, server and OpenAPI document follow. */
import { z } from 'zod';
import type { FailureType } from '../../db/failures.ts';

/** One call that a partner answers. */
export interface Operation {
  /** An effect travels with its key and takes place once per key; a question changes nothing. */
  kind: 'effect' | 'question';
  summary: string;
  request: z.ZodObject;
  answer: z.ZodType;
  /** Refusals for good that the product knows by name; any other one is `RequestRefused`. */
  failures: FailureType[];
  /** True: the interface's method takes the request's members one by one, in this order. */
  positional: boolean;
}
/** The operations of one service, by the names of its interface. */
export type Contract = Record<string, Operation>;

type Line<Kind, Request, Answer> = Operation & {
  kind: Kind;
  request: z.ZodType<Request>;
  answer: z.ZodType<Answer>;
};
type Given<Answer> = [undefined] extends [Answer] ? null : Answer;
type LineOf<Method> = Method extends (...args: infer Args) => Promise<infer Answer>
  ? Args extends [infer Request extends { effectKey: string }]
    ? Line<'effect', Omit<Request, 'effectKey'>, Given<Answer>>
    : Args extends [readonly unknown[]]
      ? Line<'question', object, Given<Answer>>
      : Args extends [infer Request extends object]
        ? Line<'question', Request, Given<Answer>>
        : Line<'question', object, Given<Answer>>
  : never;
type LinesOf<Methods> = { [Name in keyof Methods]: LineOf<Methods[Name]> };

/** A service that may be a partner's. */
export interface Partnered {
  effects: object;
  questions: object;
}
/** What the contract of a service must hold: a method without its line does not compile. */
export interface ContractOf<Service extends Partnered> {
  effects: LinesOf<Service['effects']>;
  questions: LinesOf<Service['questions']>;
}

/** A contract as a service has it: what cases ask, and what is looked up beside them. */
export interface ServiceContract {
  effects: Contract;
  questions: Contract;
}

/** All that a service does, or all lines of its contract. */
export const operationsOf = <Service extends Partnered>({
  effects,
  questions,
}: Service): Operations<Service> => ({ ...effects, ...questions });
export type Operations<Service extends Partnered> = Service['effects'] & Service['questions'];

/** An effect; `request` leaves the effect key out, which travels as `Idempotency-Key`. */
export const effect = <Request extends z.ZodRawShape, Answer extends z.ZodType>(
  summary: string,
  request: Request,
  answer: Answer,
  ...failures: FailureType[]
) => ({
  kind: 'effect' as const,
  summary,
  request: z.strictObject(request),
  answer,
  failures: [...failures, 'EffectKeyReused' as const],
  positional: false,
});

export const question = <Request extends z.ZodRawShape, Answer extends z.ZodType>(
  summary: string,
  request: Request,
  answer: Answer,
) => ({
  kind: 'question' as const,
  summary,
  request: z.strictObject(request),
  answer,
  failures: [] as FailureType[],
  positional: false,
});

/** A question whose method takes the members of the request one by one. */
export const lookUp = <Request extends z.ZodRawShape, Answer extends z.ZodType>(
  summary: string,
  request: Request,
  answer: Answer,
) => ({ ...question(summary, request, answer), positional: true });

/** The whole body of a 200: anything beside `result` is an error that pretends to be none. */
export const envelopeOf = ({ answer }: Pick<Operation, 'answer'>) =>
  z.strictObject({ result: answer });
