/** A world with its API listening on a free port: everything in one process, so that many cases are walked at once. */
import type { AppDeps } from '../../../api/deps.ts';
import { flows } from '../../../domain/catalogue.ts';
import { engineOf, openDoor } from '../api/door.ts';
import type { Walker } from '../walker.ts';
import type { World } from '../world.ts';

/** Listens until `close`; `changes` take the place of the product's own dependencies. */
export async function listenFor(world: World, changes: Partial<AppDeps> = {}) {
  const limits = { callsPerMinute: 10_000_000 };
  const { app, deps } = await openDoor(world.sql, engineOf(world), { limits, ...changes });
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  return { base, deps, close: () => app.close() };
}

/** Opens so many cases of the first examples beside each other, of each flow by turns, and walks them all at once; the statuses in
 *  which they ended. */
export async function walkMany(
  walker: Walker,
  count: number,
  names: string[] = flows.map(({ name }) => name),
): Promise<string[]> {
  const walks = Array.from({ length: count }, async (_, index) => {
    const flow = names[index % names.length] ?? '';
    const opened = await walker.open({ flow, beside: `walk ${index + 1}` });
    return (await walker.finish(opened)).status;
  });
  return Promise.all(walks);
}
