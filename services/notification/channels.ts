import type { MessageSettings } from '../../config/messages.ts';
import type { Sql } from '../../db/connect.ts';
import { createStatusLinks } from '../status-links/index.ts';
import type { Channels } from './index.ts';

/** Which ways out are configured. `databaseUrl` stands in for a link secret that was not set, when it has a password that nobody guesses. */
export function createChannels(
  sql: Sql,
  { mail, sms, statusPages }: MessageSettings,
  databaseUrl: string,
): Channels {
  const secret = statusPages?.secret ?? ownSecret(databaseUrl);
  const links = statusPages && secret ? createStatusLinks(sql, { ...statusPages, secret }) : null;
  return { sms: sms !== null, mail: mail !== null, links };
}

const ownSecret = (databaseUrl: string): string | null =>
  (URL.parse(databaseUrl)?.password.length ?? 0) >= 16 ? databaseUrl : null;
