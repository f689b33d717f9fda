import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { Sql } from '../db/connect.ts';
import type { Stack } from './stack.ts';

/** Where and when it was measured. */
export interface Machine {
  /** ISO 8601 UTC. */
  at: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  temporalServer: string;
  postgres: string;
  /** Mean number of runnable processes over a minute, at the start and at the end: above the cores, the times are somebody else's too. */
  load: number[];
}

export async function describeMachine({ client, sql }: Stack, at: string): Promise<Machine> {
  const info = await client.workflowService.getSystemInfo({});
  return {
    at,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    temporalServer: info.serverVersion ?? 'unknown',
    postgres: await versionOf(sql),
    load: [minuteLoad()],
  };
}

export const minuteLoad = (): number => loadavg()[0] ?? 0;

async function versionOf(sql: Sql): Promise<string> {
  const [server] = await sql<
    { version: string }[]
  >`select current_setting('server_version') as version`;
  return server?.version ?? 'unknown';
}
