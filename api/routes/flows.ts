import type { FastifyInstance } from 'fastify';
import {
  answerSchema,
  type FlowDefinition,
  flows,
  inputSchema,
  tasksOf,
} from '../../domain/catalogue.ts';
import { chartOf } from '../../domain/chart.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { type FlowPage, flowShape } from '../shapes/register.ts';
import { typed } from './context.ts';

const flowPage = (flow: FlowDefinition): FlowPage => ({
  name: flow.name,
  title: flow.title,
  stages: flow.stages.map(({ name, title }) => ({ name, title })),
  chart: chartOf(flow),
  inputSchema: inputSchema(flow),
  tasks: tasksOf(flow).map((task) => ({
    name: task.name,
    title: task.title,
    role: task.role,
    stage: task.stage,
    answerSchema: answerSchema(task),
  })),
});

/** The catalogue: what `POST /v1/cases` opens and what each task asks. */
export async function flowRoutes(app: FastifyInstance): Promise<void> {
  const items = flows.map(flowPage);
  const schema = {
    operationId: 'listFlows',
    tags: ['flows'],
    summary: 'Every flow: stages, tasks, schemas, examples',
    response: { 200: listOf(flowShape), ...problemsOf() },
  };
  typed(app).get('/flows', { schema }, async () => ({ items, nextCursor: null }));
}
