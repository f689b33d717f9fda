/** `npm run migrate`: brings the database to this build's schema. */

import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { migrate } from '../db/migrate.ts';
import { runMain } from './main.ts';

await runMain(() => migrate(requireDatabaseUrl(loadConfig(processEnvironment()))));
