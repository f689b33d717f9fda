/** Phone numbers as people, gateways and the database write them. */

/** `+` and 7 to 15 digits (E.164); null for what is no phone number. `0139…` and `139…` get the country's code. */
export function phoneOf(written: string, country: string): string | null {
  const digits = phoneDigits(written, country);
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : null;
}

/** Digits with the country's code in front. */
export function phoneDigits(written: string, country: string): string {
  const digits = written.replace(/\D/g, '');
  if (/^\s*(\+|00)/.test(written)) return digits.replace(/^00/, '');
  const own = digits.replace(/^0+/, '');
  // gateways leave the `+` out; a national number is never that long
  return own.startsWith(country) && own.length > 11 ? own : `${country}${own}`;
}

/** How the same number may stand among `phone_digits` of the database: with the country's code, without, with a trunk zero. */
export function writtenForms(digits: string, country: string): string[] {
  if (!digits.startsWith(country)) return [digits];
  const own = digits.slice(country.length);
  return [digits, own, `0${own}`];
}
