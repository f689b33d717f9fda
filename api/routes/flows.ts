import type { FastifyInstance } from 'fastify';
import {
  answerSchema,
  type FlowDefinition,
  flows,
  inputSchema,
  tasksOf,
} from '../../domain/catalogue.ts';
import { chartOf } from '../../domain/chart.ts';
import { flowShape, listOf, problemsOf } from '../shapes.ts';

const flowPage = (flow: FlowDefinition) => ({
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
    tags: ['flows'],
    summary: 'Every flow: stages, tasks, schemas, examples',
    response: { 200: listOf(flowShape), ...problemsOf(401) },
  };
  app.get('/flows', { schema }, async () => ({ items, nextCursor: null }));
}
