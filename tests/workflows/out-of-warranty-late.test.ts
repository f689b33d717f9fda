/** A quote ends when it says, whether anybody is at work or not (N4): an acceptance that arrives later is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { policies } from '../../setup/demo-data/policies.ts';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { booksOf, openPaid, plainTo } from '../support/workflows/paid-steps.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

test('a quote that ended while no worker ran takes no acceptance, whichever is heard first', async () => {
  const desk = createDesk(world);
  const [policy] = policies;
  const paid = { ...policy?.body.paid, quoteValidFor: 'PT6S', quoteReminder: 'PT3S' };
  const theCase = await openPaid(desk, { policy: { paid: paid as never } });
  await plainTo(theCase, 'recordQuoteAnswer');
  const { validUntil } = (await theCase.task('recordQuoteAnswer')).context as {
    validUntil: string;
  };
  await world.workers.stop();
  await eventually(
    async () => Date.now(),
    (now) => now > Date.parse(validUntil) + 200,
  );
  const refused = expect(theCase.answer('recordQuoteAnswer')).rejects.toMatchObject({
    name: expect.stringMatching(/^(Refused|WorkflowGone)$/),
  });
  await world.workers.start();
  await refused;
  expect(await theCase.ended()).toMatchObject({ status: 'closed', outcome: 'quoteExpired' });
  const { quotes, reservations } = await booksOf(desk, theCase.caseNumber);
  expect(quotes).toMatchObject([{ status: 'expired' }]);
  expect(reservations).toEqual(['released']);
});
