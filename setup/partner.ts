/** `npm run partner`: the reference partner, on loopback, over the built-in services and a database of its own beside the product's. */
import closeWithGrace from 'close-with-grace';
import postgres from 'postgres';
import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { connect } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { createDispatch } from '../services/dispatch/built-in.ts';
import { serviceNames } from '../services/partner/contract.ts';
import { createOutbox } from '../services/partner/outbox.ts';
import { buildPartner } from '../services/partner/server.ts';
import { createParts } from '../services/parts/built-in.ts';
import { loadDemoData } from './demo-data/load.ts';

await runMain(main);

async function main(): Promise<void> {
  const config = loadConfig(processEnvironment());
  const { port, token } = config.partners.reference;
  const url = await ownDatabase(requireDatabaseUrl(config));
  await migrate(url);
  await loadDemoData(url);
  const sql = connect(url, { applicationName: 'afterloop-partner' });
  const services = {
    parts: createParts(sql),
    dispatch: createDispatch(sql),
    notification: createOutbox(sql),
  };
  const app = buildPartner(services, { token });
  const base = await app.listen({ port, host: '127.0.0.1' });
  process.stdout.write(`${usage(base)}\n`);
  closeWithGrace({ delay: 5_000 }, async () => {
    await app.close();
    await sql.end({ timeout: 5 });
  });
}

function usage(base: string): string {
  return [
    `Reference partner at ${base}, its contract at ${base}/openapi.json. To work with it, start the product with`,
    ...serviceNames.map((name) => `  ${name.toUpperCase()}_URL=${base}`),
    'one of them or all. Ctrl-C ends it: then cases wait for it.',
  ].join('\n');
}

/** `<database>_partner` on the same server, made when it is not there. */
async function ownDatabase(productUrl: string): Promise<string> {
  const url = new URL(productUrl);
  const name = `${decodeURIComponent(url.pathname.slice(1))}_partner`;
  const server = postgres(productUrl, { max: 1, onnotice: () => undefined });
  try {
    const [known] = await server`select from pg_database where datname = ${name}`;
    if (!known) await server`create database ${server(name)}`;
  } finally {
    await server.end();
  }
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}
