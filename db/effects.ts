import { isContention, ServiceFailure } from './failures.ts';

/** Throws `EffectKeyReused` when a key was used before for another request (D2). */
export function sameRequest(key: string, kept: string | null, hash: string): void {
  if (kept !== hash)
    throw new ServiceFailure('EffectKeyReused', `effect key ${key} belongs to another request`);
}

/** Runs a statement again when the database let another one win; the tenth refusal is thrown. */
export async function retrying<T>(
  run: () => Promise<T>,
  again: (error: unknown) => boolean = isContention,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === 10 || !again(error)) throw error;
    }
  }
}
