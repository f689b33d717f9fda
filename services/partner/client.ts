/** A partner's service as an implementation of our interface, made from the contract. */
import { z } from 'zod';
import { failureOfStatus, failureTypes, ServiceFailure } from '../../db/failures.ts';
import { type Answered, exchange, type PartnerAddress } from './exchange.ts';
import {
  type Contract,
  envelopeOf,
  type Operation,
  type Partnered,
  type ServiceContract,
} from './operations.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

/** Every operation of the contract as a method. Each fails with a typed `ServiceFailure`: refused for good, or worth another try. */
export function createPartnerClient<Service extends Partnered>(
  { effects, questions }: ServiceContract,
  service: string,
  settings: PartnerAddress,
): Service {
  const methodsOf = (contract: Contract) =>
    Object.fromEntries(
      Object.entries(contract).map(([name, operation]): [string, Method] => [
        name,
        (...args) => call(settings, `${service}/${name}`, operation, args),
      ]),
    );
  return { effects: methodsOf(effects), questions: methodsOf(questions) } as Partnered as Service;
}

async function call(
  settings: PartnerAddress,
  path: string,
  operation: Operation,
  args: unknown[],
): Promise<unknown> {
  const asked = operation.positional ? named(operation, args) : (args[0] as Asked);
  const key = operation.kind === 'effect' ? String(asked.effectKey) : null;
  const answered = await exchange(settings, path, JSON.stringify(bodyOf(operation, asked)), key);
  if (answered.status !== 200) throw refusalOf(operation, answered);
  return resultOf(operation, answered.text);
}

type Asked = Record<string, unknown>;
const membersOf = ({ request }: Operation) => Object.keys(request.shape);
const named = (operation: Operation, args: unknown[]): Asked =>
  Object.fromEntries(membersOf(operation).map((name, index) => [name, args[index]]));
/** Only what the contract names leaves the house. */
const bodyOf = (operation: Operation, asked: Asked): Asked =>
  Object.fromEntries(membersOf(operation).map((name) => [name, asked[name]]));

/** What a 200 of the operation says. Fails `InvalidResponse` for anything that is not the contract's. */
export function resultOf(operation: Operation, text: string): unknown {
  const parsed = envelopeOf(operation).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.result;
  const [issue] = parsed.error.issues;
  const where = issue?.path.filter((step) => step !== 'result').join('/') ?? '';
  throw new ServiceFailure('InvalidResponse', `not an answer of the contract: /${where}`);
}

const problem = z.object({ code: z.string() });
const isFailureType = (code: string): code is keyof typeof failureTypes =>
  Object.hasOwn(failureTypes, code);

/** 4xx is for good, under its name where the contract knows it; the rest, a redirect too, is worth another try. */
function refusalOf({ failures }: Operation, { status, retryAfterMs, text }: Answered): Error {
  if (status < 400) return new ServiceFailure('InvalidResponse', `partner answered ${status}`);
  const failure = failureOfStatus(status, retryAfterMs);
  if (failure.retryable) return failure;
  const { data } = problem.safeParse(jsonOf(text));
  const code = data && isFailureType(data.code) && failures.includes(data.code) ? data.code : null;
  return code ? new ServiceFailure(code, `partner answered ${status}`) : failure;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
