/** `npm run test:schema`: does the door keep its own contract? The product as `npm start` runs it, and a caller who tries everything. */
import { OAuth2Server } from 'oauth2-mock-server';
import { loadConfig, processEnvironment } from '../../config/index.ts';
import { roles } from '../../domain/case.ts';
import { createProduct } from '../support/product.ts';
import { installSchemathesis, runSchemathesis } from './schemathesis.ts';
import { unknownTypes } from './types.ts';

const issuer = new OAuth2Server();
const claims = { sub: 'ST-05', aud: 'afterloop', roles, territories: [] };

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  if (issuer.listening) await issuer.stop();
}

/** `more`: further words for Schemathesis, such as `--include-operation-id openCase`. */
async function main(more: string[]): Promise<number> {
  const { cacheDir } = loadConfig(processEnvironment());
  const program = await installSchemathesis(cacheDir);
  await issuer.issuer.keys.generate('RS256');
  await issuer.start(0, '127.0.0.1');
  const product = await createProduct({
    AUTH_JWKS_URL: `http://127.0.0.1:${issuer.address().port}/jwks`,
    AUTH_ISSUER: issuer.issuer.url ?? '',
    AUTH_AUDIENCE: claims.aud,
    CALLS_PER_MINUTE: '1000000',
  });
  try {
    product.start();
    await product.started();
    await product.settled();
    await mustKnow(cacheDir, product.base);
    return await runSchemathesis(program, { base: product.base, token: await tokenOf(), more });
  } finally {
    await product.end();
  }
}

/** Fails with each place where a generated client would not know what we know. */
async function mustKnow(cacheDir: string, base: string): Promise<void> {
  const document = await (await fetch(`${base}/openapi.json`)).text();
  const unknown = await unknownTypes(cacheDir, document);
  if (unknown.length > 0) throw new Error(`Generated types say unknown:\n${unknown.join('\n')}`);
  process.stdout.write('Generated types know everything that the product does.\n');
}

/** Somebody in every role, so that no operation ends at 403. */
function tokenOf(): Promise<string> {
  return issuer.issuer.buildToken({
    scopesOrTransform: (_header, body) => void Object.assign(body, claims),
    expiresIn: 7_200,
  });
}
