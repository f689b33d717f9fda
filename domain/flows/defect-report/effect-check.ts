/** Effect check (FLOW-FRACAS): what a closed defect report promised, days after its action was in place. Free of zod. */
import { defineFlow } from '../define.ts';

export const effectCheckFlow = defineFlow({
  name: 'effectCheck',
  title: { en: 'Effect check', zh: '效果验证' },
  tasks: {},
  stages: [
    {
      name: 'checkingEffect',
      title: { en: 'Comparing treated and prior units', zh: '对比整改前后故障' },
      tasks: [],
    },
  ],
  outcomes: ['effective', 'failed', 'notCompared'],
});
