/** What a customer's message says (M04): a letter rates the service, anything else is an opinion. Pure. */
import type { Rating } from './values.ts';

export type Said =
  | { kind: 'rating'; rating: Rating }
  /** One sign that is none of the four letters: the customer is asked again, once. */
  | { kind: 'unknownLetter' }
  | { kind: 'opinion' };

/** Reads `A`, `a.`, `Ｂ`; a Chinese character or a sentence is an opinion. */
export function whatIsSaid(text: string): Said {
  const sign = ownWords(text)
    .normalize('NFKC')
    .replace(/[\s\p{P}\p{S}]/gu, '')
    .toUpperCase();
  if (isRating(sign)) return { kind: 'rating', rating: sign };
  const isLetter = /^[\p{L}\p{N}]$/u.test(sign) && !/^\p{Script=Han}$/u.test(sign);
  return { kind: isLetter ? 'unknownLetter' : 'opinion' };
}

const isRating = (sign: string): sign is Rating => /^[ABCD]$/.test(sign);

const quotation = /^(>|-{2,}\s*$|-{3,}.*-{3,}$|On .+ wrote:$|在.+写道[:：]$|(From|发件人)[:：])/;

/** The text without what a mail program quotes below it; the whole text when nothing stands above. */
export function ownWords(text: string): string {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => quotation.test(line.trim()));
  const own = (end === -1 ? lines : lines.slice(0, end)).join('\n').trim();
  return own === '' ? text.trim() : own;
}

/** What a rating by message answers where a call to the customer was to be recorded: an A or B also says that the fault is gone,
 *  of a C or D further service finds out what is missing. */
export function callbackAnswer(rating: Rating) {
  const fixed = rating === 'A' || rating === 'B' ? ('fixed' as const) : ('partly' as const);
  return { result: 'reached' as const, fixed, rating };
}
