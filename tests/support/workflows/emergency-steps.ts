import type { Body } from './case.ts';

/** Ways off the longest path of an emergency: changes to the examples. */
export const remotely: Record<string, Body> = {
  reportFirstContact: { dataLost: false, expectedParts: [] },
  reportRemoteFix: { result: 'fixed', change: 'kept', next: undefined, dataLost: false },
};
/** On site at once, without parts. */
export const visited: Record<string, Body> = {
  reportFirstContact: { way: 'visit', dataLost: false, expectedParts: [] },
};
export const dataLost: Record<string, Body> = {
  reportFirstContact: { way: 'dataRecovery', expectedParts: [] },
};
