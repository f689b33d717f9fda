const longestMs = 3_600_000;

/** Milliseconds that `Retry-After` asks for, as seconds or as a date; an hour at most. Undefined: it asks for none. */
export function retryAfterOf(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return ms > 0 ? Math.min(ms, longestMs) : undefined;
}
