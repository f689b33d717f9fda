import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const importing = (what: string) => `import { x } from '${what}';\nexport const y = x;\n`;
const calling = (word: string) =>
  `export const f = (sql: { ${word}(x: number): void }) => sql.${word}(1);\n`;
const reading = 'export const home = process.env.HOME;\n';

const refused: [path: string, code: string, rule: string][] = [
  ['services/begin.ts', calling('begin'), 'plugin'],
  ['db/transaction.ts', calling('transaction'), 'plugin'],
  ['worker/environment.ts', reading, 'noProcessEnv'],
  ['domain/db.ts', importing('../db/connect.ts'), 'noRestrictedImports'],
  ['domain/engine.ts', importing('@temporalio/workflow'), 'noRestrictedImports'],
  ['workflows/zod.ts', importing('zod'), 'noRestrictedImports'],
  ['workflows/kernel/parts.ts', importing('../../services/parts/index.ts'), 'noRestrictedImports'],
  ['activities/built-in.ts', importing('../services/parts/built-in.ts'), 'noRestrictedImports'],
  ['services/parts/activities.ts', importing('../../activities/index.ts'), 'noRestrictedImports'],
  ['db/parts.ts', importing('../services/parts/index.ts'), 'noRestrictedImports'],
  ['db/activities.ts', importing('../activities/index.ts'), 'noRestrictedImports'],
  ['activities/sql.ts', importing('../db/connect.ts'), 'noRestrictedImports'],
  ['api/routes/sql.ts', importing('../../db/connect.ts'), 'noRestrictedImports'],
  ['checks/tests.ts', importing('../tests/support/world.ts'), 'noRestrictedImports'],
  ['api/routes/kernel.ts', importing('../../workflows/case-file/index.ts'), 'noRestrictedImports'],
  [
    'workflows/patched.ts',
    "import { patched } from '@temporalio/workflow';\nexport const is = patched('a');\n",
    'noRestrictedImports',
  ],
  [
    'workflows/repair/waits.ts',
    "import { condition } from '@temporalio/workflow';\nexport const wait = condition;\n",
    'noRestrictedImports',
  ],
  ['api/routes/settings.ts', importing('../../config/index.ts'), 'noRestrictedImports'],
  ['worker/flows.ts', importing('../workflows/index.ts'), 'noRestrictedImports'],
  ['setup/api.ts', importing('../api/app.ts'), 'noRestrictedImports'],
  [
    'domain/there.ts',
    "import type { Back } from './back.ts';\nexport type There = Back;\n",
    'noImportCycles',
  ],
  [
    'domain/back.ts',
    "import type { There } from './there.ts';\nexport type Back = There | 1;\n",
    'noImportCycles',
  ],
];
const accepted: [path: string, code: string][] = [
  ['config/index.ts', reading],
  ['workflows/domain.ts', importing('../domain/case.ts')],
  ['workflows/kernel/activities.ts', importing('../../activities/index.ts')],
  ['activities/failures.ts', importing('../db/failures.ts')],
  ['api/routes/hash.ts', importing('../../db/hash.ts')],
  ['activities/interface.ts', importing('../services/parts/index.ts')],
  ['services/parts/db.ts', importing('../../db/connect.ts')],
  ['api/routes/messages.ts', importing('../../workflows/wire.ts')],
  ['services/cases/wire.ts', importing('../../workflows/wire.ts')],
  ['api/main.ts', importing('../services/parts/built-in.ts')],
  ['worker/built-in.ts', importing('../services/parts/built-in.ts')],
];

let folder = '';
let found: { path: string; category: string }[] = [];

/** A copy of the rules with a probe for each in its room; one run of the linter over all of them. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterloop-lint-'));
  for (const name of ['biome.json', '.gitignore', 'package.json', 'setup/lint']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const [path, code] of [...refused, ...accepted]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  const args = ['lint', '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/biome'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  found = JSON.parse(stdout).diagnostics.map(
    ({ category, location }: { category: string; location: { path: string } }) => ({
      category,
      path: location.path,
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rulesAgainst = (path: string) =>
  found.filter((one) => one.path.endsWith(path)).map((one) => one.category.split('/').at(-1));

test.each(refused)('%s is refused: %s', (path, _, rule) => {
  expect(rulesAgainst(path)).toEqual([rule]);
});

test.each(accepted)('%s is accepted: %s', (path) => {
  expect(rulesAgainst(path)).toEqual([]);
});
