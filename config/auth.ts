/** Settings of who may call the API. Part of `config/index.ts`, which alone reads the environment. */
import { z } from 'zod';
import { ConfigError } from './error.ts';

const text = (allowed: string) => z.string(allowed).min(1, allowed);

/** Variables of the environment. */
export const authVariables = {
  AUTH_JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL of the key set' })
    .optional(),
  AUTH_ISSUER: text('the tokens\' "iss"').optional(),
  AUTH_AUDIENCE: text('the tokens\' "aud"').optional(),
  AUTH_PERSON_CLAIM: text('the claim with the staff number').default('sub'),
  AUTH_ROLES_CLAIM: text('the claim with the roles').default('roles'),
  AUTH_TERRITORIES_CLAIM: text('the claim with the territories').default('territories'),
};
const environment = z.object(authVariables);
type Environment = z.infer<typeof environment>;

/** Who may call the API: the demo tokens of the embedded default, JWTs of an issuer, or nobody until an issuer is named. */
export type AuthSettings =
  | { kind: 'demo' }
  | { kind: 'jwt'; jwksUrl: string; issuer: string; audience: string; claims: AuthClaims }
  | { kind: 'missing'; message: string };

/** Names of the token's claims that hold a person's staff number, roles and territories. */
export interface AuthClaims {
  person: string;
  roles: string;
  territories: string;
}

/** `embedded`: database and engine are those of `npm start`. Fails `ConfigError` when only a part is set, and
 *  when others than this machine could call without an issuer. */
export function authSettings(env: Environment, host: string, embedded: boolean): AuthSettings {
  const missing = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter(
    (name) => !env[name],
  );
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env;
  if (jwksUrl && issuer && audience) {
    return { kind: 'jwt', jwksUrl, issuer, audience, claims: claimsOf(env) };
  }
  if (missing.length < 3)
    throw new ConfigError(
      `${missing.join(', ')}: set all of AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE or none.`,
    );
  if (!isLoopback(host)) {
    throw new ConfigError(
      'HOST: 127.0.0.1, unless AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE are set.',
    );
  }
  if (embedded) return { kind: 'demo' };
  const message =
    'AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE: set them; the demo tokens work with the embedded database and engine only.';
  return { kind: 'missing', message };
}

function claimsOf(env: Environment): AuthClaims {
  return {
    person: env.AUTH_PERSON_CLAIM,
    roles: env.AUTH_ROLES_CLAIM,
    territories: env.AUTH_TERRITORIES_CLAIM,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
