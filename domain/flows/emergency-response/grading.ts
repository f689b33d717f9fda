/** The four grades of an emergency (R33). Free of zod. */
import { type Severity, severities } from '../../case.ts';

/** True when `next` promises less than `severity` did. */
export function isLower(next: Severity, severity: Severity): boolean {
  return severities.indexOf(next) > severities.indexOf(severity);
}
