/** What a message system must do. Messages go to nobody: phone and mail are null. */

import type { ReadyMessage } from './notification-contract.ts';
import { need, needRefusal, type Requirement, type Trial } from './trial.ts';

const message = ({ caseNumber, key }: Trial, more: Partial<ReadyMessage> = {}): ReadyMessage => ({
  effectKey: key(),
  caseNumber,
  sequence: 1,
  template: 'alert',
  recipient: { kind: 'role', role: 'supervisor', territory: 'north' },
  params: { level: 1, trigger: 'partner check' },
  channel: 'internal',
  locale: 'en',
  text: 'A trial message of npm run partner:check.',
  name: null,
  phone: null,
  mail: null,
  ...more,
});

export const notificationRequirements: Requirement[] = [
  {
    name: 'the same key with the same body is one message, also when five come at once; with another body it is refused',
    async meet(trial) {
      const { notification } = trial;
      const request = message(trial);
      const five = await Promise.all([1, 2, 3, 4, 5].map(() => notification.send(request)));
      const numbers = new Set(five.map((one) => one.notificationNumber));
      need(numbers.size === 1, `numbers ${[...numbers]}`);
      await needRefusal(notification.send({ ...request, text: 'Other.' }), 'EffectKeyReused');
    },
  },
  {
    name: 'messages of a case are listed once each, in the order taken, from a given one on',
    async meet(trial) {
      const { notification } = trial;
      const caseNumber = `${trial.caseNumber}1`;
      for (const sequence of [1, 2, 3])
        await notification.send(message(trial, { caseNumber, sequence }));
      const all = await notification.list({ caseNumber, limit: 10 });
      const order = all.map(({ sequence }) => sequence).join();
      need(order === '1,2,3', `expected 1,2,3, got ${order}`);
      const rest = await notification.list({
        caseNumber,
        limit: 10,
        after: all[0]?.notificationNumber,
      });
      need(rest.length === 2, `expected 2 after the first, got ${rest.length}`);
    },
  },
];
