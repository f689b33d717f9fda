/** `/openapi.json` (3.1.1) and `/docs`, from the same zod contracts that validate. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { codes } from '../problem.ts';

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
  'imports',
  'messages',
  'webhooks',
  'health',
];
/** The page is ours: no other name on top. */
const css = [{ filename: 'page.css', content: '.swagger-ui .topbar { display: none }' }];

/** Register before the routes, so that it sees them. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Afterloop',
        version: '1',
        description: `After-sales cases from call to close. Errors are application/problem+json; \`code\` is one of: ${Object.keys(codes).join(', ')}.`,
      },
      components: { securitySchemes: { bearer } },
      security: [{ bearer: [] }],
      tags: tags.map((name) => ({ name })),
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Afterloop', css },
    uiConfig: { persistAuthorization: true, defaultModelRendering: 'model' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
