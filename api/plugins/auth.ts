/** Who is calling: a demo token of the embedded default, or a JWT of the configured issuer. Nothing else is accepted. */
import type { FastifyInstance } from 'fastify';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Actor, type Role, roles } from '../../domain/case.ts';
import { staffNumber } from '../../domain/values.ts';
import type { DirectoryStore } from '../../services/directory/index.ts';
import { Problem } from '../problem.ts';

/** A named person, as a token says. Territories: empty means all. */
export interface Person {
  id: string;
  roles: Role[];
  territories: string[];
}

/** The person behind a token, or null when it is not to be trusted. */
export type Authenticate = (token: string) => Promise<Person | null>;

declare module 'fastify' {
  interface FastifyRequest {
    person: Person | null;
  }
}

/** `demo-<role>`: the first person on the staff list in that role. Only for the embedded default on loopback. */
export function createDemoAuth(directory: Pick<DirectoryStore, 'staffInRole'>): Authenticate {
  const known = new Map<string, Person>();
  return async (token) => {
    const role = roles.find((name) => token === `demo-${name}`);
    const person = known.get(token) ?? (role ? await firstInRole(directory, role) : null);
    if (person) known.set(token, person);
    return person;
  };
}

async function firstInRole(
  directory: Pick<DirectoryStore, 'staffInRole'>,
  role: Role,
): Promise<Person | null> {
  const [first] = await directory.staffInRole(role);
  return first ? { id: first.staffNumber, roles: [role], territories: first.territories } : null;
}

export interface JwtOptions {
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Which claims hold the staff number, the roles, the territories. */
  claims: { person: string; roles: string; territories: string };
}

const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
];

/** Tokens signed by a key of the JWKS. Symmetric algorithms and `none` are refused. */
export function createJwtAuth(options: JwtOptions): Authenticate {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: 5_000 });
  const { issuer, audience, claims } = options;
  return async (token) => {
    const verified = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms,
      requiredClaims: ['exp', claims.person],
      clockTolerance: 5,
    }).catch(refuseUnlessUnreachable);
    return verified && personOf(verified.payload, claims);
  };
}

const keySetTrouble = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/** No keys to check against is our trouble, not the caller's. */
function refuseUnlessUnreachable(error: unknown): null {
  const { code = '' } = error as { code?: string };
  if (keySetTrouble.includes(code) || error instanceof TypeError) throw new Problem('unavailable');
  return null;
}

const words = z.union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/))]);

function personOf(payload: JWTPayload, claims: JwtOptions['claims']): Person | null {
  const id = staffNumber.safeParse(payload[claims.person]);
  const named = words.safeParse(payload[claims.roles] ?? []);
  const territories = words.safeParse(payload[claims.territories] ?? []);
  if (!id.success || !named.success || !territories.success) return null;
  const known = roles.filter((role) => named.data.includes(role));
  return known.length > 0 ? { id: id.data, roles: known, territories: territories.data } : null;
}

/** Sets `request.person` on every route registered after it; 401 without a good token. */
export function useAuth(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('person', null);
  app.addHook('onRequest', async (request) => {
    const [, token] =
      /^Bearer ([\w.~+/-]{1,8192}=*)$/i.exec(request.headers.authorization ?? '') ?? [];
    request.person = token ? await authenticate(token) : null;
    if (!request.person) throw new Problem('unauthorized');
  });
}

/** The caller, on a route that has one. */
export function personOn(request: { person: Person | null }): Person {
  if (!request.person) throw new Problem('unauthorized');
  return request.person;
}

/** The caller in the first of his roles that is admitted; undefined when none is. */
export function actorIn(person: Person, admitted: readonly Role[]): Actor | undefined {
  const role = person.roles.find((one) => admitted.includes(one));
  return role && { id: person.id, role };
}

/** The caller in his first role: for what every role may do, and for refusals. */
export const actorOf = (person: Person): Actor => ({
  id: person.id,
  role: person.roles[0] ?? 'auditor',
});
