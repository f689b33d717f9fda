import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that PostgreSQL's account can enter too. Whoever asks for it removes it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'afterloop-'));
  chmodSync(folder, 0o755);
  return folder;
}
