/** What a dispatch system must do. Whatever is booked here is canceled. */
import { need, needRefusal, type Requirement, type Trial } from './trial.ts';

let hours = 0;
/** An hour far ahead, of its own. */
function visit({ caseNumber, facts, key }: Trial, more: object = {}) {
  hours += 1;
  const start = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 20 * 365 * 86_400_000;
  const at = start + ((Date.now() % 3_600_000) + hours) * 7_200_000;
  const [from, to] = [at, at + 3_600_000].map((ms) => new Date(ms).toISOString());
  const time = { start: from ?? '', end: to ?? '' };
  return { effectKey: key(), caseNumber, engineerNumber: facts.engineer, ...time, ...more };
}
const cancel = ({ dispatch, key }: Trial, bookingKey: string) =>
  dispatch.cancel({ effectKey: key(), bookingKey });

export const dispatchRequirements: Requirement[] = [
  {
    name: 'an engineer is described, one that is not on record is null',
    async meet({ dispatch, facts }) {
      const engineer = await dispatch.getEngineer(facts.engineer);
      need(engineer !== null, `no engineer ${facts.engineer}; name one with --engineer`);
      need((await dispatch.getEngineer('NO-SUCH-ENGINEER')) === null, 'expected null');
    },
  },
  {
    name: 'who can go is ranked best first, with an interval of the asked length that is not before the asked time',
    async meet({ dispatch, facts }) {
      const at = new Date().toISOString();
      const asked = { skill: null, territory: facts.territory, at, durationMinutes: 60, limit: 5 };
      const ranked = await dispatch.rank(asked);
      need(ranked.length > 0 && ranked.length <= 5, `expected 1 to 5, got ${ranked.length}`);
      const scores = ranked.map(({ score }) => score);
      need(
        scores.every((score, n) => n === 0 || score <= (scores[n - 1] ?? 0)),
        `scores ${scores}`,
      );
      for (const { start, end } of ranked) {
        need(Date.parse(start) >= Date.parse(at), `${start} is before ${at}`);
        need(Date.parse(end) - Date.parse(start) === 3_600_000, `${start} to ${end} is no hour`);
      }
    },
  },
  {
    name: 'who is on call is a list',
    async meet({ dispatch, facts }) {
      const at = new Date().toISOString();
      const where = { territory: facts.territory, productClass: 'heavyEquipment' };
      await dispatch.onCall({ ...where, skill: null, at });
    },
  },
  {
    name: 'the same key with the same body is the same booking, also when five come at once; with another body it is refused',
    async meet(trial) {
      const request = visit(trial);
      const five = [1, 2, 3, 4, 5].map(() => trial.dispatch.book(request));
      const answers = new Set((await Promise.all(five)).map((one) => JSON.stringify(one)));
      need(answers.size === 1, 'the answers differ');
      const other = { ...request, caseNumber: `${trial.caseNumber}0` };
      await needRefusal(trial.dispatch.book(other), 'EffectKeyReused');
      await cancel(trial, request.effectKey);
    },
  },
  {
    name: 'a time that is taken is not booked again, and the answer says whose it is',
    async meet(trial) {
      const request = visit(trial);
      await trial.dispatch.book(request);
      const second = { ...request, effectKey: trial.key(), caseNumber: `${trial.caseNumber}0` };
      const result = await trial.dispatch.book(second);
      await cancel(trial, request.effectKey);
      need(!result.booked, 'it was booked twice');
      need(result.holder === trial.caseNumber, `holder is ${result.holder}`);
      need((await trial.dispatch.book(second)).booked, 'not free after the cancellation');
      await cancel(trial, second.effectKey);
    },
  },
  {
    name: 'a booking that arrives after its cancellation is refused',
    async meet(trial) {
      const request = visit(trial);
      await cancel(trial, request.effectKey);
      await needRefusal(trial.dispatch.book(request), 'BookingCanceled');
    },
  },
  {
    name: 'an engineer who is not on record is not booked',
    async meet(trial) {
      const request = visit(trial, { engineerNumber: 'NO-SUCH-ENGINEER' });
      await needRefusal(trial.dispatch.book(request), 'UnknownEngineer');
    },
  },
  {
    name: 'a visit is given to another engineer at the same time, and finished once',
    async meet(trial) {
      const { dispatch, facts, key } = trial;
      const request = visit(trial);
      await dispatch.book(request);
      const bookingKey = request.effectKey;
      const move = { effectKey: key(), bookingKey, engineerNumber: facts.otherEngineer };
      const moved = await dispatch.reassign(move);
      need(moved.booked && moved.engineerNumber === facts.otherEngineer, 'it was not reassigned');
      const done = { effectKey: key(), bookingKey, result: 'completed', at: request.end } as const;
      await dispatch.finish(done);
      await dispatch.finish(done);
    },
  },
];
