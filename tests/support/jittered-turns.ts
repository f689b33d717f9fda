/** In place of the kernel's waits in a bundle: whoever is woken takes a random number of extra promise turns. */
import * as turns from '../../workflows/kernel/turns.ts';
import { jittered } from './jittered.ts';

export * from '../../workflows/kernel/turns.ts';

export const asleep: typeof turns.asleep = (...wait) => jittered(turns.asleep(...wait));
