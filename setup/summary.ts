import { z } from 'zod';
import type { Config } from '../config/index.ts';
import { roles } from '../domain/case.ts';

const flowsSchema = z.object({
  items: z.array(
    z.object({ name: z.string(), inputSchema: z.object({ examples: z.array(z.unknown()) }) }),
  ),
});

/** The table that ends `npm start`: where everything is, who may call, and a first call to try. */
export async function summaryOf(config: Config): Promise<string> {
  const base = baseUrl(config);
  const demo = config.auth.kind === 'demo';
  const rows = [
    ['API', `${base}/docs`],
    ['Temporal UI', `${config.temporalUiUrl}/namespaces/${config.namespace}/workflows`],
    ['Logs', `${config.dataDir}/*.log`],
    ['Tokens', demo ? roles.map((role) => `demo-${role}`).join('  ') : 'JWTs of AUTH_ISSUER'],
    ...(demo ? [['Stories', 'npm run demo, in another terminal']] : []),
    ['Check', 'npm run doctor, in another terminal'],
    ['Stop', 'Ctrl-C; all cases are kept'],
  ];
  const table = rows.map(([name = '', value]) => `  ${name.padEnd(12)} ${value}`).join('\n');
  return demo ? `${table}\n\n  Open a case:\n\n${await firstCall(base)}\n` : table;
}

/** Where the API answers on this machine. */
export function baseUrl({ host, port }: Config): string {
  const name =
    host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function firstCall(base: string): Promise<string> {
  const body = JSON.stringify(await firstExample(base));
  return [
    `  curl -s ${base}/v1/cases -H 'authorization: Bearer demo-hotline' \\`,
    `    -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" \\`,
    `    -d '${body.replaceAll("'", `'\\''`)}'`,
  ].join('\n');
}

async function firstExample(base: string): Promise<unknown> {
  const answer = await fetch(`${base}/v1/flows`, {
    headers: { authorization: 'Bearer demo-hotline' },
  });
  const { items } = flowsSchema.parse(await answer.json());
  const flow = items.find(({ name }) => name === 'inWarrantyRepair');
  return flow?.inputSchema.examples[0];
}
