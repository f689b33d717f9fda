/** The contract as an OpenAPI 3.1 document. `node services/partner/openapi.ts` writes `openapi.json` beside this file. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { contracts, serviceNames } from './contract.ts';
import { envelopeOf, type Operation } from './operations.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: leaveOutForms });
  return rest;
};
/** `format` says it all. */
function leaveOutForms({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}
const jsonOf = (schema: Json): Json => ({ 'application/json': { schema } });
const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** The document; the same on every call. */
export function openApi(): Json {
  const paths = serviceNames.flatMap((service) =>
    Object.entries(contracts[service]).map(([name, operation]): [string, Json] => [
      `/${service}/${name}`,
      { post: pathOf(service, name, operation) },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Afterloop partner contract', version: '1.0.0', description },
    servers: [
      { url: 'http://127.0.0.1:3100', description: 'the reference partner: npm run partner' },
    ],
    tags: serviceNames.map((name) => ({ name, description: tags[name] })),
    security: [{ bearer: [] }],
    paths: Object.fromEntries(paths),
    components,
  };
}

const description = `What a company's own parts, dispatch or message system answers, so that Afterloop can work with it.

Any one of the three may be implemented alone. Every operation is a POST of JSON and answers 200 with \`{ "result": … }\` and nothing beside it.

**Effects** carry an \`Idempotency-Key\`. They take place once per key: the same key with the same body gives the first answer again, at
once or days later, also while the first attempt is still under way; the same key with another body is refused as \`EffectKeyReused\`.
\`parts/release\` and \`dispatch/cancel\` also bar what they undo: an attempt under the undone key that arrives later is refused, and changes nothing.

**Refusals.** An effect without its key, or a body that is not JSON or has another shape, is refused with 400 or 422. A 4xx is for good: the case stops at a person who decides; its \`code\`, where listed with the operation, says why.
408, 429 and 5xx, no answer in time, a redirect, an answer of another shape or of more than 1 MiB are tried again under the same key, at
least once a minute and for as long as it takes; \`Retry-After\` is kept to, up to an hour.

Try it: \`npm run partner:check -- <url> [parts|dispatch|notification]\`.`;

const tags = {
  parts: 'Stock, reservations, loans, sales, returns',
  dispatch: 'Engineers, who can go, who is on call, visits',
  notification: "Messages, each in its recipient's language, with the address",
};

const components: Json = {
  securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description:
        'The effect key: 1 to 255 visible characters, such as C-000001/1/parts.reserve/1',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    },
  },
  responses: {
    TryAgain: {
      description: 'Not now; the same call with the same key later',
      headers: { 'Retry-After': { schema: { type: 'string' }, description: 'seconds, or a date' } },
    },
    Unauthorized: { description: 'No valid token' },
  },
};

function pathOf(service: string, name: string, operation: Operation): Json {
  const { kind, summary, request, failures } = operation;
  return {
    tags: [service],
    operationId: `${service}.${name}`,
    summary,
    ...(kind === 'effect' ? { parameters: [ref('parameters', 'IdempotencyKey')] } : {}),
    requestBody: { required: true, content: jsonOf(schemaOf(request)) },
    responses: {
      200: { description: 'Done', content: jsonOf(schemaOf(envelopeOf(operation))) },
      401: ref('responses', 'Unauthorized'),
      '4XX': refused(failures),
      429: ref('responses', 'TryAgain'),
      '5XX': ref('responses', 'TryAgain'),
    },
  };
}

function refused(failures: string[]): Json {
  const codes = [...failures, 'RequestRefused'];
  const schema = {
    type: 'object',
    required: ['code'],
    properties: {
      code: { type: 'string', examples: codes },
      detail: { type: 'string' },
    },
  };
  return {
    description: `Refused for good: ${codes.join(', ')}`,
    content: { 'application/problem+json': { schema } },
  };
}

export const openApiText = (): string => `${JSON.stringify(openApi(), null, 1)}\n`;

if (import.meta.main) await writeFile(new URL('openapi.json', import.meta.url), openApiText());
