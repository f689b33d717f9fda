/** What a parts system must do about stock, sales and old parts. Whatever is reserved or sold here is given back. */
import { need, needOnce, needRefusal, type Requirement } from './trial.ts';
import { lineOf, release, reserve, reservedOf, wanted } from './trial-parts.ts';

export const partsRequirements: Requirement[] = [
  {
    name: 'a part is described, one that is not on record is null, and its number unknown',
    async meet(trial) {
      await reservedOf(trial);
      need((await trial.parts.getPart('NO-SUCH-PART')) === null, 'expected null');
      const unknown = await trial.parts.unknownParts(['NO-SUCH-PART', trial.facts.part]);
      need(unknown.join() === 'NO-SUCH-PART', `expected NO-SUCH-PART alone, got ${unknown}`);
    },
  },
  {
    name: 'a kit is a list, empty where none is on record',
    async meet({ parts }) {
      const kit = await parts.kitFor('NO-SUCH-MODEL', 'NO-SUCH-FAULT');
      need(kit.length === 0, 'expected an empty list');
    },
  },
  {
    name: 'a reservation holds its parts until it is released',
    async meet(trial) {
      const before = await reservedOf(trial);
      const key = await reserve(trial);
      const during = await reservedOf(trial);
      await release(trial, key);
      need(during === before + 1, `reserved ${before} before, ${during} during`);
      need((await reservedOf(trial)) === before, 'not given back by the release');
    },
  },
  {
    name: 'the same key with the same body gives the first answer, also when five come at once, and holds once',
    async meet(trial) {
      const request = wanted(trial);
      const before = await reservedOf(trial);
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => trial.parts.reserve(request)));
      answers.push(await trial.parts.reserve(request));
      const held = (await reservedOf(trial)) - before;
      await release(trial, request.effectKey);
      need(new Set(answers.map((one) => JSON.stringify(one))).size === 1, 'the answers differ');
      need(held === 1, `${held} are held`);
    },
  },
  {
    name: 'the same key with another body is refused',
    async meet(trial) {
      const effectKey = await reserve(trial);
      const other = { ...wanted(trial, effectKey), lines: lineOf(trial, 2) };
      await needRefusal(trial.parts.reserve(other), 'EffectKeyReused');
      await release(trial, effectKey);
    },
  },
  {
    name: 'a reservation that arrives after its release is refused and holds nothing',
    async meet(trial) {
      const request = wanted(trial);
      const before = await reservedOf(trial);
      await release(trial, request.effectKey);
      await needRefusal(trial.parts.reserve(request), 'ReservationGone');
      need((await reservedOf(trial)) === before, 'it holds parts all the same');
    },
  },
  {
    name: 'all lines or none: a shortage says what is missing',
    async meet(trial) {
      const lines = [...lineOf(trial), { partNumber: 'NO-SUCH-PART', quantity: 1 }];
      const result = await trial.parts.reserve({ ...wanted(trial), lines });
      need(!result.reserved, 'it was reserved');
      const short = result.shortages.map(({ partNumber }) => partNumber);
      need(short.join() === 'NO-SUCH-PART', `expected NO-SUCH-PART to be short, got ${short}`);
    },
  },
  {
    name: 'goods that arrive are of a part and at a location on record',
    async meet({ parts, key, facts }) {
      const [partNumber, location] = ['NO-SUCH-PART', 'NO-SUCH-LOCATION'];
      const lines = [{ partNumber: facts.part, quantity: 1 }];
      await needRefusal(parts.receive({ effectKey: key(), location, lines }), 'UnknownLocation');
      const known = (await parts.getPart(facts.part))?.stock[0]?.location ?? '';
      const unknown = { effectKey: key(), location: known, lines: [{ partNumber, quantity: 1 }] };
      await needRefusal(parts.receive(unknown), 'UnknownPart');
    },
  },
  {
    name: 'old parts are taken in, against a slip or handed over, once, and of known parts only',
    async meet(trial) {
      const { parts, key, caseNumber, facts } = trial;
      const old = (partNumber = facts.part) => ({
        effectKey: key(),
        caseNumber,
        territory: facts.territory,
        lines: [{ partNumber, quantity: 1, oldPartSerials: [key()] }],
      });
      const slip = { slipNumber: 'SLIP-1' };
      await needOnce(parts.receiveOldParts, { ...old(), ...slip }, { slipNumber: 'SLIP-2' });
      const strange = old('NO-SUCH-PART');
      await needRefusal(parts.receiveOldParts({ ...strange, ...slip }), 'UnknownPart');
      const scrap = { disposal: 'scrap' } as const;
      await needOnce(parts.receiveHandedOver, { ...old(), ...scrap }, { disposal: 'recycle' });
      const other = { ...strange, ...scrap, effectKey: key() };
      await needRefusal(parts.receiveHandedOver(other), 'UnknownPart');
    },
  },
  {
    name: 'what is sold is said, once, and can be taken back whole',
    async meet(trial) {
      const { parts, key, caseNumber, facts } = trial;
      const reservationKey = await reserve(trial);
      const sale = { effectKey: key(), reservationKey, caseNumber, receivedBy: facts.staff };
      await parts.issueSale({ ...sale, terms: 'charged' });
      await parts.issueSale({ ...sale, terms: 'charged' });
      const sold = await parts.soldTo({ caseNumber });
      need(sold.length === 1 && sold[0]?.quantity === 1, `sold: ${JSON.stringify(sold)}`);
      await parts.takeBackSold({ effectKey: key(), caseNumber, kept: [] });
      need((await parts.soldTo({ caseNumber })).length === 0, 'still sold');
    },
  },
];
