import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ImportKind, importKinds, registers } from '../../domain/imports/registers.ts';
import {
  type CellError,
  type ImportResult,
  importFile,
  maxBytes,
} from '../../services/imports/index.ts';
import { recordingRefusals } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { flag, idempotencyKey, page, pageSize } from '../fields.ts';
import { actorIn, type Person, personOn } from '../plugins/auth.ts';
import { notFound, Problem } from '../problem.ts';
import { importShape, listOf, problemsOf } from '../shapes.ts';
import { idempotencyHeaders, typed } from './context.ts';

const columnsOf = (kind: ImportKind) => {
  const columns = Object.entries(registers[kind].columns);
  return `${kind}: ${columns.map(([name, { required }]) => (required ? name : `[${name}]`)).join(', ')}`;
};
const schema = {
  tags: ['imports'],
  summary: 'Take a CSV file into a register',
  description: [
    'The body is the file (text/csv, UTF-8, at most 8 MiB): all of it is taken in, or nothing. Rows are found by their number.',
    'A column in [ ] may be left out, and then stays as it is. `Idempotency-Key` is required unless `dryRun=true`.',
    'What is wrong is 422, each of `errors` with `row` (as a spreadsheet counts) and `column`, and what is allowed; `found` is how many.',
    ...importKinds.map(columnsOf),
  ].join('\n\n'),
  consumes: ['text/csv'],
  params: z.object({ kind: z.string() }),
  querystring: z.strictObject({ dryRun: flag.optional() }),
  headers: idempotencyHeaders,
  body: z.string().describe('the file'),
  response: {
    200: importShape,
    201: importShape,
    ...problemsOf(400, 401, 403, 404, 413, 415, 422, 429, 503),
  },
};
const listSchema = {
  tags: ['imports'],
  summary: 'What was imported, newest first',
  querystring: z.strictObject(page),
  response: { 200: listOf(importShape), ...problemsOf(401, 403, 422) },
};

/** Registers from files: an administrator's, logged for ever. */
export async function importRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).post(
    '/imports/:kind',
    { schema, bodyLimit: maxBytes, config: { csv: true } },
    async (request, reply) => {
      const person = personOn(request);
      const attempt = { person, caseNumber: null, subject: 'importFile' };
      const result = await recordingRefusals(deps, attempt, () =>
        take(deps, request, person, request.params.kind, request.query.dryRun ?? false),
      );
      return sendResult(reply, result);
    },
  );
  typed(app).get('/imports', { schema: listSchema }, async (request) => {
    if (!actorIn(personOn(request), ['admin', 'auditor']))
      throw new Problem('forbidden', { detail: 'the log of imports is for admin and auditor' });
    const { cursor, limit = pageSize } = request.query;
    return deps.stores.imports.list(cursor, limit);
  });
}

/** 403 before 404 before 400 before 422. */
async function take(
  deps: AppDeps,
  request: FastifyRequest,
  person: Person,
  name: string,
  dryRun: boolean,
): Promise<ImportResult> {
  const by = actorIn(person, ['admin']);
  if (!by) throw new Problem('forbidden', { detail: 'an administrator imports' });
  const kind = importKinds.find((one) => one === name);
  if (!kind) throw notFound(`register; there are ${importKinds.join(', ')}`);
  const key = idempotencyKey(request.headers);
  if (key === undefined && !dryRun)
    throw new Problem('headerMissing', { detail: 'Idempotency-Key' });
  const file = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const write = key === undefined || dryRun ? null : { scope: `imports/${by.id}`, key };
  const { imports, directory } = deps.stores;
  const result = await importFile({ imports, directory, now: deps.now }, { kind, file, write, by });
  if (result.kind === 'keyReused') throw new Problem('idempotencyKeyReused');
  if (result.kind === 'wrong') throw wrongFile(result.errors, result.found);
  return result;
}

function sendResult(reply: FastifyReply, result: ImportResult) {
  switch (result.kind) {
    case 'imported':
      return reply.code(201).send({ dryRun: false, ...result.row });
    case 'same':
      return reply.send({ dryRun: false, ...result.row });
    case 'tried':
      return reply.send({ dryRun: true, ...result.report });
    default:
      throw new Problem('unavailable');
  }
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
