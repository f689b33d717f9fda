/** Settings of worker versions. Part of `config/index.ts`, which alone reads the environment. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of our workers in the engine's list of deployments. */
export const deploymentName = 'afterloop';

const buildId = '1 to 100 letters, digits, "_", "-", "+" or "."';

/** Variables of the environment. */
export const versionVariables = {
  WORKER_VERSIONING: z.enum(['on', 'off'], 'on or off').default('off'),
  BUILD_ID: z
    .string(buildId)
    .regex(/^[\w.+-]{1,100}$/, buildId)
    .optional(),
  PATCHES: z.enum(['active', 'held'], 'active or held').default('active'),
};
type Environment = z.infer<z.ZodObject<typeof versionVariables>>;

/** Which build the workers are, and whether it takes its new steps. */
export interface VersionSettings {
  /** Off: the engine gives cases to any worker. On: to those of the build that `npm run versions` names. */
  versioning: 'on' | 'off';
  /** Name of the build; null: its revision, see `buildIdOf`. */
  buildId: string | null;
  /** Held: new cases go the way that they went before the newest changes of the flows. */
  patches: 'active' | 'held';
}

/** What the variables say together. */
export function versionSettings(env: Environment): VersionSettings {
  return {
    versioning: env.WORKER_VERSIONING,
    buildId: env.BUILD_ID ?? null,
    patches: env.PATCHES,
  };
}

const root = join(import.meta.dirname, '..');
const packageFile = z.object({ version: z.string() });

/** The build's name: as set, else the git revision (with `-dirty` when files were edited), else the package's version. */
export function buildIdOf(settings: VersionSettings): string {
  return settings.buildId ?? revision() ?? packageVersion();
}

function revision(): string | null {
  const args = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null; // no git here, or no repository
  }
}

const packageVersion = () =>
  packageFile.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
