/** The tasks after the work. Free of zod. */
import { type PartLine, sumLines } from '../../../loan.ts';
import { type FieldError, when } from '../../../problems.ts';
import { defineTasks } from '../../define.ts';
import { serialsMatch } from '../old-parts.ts';
import type { answers } from './contracts.ts';

const sameParts = (given: PartLine[], used: PartLine[]): FieldError[] => {
  const text = (lines: PartLine[]) =>
    JSON.stringify(sumLines(lines).sort((a, b) => a.partNumber.localeCompare(b.partNumber)));
  return when(
    text(given) !== text(used),
    '/lines',
    `must be the parts used: ${used.map((line) => `${line.quantity} × ${line.partNumber}`).join(', ')}`,
  );
};

export const tasks = defineTasks<typeof answers>({
  writeServiceRecord: {
    role: 'engineer',
    title: { en: 'Write the service record', zh: '填写维修记录' },
  },
  fileWarrantyClaim: {
    role: 'engineer',
    title: { en: 'Complete the warranty procedure', zh: '办理三包手续' },
    check: (answer, context) => [
      ...serialsMatch(answer.lines, '/lines'),
      ...sameParts(answer.lines, context.usedParts),
    ],
  },
  signServiceRecord: {
    role: 'engineer',
    title: { en: 'Have the service record signed and rated', zh: '用户签字并评价' },
    check: (answer, context) => [
      ...when(
        answer.version !== context.version,
        '/version',
        `the current version is ${context.version}`,
      ),
      ...when(
        answer.digest !== context.digest,
        '/digest',
        'not the digest of the version that is to be signed',
      ),
      ...when(
        answer.signed && answer.rating === undefined,
        '/rating',
        'who signs also rates the service',
      ),
    ],
    doorCheck: (answer) => [
      ...when(answer.signed && answer.signedBy === undefined, '/signedBy', 'who signed?'),
      ...when(
        !answer.signed && answer.refusal === undefined,
        '/refusal',
        'record why the signature was refused',
      ),
    ],
  },
  decideRefusedSignature: {
    role: 'supervisor',
    title: { en: 'Decide on a refused signature', zh: '用户拒签的处理' },
  },
  receiveOldParts: {
    role: 'partsKeeper',
    title: { en: 'Take in the old parts and the slip', zh: '收取旧件与三包单' },
    check: (answer, context) => [
      ...serialsMatch(answer.lines, '/lines'),
      ...sameParts(answer.lines, context.usedParts),
    ],
  },
  recordCallback: {
    role: 'hotline', // M09
    title: { en: 'Call the customer back', zh: '电话回访' },
    check: (answer) =>
      when(
        answer.result === 'reached' && answer.fixed === undefined,
        '/fixed',
        'is the fault fixed? say so when the customer was reached',
      ),
  },
  planFurtherService: {
    role: 'engineer',
    title: { en: 'Plan further service', zh: '制定继续服务方案' },
  },
  decideFurtherService: {
    role: 'supervisor',
    title: { en: 'Decide whether to serve on', zh: '决定是否继续服务' },
  },
});
