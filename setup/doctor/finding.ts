/** What a check found: all is well, something is to be done, or it can't be told before something else is done. */
export type Finding = { about: string; said: string } & (
  | { state: 'ok' | 'unknown' }
  | { state: 'todo'; todo: string }
);

export const ok = (about: string, said: string): Finding => ({ about, said, state: 'ok' });
export const unknown = (about: string, said: string): Finding => ({
  about,
  said,
  state: 'unknown',
});
export const todo = (about: string, said: string, what: string): Finding => ({
  about,
  said,
  state: 'todo',
  todo: what,
});

/** True when a dotted version is at least another. */
export function isAtLeast(version: string, least: string): boolean {
  const [found = [], wanted = []] = [version, least].map((text) => text.split('.').map(Number));
  const place = wanted.findIndex((number, index) => (found[index] ?? 0) !== number);
  return place < 0 || (found[place] ?? 0) > (wanted[place] ?? 0);
}

/** A finding as people read it. */
export function lineOf(finding: Finding): string {
  const marks = { ok: 'ok  ', unknown: '–   ', todo: 'DO  ' } as const;
  const line = `${marks[finding.state]}${finding.about.padEnd(20)} ${finding.said}`;
  return finding.state === 'todo' ? `${line}\n    ${' '.repeat(20)} → ${finding.todo}` : line;
}
