import type { FlowDefinition } from '../../domain/catalogue.ts';
import type { DirectoryStore } from '../directory/index.ts';

/** A request of our own with what its flow's contract asks for beside: a channel, and whom to call. That is the customer's own
 *  contact where nobody is `known`. */
export async function reachable(
  directory: Pick<DirectoryStore, 'customer'>,
  { input }: FlowDefinition,
  request: Record<string, unknown>,
  known: { name: string | null; phone: string | null } | null = null,
): Promise<Record<string, unknown>> {
  const { customerNumber } = request;
  const number = typeof customerNumber === 'string' ? customerNumber : '';
  const { name, phone } = known ?? (await directory.customer(number))?.contact ?? {};
  const contact = name && phone ? { name, phone } : undefined;
  return {
    ...('channel' in input.shape ? { channel: 'internal' } : {}),
    ...('contact' in input.shape && contact ? { contact } : {}),
    ...request,
  };
}
