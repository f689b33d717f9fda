/** What the list of workflows can be filtered by: one definition for the door, the workflows and the namespace. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const { KEYWORD, INT, DATETIME } = SearchAttributeType;

export const searchAttributes = {
  flow: defineSearchAttributeKey('AfterloopFlow', KEYWORD),
  status: defineSearchAttributeKey('AfterloopStatus', KEYWORD),
  stage: defineSearchAttributeKey('AfterloopStage', KEYWORD),
  severity: defineSearchAttributeKey('AfterloopSeverity', KEYWORD),
  customer: defineSearchAttributeKey('AfterloopCustomer', KEYWORD),
  asset: defineSearchAttributeKey('AfterloopAsset', KEYWORD),
  territory: defineSearchAttributeKey('AfterloopTerritory', KEYWORD),
  outcome: defineSearchAttributeKey('AfterloopOutcome', KEYWORD),
  alertLevel: defineSearchAttributeKey('AfterloopAlertLevel', INT),
  nextDue: defineSearchAttributeKey('AfterloopNextDue', DATETIME),
};
