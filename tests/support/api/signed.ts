import type { FastifyInstance } from 'fastify';
import { Webhook as Signer } from 'standardwebhooks';
import type { AppDeps } from '../../../api/deps.ts';
import type { Engine } from '../../../api/engine.ts';
import type { Sql } from '../../../db/connect.ts';
import { type Door, openDoor } from './door.ts';

const inboundSecret = `whsec_${Buffer.from('a gateway and we know this secret').toString('base64')}`;

/** A message as a gateway hands it over, signed by somebody else's code. */
export async function handOver(
  app: FastifyInstance,
  path: '/v1/inbound/sms' | '/v1/inbound/mail',
  body: unknown,
  {
    id = crypto.randomUUID(),
    at = new Date(),
    secret = inboundSecret,
    change = (payload: string) => payload,
    headers = {},
  }: {
    id?: string;
    at?: Date;
    secret?: string;
    change?: (payload: string) => string;
    headers?: Record<string, string>;
  } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await app.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Signer(secret).sign(id, at, payload),
      ...headers,
    },
    payload: change(payload),
  });
  return { status: response.statusCode, body: response.json() };
}

/** A door that gateways may use. */
export async function openSignedDoor(
  sql: Sql,
  engine: Engine,
  more: Partial<AppDeps> = {},
): Promise<Door> {
  const shut = await openDoor(sql, engine);
  await shut.app.close();
  return openDoor(sql, engine, { ...more, messages: { ...shut.deps.messages, inboundSecret } });
}
