/** `npm run temporal:apply`: gives the namespace its retention and search attributes, or says what differs. */

import { loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { connectWithPatience } from './connect.ts';
import { applyNamespace } from './namespace.ts';

await runMain(async () => {
  const config = loadConfig(processEnvironment());
  const connection = await connectWithPatience(config);
  const { changed, differs } = await applyNamespace(connection, {
    ...config.engine,
    namespace: config.namespace,
  });
  await connection.close();
  for (const line of changed) console.log(`changed: ${line}`);
  for (const line of differs) console.error(`differs: ${line}`);
  if (changed.length + differs.length === 0) console.log(`${config.namespace}: as it should be`);
  if (differs.length > 0) process.exitCode = 1;
});
