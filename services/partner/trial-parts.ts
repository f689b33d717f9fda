/** What the requirements of a parts system are made of. */
import { need, type Trial } from './trial.ts';

export const lineOf = ({ facts }: Trial, quantity = 1) => [{ partNumber: facts.part, quantity }];
export const wanted = (trial: Trial, effectKey = trial.key()) => ({
  effectKey,
  caseNumber: trial.caseNumber,
  territory: trial.facts.territory,
  lines: lineOf(trial),
});
export const release = ({ parts, key }: Trial, reservationKey: string) =>
  parts.release({ effectKey: key(), reservationKey });

export async function sumOf({ parts, facts }: Trial, what: 'onHand' | 'reserved'): Promise<number> {
  const part = await parts.getPart(facts.part);
  need(part !== null, `no part ${facts.part} on record; name one with --part`);
  return part.stock.reduce((sum, level) => sum + level[what], 0);
}
export const reservedOf = (trial: Trial) => sumOf(trial, 'reserved');

export async function reserve(trial: Trial): Promise<string> {
  const request = wanted(trial);
  const result = await trial.parts.reserve(request);
  need(result.reserved, `${trial.facts.part} is not in stock; name another with --part`);
  need(result.reservationKey === request.effectKey, "reservationKey is not the request's own key");
  return request.effectKey;
}
