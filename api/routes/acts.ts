import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ActionName, actionExamples, actions } from '../../domain/action-contracts.ts';
import { answers, taskDefinition } from '../../domain/catalogue.ts';
import { answerTask, taskIdForm } from '../acts/answer-task.ts';
import { takeAction } from '../acts/take-action.ts';
import type { AppDeps } from '../deps.ts';
import { personOn } from '../plugins/auth.ts';
import { caseShape } from '../shapes/case.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { anyOf, caseFor, caseOn, caseParams, keyAllowed, typed } from './context.ts';

const actionNames = Object.keys(actions) as [ActionName, ...ActionName[]];
const common = {
  headers: keyAllowed,
  response: { 200: caseShape, ...problemsOf(403, 404, 409, ...ofBodies) },
};
const taskSchema = {
  ...common,
  operationId: 'answerTask',
  tags: ['tasks'],
  summary: 'Answer an open task',
  description: 'Answers an open task; the body is the `answerSchema` it carries.',
  params: caseParams.extend({
    taskId: z
      .string()
      .regex(taskIdForm, 'task')
      .describe('name and occurrence')
      .meta({ examples: ['triageApplication-1'] }),
  }),
  body: anyOf(answers, (name) => [taskDefinition(name)?.example({})]),
};
const actionSchema = {
  ...common,
  operationId: 'takeAction',
  tags: ['actions'],
  summary: 'Escalate, hold, waive, cancel, …',
  description: 'A word of somebody in charge; `allowedActions` lists what the case admits now.',
  params: caseParams.extend({ action: z.enum(actionNames, 'action') }),
  body: anyOf(actions, (name) => [actionExamples[name]]),
};

/** Answers to tasks, and the words of those in charge. Both answer with the case as it is then. */
export async function actRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).post(
    '/cases/:caseNumber/tasks/:taskId',
    { schema: taskSchema, config: { attempt: ({ taskId }) => taskId } },
    async (request, reply) => {
      const { body, headers, params } = request;
      const { caseNumber, taskId } = params;
      const call = { person: personOn(request), key: headers['idempotency-key'], body };
      const row = await caseOn(deps, caseNumber);
      await answerTask(deps, { ...call, row, taskId });
      return caseFor(deps, request, reply, caseNumber);
    },
  );
  typed(app).post(
    '/cases/:caseNumber/actions/:action',
    { schema: actionSchema, config: { attempt: ({ action }) => action } },
    async (request, reply) => {
      const { body, headers, params } = request;
      const { caseNumber, action } = params;
      const call = { person: personOn(request), key: headers['idempotency-key'], body };
      const row = await caseOn(deps, caseNumber);
      await takeAction(deps, { ...call, row, action });
      return caseFor(deps, request, reply, caseNumber);
    },
  );
}
