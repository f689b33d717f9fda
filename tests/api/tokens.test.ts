import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createJwtAuth } from '../../api/plugins/auth.ts';
import { connect, type Sql } from '../../db/connect.ts';
import { type Door, noEngine, openDoor } from '../support/api/door.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const issuer = new OAuth2Server();
let database: TestDatabase;
let sql: Sql;
let door: Door;
let jwksUrl: string;

const authOptions = () => ({
  jwksUrl,
  issuer: issuer.issuer.url ?? '',
  audience: 'afterloop',
  claims: { person: 'sub', roles: 'roles', territories: 'territories' },
});

beforeAll(async () => {
  await issuer.issuer.keys.generate('RS256');
  await issuer.start(0, '127.0.0.1');
  jwksUrl = `http://127.0.0.1:${issuer.address().port}/jwks`;
  database = await createDatabase();
  sql = connect(database.url, { max: 2 });
  door = await openDoor(sql, noEngine, { authenticate: createJwtAuth(authOptions()) });
});
afterAll(async () => {
  await door.app.close();
  await issuer.stop();
  await sql.end();
  await database.drop();
});

const claims = { sub: 'ST-05', aud: 'afterloop', roles: ['supervisor'], territories: ['north'] };
const signed = (payload: object, expiresIn = 60) =>
  issuer.issuer.buildToken({
    scopesOrTransform: (_header, body) => void Object.assign(body, payload),
    expiresIn,
  });
const ask = async (token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await door.app.inject({ method: 'GET', url: '/v1/cases', headers });
  return { status: response.statusCode, type: response.headers['content-type'] };
};

test('a token of the issuer opens the door', async () => {
  expect(await ask(await signed(claims))).toMatchObject({ status: 200 });
});

test('roles may be one text of words, and need not all be ours', async () => {
  expect(await ask(await signed({ ...claims, roles: 'hotline payroll' }))).toMatchObject({
    status: 200,
  });
});

test('an expired token is refused', async () => {
  expect(await ask(await signed(claims, -60))).toMatchObject({ status: 401 });
});

test.each([
  ['another audience', { aud: 'payroll' }],
  ['another issuer', { iss: 'https://elsewhere.example' }],
  ['no role of ours', { roles: ['king'] }],
  ['no roles', { roles: undefined }],
  ['no person', { sub: undefined }],
  ['a person who is no staff number', { sub: 'system:clock' }],
  ['roles that are no texts', { roles: [{ admin: true }] }],
])('a token with %s is refused', async (_name, change) => {
  const token = await signed({ ...claims, ...change });
  expect(await ask(token)).toMatchObject({
    status: 401,
    type: expect.stringContaining('application/problem+json'),
  });
});

test('alg none is refused', async () => {
  const token = new UnsecuredJWT(claims)
    .setIssuer(issuer.issuer.url ?? '')
    .setExpirationTime('1m')
    .encode();
  expect(await ask(token)).toMatchObject({ status: 401 });
});

test('a token signed with the public key as a secret is refused', async () => {
  const [key] = issuer.issuer.keys.toJSON();
  const secret = new TextEncoder().encode(JSON.stringify(key));
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: String(key?.kid) })
    .setIssuer(issuer.issuer.url ?? '')
    .setExpirationTime('1m')
    .sign(secret);
  expect(await ask(token)).toMatchObject({ status: 401 });
});

test('a token signed by another key under the same name is refused', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const [key] = issuer.issuer.keys.toJSON();
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: String(key?.kid) })
    .setIssuer(issuer.issuer.url ?? '')
    .setExpirationTime('1m')
    .sign(privateKey);
  expect(await ask(token)).toMatchObject({ status: 401 });
});

test('a changed payload is refused', async () => {
  const [header, , signature] = (await signed(claims)).split('.');
  const payload = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString(
    'base64url',
  );
  expect(await ask(`${header}.${payload}.${signature}`)).toMatchObject({ status: 401 });
});

test('demo tokens do not work where tokens are JWTs', async () => {
  expect(await ask('demo-supervisor')).toMatchObject({ status: 401 });
});

test('without the issuer’s keys nobody can be checked: 503, not 401', async () => {
  const nowhere = createJwtAuth({ ...authOptions(), jwksUrl: 'http://127.0.0.1:9/jwks' });
  await expect(nowhere(await signed(claims))).rejects.toMatchObject({ code: 'unavailable' });
});
