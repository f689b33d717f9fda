/** The tasks of a defect report: `support` analyses, `quality` owns the product, the supervisor is the review board. Free of zod. */
import { when } from '../../problems.ts';
import { defineTasks } from '../define.ts';
import type { answers } from './contracts.ts';

const unitsFit = (treats: string, serials: string[]) => [
  ...when(
    treats === 'listedUnits' && serials.length === 0,
    '/treatedSerials',
    'list at least one unit: the effect is checked on them',
  ),
  ...when(
    treats === 'allUnits' && serials.length > 0,
    '/treatedSerials',
    'none is listed when every unit is treated',
  ),
];

export const tasks = defineTasks<typeof answers>({
  fileFaultAnalysis: {
    role: 'support',
    title: { en: 'File the fault-analysis form', zh: '填写故障分析表' },
  },
  verifyDefect: {
    role: 'quality',
    title: { en: 'Verify and grade the defect', zh: '核实缺陷并定级' },
    check: ({ result, grade, duplicateOf }, { reportNumber }) => [
      ...when(result === 'verified' && grade === undefined, '/grade', 'grade a verified defect'),
      ...when(
        result === 'duplicate' && duplicateOf === undefined,
        '/duplicateOf',
        'name the report that stays',
      ),
      ...when(
        duplicateOf !== undefined && duplicateOf === reportNumber,
        '/duplicateOf',
        'another report than this one',
      ),
    ],
  },
  acknowledgeDefect: {
    role: 'quality',
    title: { en: 'Acknowledge the defect, name its owner', zh: '确认缺陷并指定责任人' },
  },
  reportRootCause: {
    role: 'quality',
    title: { en: 'Report the root cause', zh: '报告根本原因' },
  },
  proposeAction: {
    role: 'quality',
    title: { en: 'Propose a corrective action', zh: '提出纠正措施' },
    check: (answer, { productModel, earliestDueAt, now = earliestDueAt }) => [
      ...when(
        answer.dueAt !== undefined && Date.parse(answer.dueAt) <= Date.parse(now),
        '/dueAt',
        `lies in the past: must be later than ${now}`,
      ),
      ...when(
        productModel !== undefined && !answer.affectedModels.includes(productModel),
        '/affectedModels',
        `${productModel} is affected: it is what the report is about`,
      ),
      ...unitsFit(answer.treats, answer.treatedSerials),
    ],
  },
  approveAction: {
    role: 'supervisor',
    title: { en: 'Approve the corrective action', zh: '审批纠正措施' },
    check: ({ approved }, { dueAt, now = '' }) =>
      when(
        approved && Date.parse(dueAt) <= Date.parse(now),
        '/approved',
        `the action was due ${dueAt}: send it back for a later date`,
      ),
  },
  reportActionInPlace: {
    role: 'quality',
    title: { en: 'Report the action in place', zh: '报告措施已落实' },
    check: ({ treatedSerials }, { treats }) => unitsFit(treats, treatedSerials),
  },
});
