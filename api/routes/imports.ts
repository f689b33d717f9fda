import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ImportKind, importKinds, registers } from '../../domain/imports/registers.ts';
import { type CellError, importFile, maxBytes } from '../../services/imports/index.ts';
import type { AppDeps } from '../deps.ts';
import { flag, page, pageSize } from '../fields.ts';
import { type Person, personOn } from '../plugins/auth.ts';
import { Problem } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { loggedShape, takenShape, triedShape } from '../shapes/services.ts';
import { keyAllowed, only, typed } from './context.ts';

const columnsOf = (kind: ImportKind) => {
  const columns = Object.entries(registers[kind].columns);
  return `${kind}: ${columns.map(([name, { required }]) => (required ? name : `[${name}]`)).join(', ')}`;
};
const kindParams = z.object({
  kind: z.enum(importKinds, `register; there are ${importKinds.join(', ')}`),
});
const wish = z.strictObject({ dryRun: flag.optional() });
const schema = {
  operationId: 'importRegister',
  tags: ['imports'],
  summary: 'Take a CSV file into a register',
  description: [
    'The body is the file (text/csv, UTF-8, at most 8 MiB): all of it is taken in, or nothing. Rows are found by their number.',
    'A column in [ ] may be left out, and then stays as it is. `Idempotency-Key` is required unless `dryRun=true`.',
    'What is wrong is 422, each of `errors` with `row` (as a spreadsheet counts) and `column`, and what is allowed; `found` is how many.',
    ...importKinds.map(columnsOf),
  ].join('\n\n'),
  consumes: ['text/csv'],
  params: kindParams,
  querystring: wish,
  headers: keyAllowed,
  body: z.string().describe('the file'),
  response: {
    200: z.union([takenShape, triedShape]),
    201: takenShape,
    ...problemsOf(403, 404, ...ofBodies),
  },
};
const listSchema = {
  operationId: 'listImports',
  tags: ['imports'],
  summary: 'What was imported, newest first',
  querystring: z.strictObject(page),
  response: { 200: listOf(loggedShape), ...problemsOf(403, 422) },
};
const importing = {
  ...only(['admin'], 'an administrator imports'),
  bodyLimit: maxBytes,
  config: { csv: true, attempt: () => 'importFile' },
} as const;
const reading = only(['admin', 'auditor'], 'the log of imports is for admin and auditor');

/** Registers from files: an administrator's, logged for ever. */
export async function importRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).post('/imports/:kind', { schema, ...importing }, async (request, reply) => {
    const { params, query, headers, body } = request;
    const asked = { ...params, ...query, key: headers['idempotency-key'], body };
    const result = await take(deps, personOn(request), asked);
    if (result.kind === 'tried') return { ...result.report, dryRun: true as const };
    reply.code(result.kind === 'imported' ? 201 : 200);
    return { ...result.row, dryRun: false as const };
  });
  typed(app).get('/imports', { schema: listSchema, ...reading }, async (request) => {
    const { cursor, limit = pageSize } = request.query;
    return deps.stores.imports.list(cursor, limit);
  });
}

interface Asked {
  kind: ImportKind;
  dryRun?: boolean | undefined;
  key: string | undefined;
  body: unknown;
}

/** 403 before 404 before 400 before 422. */
async function take(deps: AppDeps, person: Person, { kind, dryRun = false, key, body }: Asked) {
  if (key === undefined && !dryRun)
    throw new Problem('headerMissing', { detail: 'idempotency-key' });
  const by = { id: person.id, role: 'admin' } as const;
  const file = body instanceof Uint8Array ? body : new Uint8Array();
  const write = key === undefined || dryRun ? null : { scope: `imports/${by.id}`, key };
  const { imports, directory } = deps.stores;
  const result = await importFile({ imports, directory, now: deps.now }, { kind, file, write, by });
  if (result.kind === 'keyReused') throw new Problem('idempotencyKeyReused');
  if (result.kind === 'wrong') throw wrongFile(result.errors, result.found);
  return result;
}

/** Each with its row and column for people, and the same as a pointer for programs. */
function wrongFile(errors: CellError[], found: number): Problem {
  return new Problem('invalidRequest', {
    detail: `nothing was imported: ${found} ${found === 1 ? 'error' : 'errors'}`,
    errors: errors.map((error) => ({ pointer: pointerOf(error), ...error })),
    more: { found },
  });
}

const pointerOf = ({ row, column }: CellError): string =>
  [row, column]
    .flatMap((step) =>
      step === null ? [] : [`/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`],
    )
    .join('');
