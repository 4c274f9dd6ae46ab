// Rows of the table of jobs, and jobs as users see them.
import type { Job, JobState, Reason, Result } from '../job/job.ts';

/** A row as both databases give it. */
export interface JobRow {
  readonly id: string;
  readonly owner: string;
  readonly queue: string;
  readonly circuit: string;
  readonly preset: string;
  readonly keys: string;
  readonly secret: boolean;
  readonly priority: number;
  readonly deadline: Date | null;
  readonly state: JobState;
  readonly stage: string;
  readonly agent: string | null;
  readonly attempts: number;
  readonly reason: Reason | null;
  readonly created: Date;
  readonly started: Date | null;
  readonly finished: Date | null;
}

/** Columns of {@link JobRow}: neither the sealed inputs nor the result. */
export const jobColumns =
  'id, owner, queue, circuit, preset, keys, secret, priority, deadline, state, stage, agent, attempts, reason, ' +
  'created, started, finished';

/** A row with the result of a job that is done. */
export type ResultRow = Pick<JobRow, 'state' | 'reason'> & { readonly result: Result | null };

const time = (at: Date | null) => at?.toISOString() ?? null;

/** The job as its owner sees it. */
export function jobOf({ owner, queue, deadline, created, started, finished, ...same }: JobRow): Job {
  return {
    ...same,
    deadline: time(deadline),
    created: created.toISOString(),
    started: time(started),
    finished: time(finished),
  };
}
