/** A case that another case opens without waiting for it: an inspection's finding, a trend, a follow-up. */

/** Numbers and codes only (D9); what a contract asks for beside them is added at the door. */
export interface LinkedRequest {
  effectKey: string;
  /** The case that opens it. */
  caseNumber: string;
  /** Why: `inspection`, `trend`, … */
  kind: string;
  /** Left out: routed by class, warranty, contract, severity and arrears. */
  flow?: string | undefined;
  request: Record<string, unknown> & { customerNumber?: string; fault?: { code: string } };
}

/** What became of it. An open case of the same kind is linked instead. */
export type LinkedCase =
  | { was: 'opened' | 'openAlready'; flow: string; caseNumber: string }
  | { was: 'refused'; flow: string; why: string[] };
