import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ActionName, actionExamples, actions } from '../../domain/action-contracts.ts';
import { answers, taskDefinition } from '../../domain/catalogue.ts';
import type { CaseRow } from '../../services/cases/index.ts';
import { answerTask } from '../acts/answer-task.ts';
import { recordingRefusals } from '../acts/refusal.ts';
import { takeAction } from '../acts/take-action.ts';
import type { AppDeps } from '../deps.ts';
import { idempotencyKey } from '../fields.ts';
import { type Person, personOn } from '../plugins/auth.ts';
import { caseShape, problemsOf } from '../shapes.ts';
import { caseOn, caseParams, idempotencyHeaders, sendCase, typed } from './context.ts';

const common = {
  headers: idempotencyHeaders,
  response: { 200: caseShape, ...problemsOf(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) },
};
/** One of these, each under its name and with its example. */
const titled = (shapes: Record<string, z.ZodObject>, exampleOf: (name: string) => unknown) =>
  z.union(
    Object.entries(shapes).map(([title, shape]) =>
      shape.meta({ title, examples: [exampleOf(title)] }),
    ),
  );
const taskSchema = {
  ...common,
  tags: ['tasks'],
  summary: 'Answer an open task',
  description: 'Answers an open task; the body is the `answerSchema` it carries.',
  params: caseParams.extend({
    taskId: z.string().describe('name and occurrence: `reportRepair-2`'),
  }),
  body: titled(answers, (name) => taskDefinition(name)?.example({})),
};
const actionSchema = {
  ...common,
  tags: ['actions'],
  summary: 'Escalate, hold, waive, cancel, …',
  description: 'A word of somebody in charge; `allowedActions` lists what the case admits now.',
  params: caseParams.extend({ action: z.string().describe(Object.keys(actions).join(', ')) }),
  body: titled(actions, (name) => actionExamples[name as ActionName]),
};

/** Answers to tasks, and the words of those in charge. Both answer with the case as it is then. */
export async function actRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const act = async (
    request: FastifyRequest,
    reply: FastifyReply,
    about: { caseNumber: string; subject: string },
    run: (call: Call) => Promise<void>,
  ) => {
    const person = personOn(request);
    const row = await caseOn(deps, about.caseNumber);
    await recordingRefusals(deps, { person, ...about }, () =>
      run({ person, row, key: idempotencyKey(request.headers), body: request.body }),
    );
    return sendCase(deps, request, reply, about.caseNumber);
  };
  typed(app).post('/cases/:caseNumber/tasks/:taskId', { schema: taskSchema }, (request, reply) => {
    const { caseNumber, taskId } = request.params;
    return act(request, reply, { caseNumber, subject: taskId }, (call) =>
      answerTask(deps, { ...call, taskId }),
    );
  });
  typed(app).post(
    '/cases/:caseNumber/actions/:action',
    { schema: actionSchema },
    (request, reply) => {
      const { caseNumber, action } = request.params;
      return act(request, reply, { caseNumber, subject: action }, (call) =>
        takeAction(deps, { ...call, action }),
      );
    },
  );
}

interface Call {
  person: Person;
  row: CaseRow;
  key: string | undefined;
  body: unknown;
}
