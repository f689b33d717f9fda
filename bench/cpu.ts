import { readFile } from 'node:fs/promises';
import { run } from '../setup/processes.ts';

/** Processes whose CPU is told apart, by name. */
export type Pids = Record<'engine' | 'worker' | 'api', number>;
/** CPU seconds by process; null where this machine does not tell. */
export type CpuSeconds = Record<keyof Pids, number | null>;

/** CPU seconds, user and system, that each process has used since it started. */
export async function cpuOf(pids: Pids): Promise<CpuSeconds> {
  const [engine, worker, api] = await Promise.all(
    [pids.engine, pids.worker, pids.api].map(cpuSeconds),
  );
  return { engine: engine ?? null, worker: worker ?? null, api: api ?? null };
}

/** What was used between two readings, per unit; null where either is unknown. */
export function cpuBetween(before: CpuSeconds, after: CpuSeconds, units: number): CpuSeconds {
  const used = (name: keyof Pids) => {
    const [from, to] = [before[name], after[name]];
    return from === null || to === null ? null : (to - from) / units;
  };
  return { engine: used('engine'), worker: used('worker'), api: used('api') };
}

async function cpuSeconds(pid: number): Promise<number | null> {
  try {
    const ticks = Number(await run('getconf', ['CLK_TCK']));
    return fromProc(await readFile(`/proc/${pid}/stat`, 'utf8')) / ticks;
  } catch {
    return run('ps', ['-o', 'time=', '-p', String(pid)]).then(fromPs, () => null);
  }
}

/** Clock ticks in user and system mode. The name in brackets may hold anything, so fields count from the last bracket. */
export function fromProc(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Seconds in `[[days-]hours:]minutes:seconds`. */
export function fromPs(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
