import { type Played, playFlow, playStory, type Stage } from './play.ts';
import { stories } from './stories.ts';

/** Plays the told cases, then one case of each flow that none of them showed, and ends with where to read on. */
export async function playAll(stage: Stage): Promise<Played[]> {
  const { api, say } = stage;
  say(
    'Three cases as they were told, then one of each other flow. An hour lasts 30 seconds for the machines of the three.',
  );
  const flows = await api.flows();
  const played: Played[] = [];
  for (const story of stories) played.push(await playStory(stage, story));
  const shown = new Set(played.map(({ ended }) => ended.flow));
  for (const flow of flows.filter(({ name }) => !shown.has(name)))
    played.push(await playFlow(stage, flow));
  say('\nTheir histories:');
  for (const { title, ended } of played) {
    say(`${ended.caseNumber}  ${title}: ${ended.outcome}`);
    say(`  ${ended.links.temporalUi}`);
  }
  return played;
}
