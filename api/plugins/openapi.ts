/** `/openapi.json` (3.1.1) and `/docs`, from the same zod contracts that check what comes in and what goes out. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import { printable } from '../../domain/values.ts';
import { allCodes } from '../problem-catalogue.ts';

const bearer = {
  type: 'http',
  scheme: 'bearer',
  description:
    'With the embedded default: demo-hotline, demo-engineer, … (the table at start lists them).',
} as const;
const tags = [
  'cases',
  'tasks',
  'actions',
  'flows',
  'register',
  'services',
  'schedules',
  'inspection plans',
  'defects',
  'imports',
  'messages',
  'webhooks',
  'health',
  'pages',
];
/** The page is ours: no other name on top. */
const css = [{ filename: 'page.css', content: '.swagger-ui .topbar { display: none }' }];

interface Written {
  format?: string;
  pattern?: string;
  allOf?: object[];
}
/** Other tools count characters: no lone half can come up there. */
const printableText = '^[^\\x00]*$';

/** What not every tool can read is said so that it can: a format says enough, without the patterns that say it again. */
function readable({ jsonSchema }: { jsonSchema: Written }): void {
  if (jsonSchema.pattern === printable.source) jsonSchema.pattern = printableText;
  if (!jsonSchema.format) return;
  delete jsonSchema.pattern;
  delete jsonSchema.allOf;
}
const zodToJsonConfig = { override: readable };
const toComponents = createJsonSchemaTransformObject({ zodToJsonConfig });

/** Register before the routes, so that it sees them. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Afterloop',
        version: '1',
        description: `After-sales cases from call to close. Errors are application/problem+json; \`code\` is one of: ${allCodes.join(', ')}. Each has its page at \`/problems/{code}\`.`,
      },
      components: { securitySchemes: { bearer } },
      security: [{ bearer: [] }],
      tags: tags.map((name) => ({ name })),
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (document) => onlyUsed(toComponents(document)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Afterloop', css },
    uiConfig: { persistAuthorization: true, defaultModelRendering: 'model' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

interface Described {
  paths?: object;
  components?: { schemas?: object };
}

/** Without the components that no route leads to: each is made for requests and for answers, and most are one of the two. */
function onlyUsed<Document extends Described>(document: Document): Document {
  const all = new Map<string, unknown>(Object.entries(document.components?.schemas ?? {}));
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    )) {
      if (used.has(name)) continue;
      used.add(name);
      follow(all.get(name));
    }
  };
  follow(document.paths);
  const schemas = Object.fromEntries([...all].filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas } };
}
