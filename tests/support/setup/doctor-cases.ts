/** What the tests of `npm run doctor` put in front of it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

export const root = join(import.meta.dirname, '../../..');
export const folder = temporaryFolder();
const listening: Server[] = [];
afterAll(() => {
  for (const server of listening) server.close();
  rmSync(folder, { recursive: true, force: true });
});

export const well = { state: 'ok' };
export const toDo = (said: RegExp, what: string) => ({
  state: 'todo',
  said: expect.stringMatching(said),
  todo: expect.stringContaining(what),
});

/** A folder of its own with these files. */
export function checkout(files: Record<string, string>): string {
  const made = join(folder, randomUUID());
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), text);
  }
  return made;
}

/** The port on which a server listens until the file's end. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  listening.push(server);
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

export const answering = (status: number, body: string): Promise<number> =>
  listen(createHttpServer((_, response) => response.writeHead(status).end(body)));
