/** The values that the contract with partners is made of. */
import { z } from 'zod';

/** A number, code or key of either side. */
export const id = z.string().min(1).max(255);
export const instant = z.iso.datetime().describe('ISO 8601, UTC');
export const count = z.int().min(0).max(1_000_000_000);
export const line = { partNumber: id, quantity: z.int().min(1).max(1_000_000) };
export const lines = z.array(z.strictObject(line)).max(1_000);
export const pageSize = z.int().min(1).max(1_000);
/** The answer of an effect that has nothing to say. */
export const done = z.null();
