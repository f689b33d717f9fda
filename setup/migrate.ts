/** `npm run migrate`: brings the database to this build's schema. */

import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { migrate } from '../db/migrate.ts';

await runMain(() => migrate(requireDatabaseUrl(loadConfig(processEnvironment()))));
