/** What a refused act leaves of itself: one line in the audit log, written before the answer goes out (I14). */
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { recordRefusal } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { handleError, problemOf } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a call tries, as the audit log names it; undefined: its refusals are not recorded. */
    attempt?: (params: Record<string, string>) => string | undefined;
  }
}

/** Records the refusals of routes that name an attempt. Fails as a whole when the log can't be written. */
export function useAudit(app: FastifyInstance, deps: Pick<AppDeps, 'stores' | 'now'>): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const failed = await record(deps, request, error).then(
      () => error,
      (reason: FastifyError) => reason,
    );
    return handleError(failed, request, reply);
  });
}

async function record(
  deps: Pick<AppDeps, 'stores' | 'now'>,
  request: FastifyRequest,
  error: unknown,
): Promise<void> {
  const { person, routeOptions } = request;
  const params = request.params as Record<string, string>;
  const subject = routeOptions.config.attempt?.(params);
  if (!person || subject === undefined) return;
  const { caseNumber = null } = params;
  await recordRefusal(deps, { person, caseNumber, subject }, problemOf(error));
}
