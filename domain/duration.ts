import { Duration } from 'luxon';

/** Milliseconds of an ISO 8601 duration; NaN for what is none. */
export const milliseconds = (iso: string): number => Duration.fromISO(iso).toMillis();
