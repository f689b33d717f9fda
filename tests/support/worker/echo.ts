import { sleep } from '@temporalio/workflow';

/** The smallest flow with a command in its history. */
export async function echo(word: string): Promise<string> {
  await sleep(1);
  return word;
}
