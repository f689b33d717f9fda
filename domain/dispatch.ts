/** Who is on call, and how far up the ladder they stand: 1 is paged first. */
export interface OnCall {
  staffNumber: string;
  rung: number;
}

/** An engineer who could go, and when. Times are ISO 8601 UTC. */
export interface Candidate {
  engineerNumber: string;
  /** Staff number of the same person. */
  staffNumber: string;
  /** 0–100, higher is better. */
  score: number;
  /** Why: 'skill:hydraulics', 'territory:north', 'certificate:HV-1', 'provider:own'. */
  reasons: string[];
  /** The first free interval of the asked length inside the engineer's calendar. */
  start: string;
  end: string;
}
