/** What can be subscribed to; the database picks these from the timeline as it is written. */
export const webhookEvents = [
  'case.opened',
  'case.reopened',
  'case.stageEntered',
  'case.held',
  'case.resumed',
  'case.resolved',
  'case.closed',
  'case.canceled',
  'case.rejected',
  'alert.raised',
] as const;
/** One of them. */
export type WebhookEvent = (typeof webhookEvents)[number];
