import type { Body, Door } from './door.ts';
import type { Stack } from './stack.ts';

/** Gives what opens a case on a machine of its own: a copy of the first example's. */
export type NextBody = () => Body;

/** Buys so many machines, and parts enough for all of their repairs. */
export async function buyMachines(
  { sql }: Stack,
  door: Door,
  flow: string,
  count: number,
): Promise<NextBody> {
  const example = await door.exampleOf(flow);
  const serials = Array.from({ length: count }, (_, index) => `BENCH-${index + 1}`);
  await sql`
    insert into assets (serial_number, product_model, customer_number, territory, installed_on, purchased_on, manufactured_on)
    select unnest(${serials}::text[]), product_model, customer_number, territory, installed_on, purchased_on, manufactured_on
    from assets where serial_number = ${String(example.serialNumber)}`;
  await sql`update stock set on_hand = on_hand + ${10 * count}`;
  return () => {
    const serialNumber = serials.pop();
    if (!serialNumber) throw new Error('more cases are opened than machines were bought');
    return { ...example, serialNumber };
  };
}
