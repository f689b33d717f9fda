/** A worker that dies of effects: each of them is done, and none is heard of. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { World } from '../world.ts';

export interface DyingWorker {
  /** From now on this effect of the case is done and never answered. */
  arm(caseNumber: string, effect: string): Promise<void>;
  /** True once that effect of the case is done. */
  isStruck(caseNumber: string, effect: string): boolean;
  /** The effects that a case had, by name. */
  effectsOf(caseNumber: string): Set<string>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

type Message = { armed: string } | { caseNumber: string; effect: string };

/** The only worker of a world that has none of its own. */
export async function startDyingWorker(world: World): Promise<DyingWorker> {
  const seen = new Map<string, Set<string>>();
  const effectsOf = (caseNumber: string) => seen.get(caseNumber) ?? new Set();
  const waiting = new Map<string, () => void>();
  const child = spawnWorker(world);
  child.on('message', (said: Message) => {
    if ('armed' in said) waiting.get(said.armed)?.();
    else seen.set(said.caseNumber, effectsOf(said.caseNumber).add(said.effect));
  });
  const told = (name: string) => new Promise<void>((resolve) => waiting.set(name, resolve));
  await told('ready');
  return {
    effectsOf,
    isStruck: (caseNumber, effect) => effectsOf(caseNumber).has(effect),
    async arm(caseNumber, effect) {
      const armed = told(caseNumber);
      child.send({ caseNumber, effect });
      await armed;
    },
    async kill() {
      if (child.signalCode) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function spawnWorker({ databaseUrl, namespace }: World): ChildProcess {
  const program = join(import.meta.dirname, 'dying-worker.ts');
  const place = [databaseUrl, inject('temporalAddress'), namespace, inject('workflowBundle')];
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  return spawn(process.execPath, [program, ...place], { stdio: [...stdio] });
}
