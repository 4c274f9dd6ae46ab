// What users and operators look at, and the cancelling of jobs.

import { Refusal } from '../../http/index.ts';
import { deadlinePassed, isOver, type Job, type JobState, type Result } from '../job/job.ts';
import type { QueueContext } from './context.ts';
import { agentSilence, sample as paceSample } from './estimate.ts';
import { type JobRow, jobColumns, jobOf, type ResultRow } from './rows.ts';

/** Whose jobs somebody may see: its own, or with `undefined` everybody's. */
export type Owner = string | undefined;

/** A job by its name. @throws Refusal `not-found`, also for a job of somebody else. */
export async function findJob(context: QueueContext, id: string, owner: Owner): Promise<Job> {
  const [row] = await context.database.query<JobRow>(
    `SELECT ${jobColumns} FROM murmuration.job WHERE id = $1 AND owner = coalesce($2, owner)`,
    [id, owner ?? null],
  );
  if (!row) throw new Refusal('not-found', `there is no job ${id}`, { mend: 'Submit it again.' });
  return jobOf(row);
}

/** Which jobs are listed. */
export interface Listing {
  readonly owner: Owner;
  readonly state?: JobState | undefined;
  readonly limit: number;
}

/** Jobs, the youngest first. */
export async function listJobs({ database }: QueueContext, { owner, state, limit }: Listing): Promise<Job[]> {
  const rows = await database.query<JobRow>(
    `SELECT ${jobColumns} FROM murmuration.job
     WHERE owner = coalesce($1, owner) AND state = coalesce($2, state) ORDER BY created DESC LIMIT $3`,
    [owner ?? null, state ?? null, limit],
  );
  return rows.map(jobOf);
}

/**
 * The proof of a job that is done.
 *
 * @throws Refusal `not-found`; `not-ready` while there is none, with the reason where there will be none.
 */
export async function resultOf({ database }: QueueContext, id: string, owner: Owner): Promise<Result> {
  const [row] = await database.query<ResultRow>(
    'SELECT state, reason, result FROM murmuration.job WHERE id = $1 AND owner = coalesce($2, owner)',
    [id, owner ?? null],
  );
  if (!row) throw new Refusal('not-found', `there is no job ${id}`, { mend: 'Submit it again.' });
  if (row.result) return row.result;
  const why = row.reason && isOver(row.state) ? `: ${row.reason.message}` : '';
  throw new Refusal('not-ready', `job ${id} is ${row.state}${why}, so there is no proof of it`);
}

/** A job that somebody wanted to be cancelled, as it is now, and whether this ended it. */
export interface Cancelled {
  readonly job: Job;
  readonly now: boolean;
}

/** Cancels a job that is not done; its inputs are erased, and its agent stops. */
export async function cancelJob(context: QueueContext, id: string, owner: Owner): Promise<Cancelled> {
  const { database } = context;
  await findJob(context, id, owner);
  const now = await database.transaction(async (session) => {
    const { rows } = await session.executeSql(
      `UPDATE murmuration.job SET state = 'cancelled', stage = '', sealed = NULL, finished = now()
       WHERE id = $1 AND state IN ('waiting', 'proving', 'failed') RETURNING queue`,
      [id],
    );
    const row = (rows as { queue: string }[])[0];
    if (row) await database.boss.cancel(row.queue, id, { db: session });
    return row !== undefined;
  });
  return { job: await findJob(context, id, owner), now };
}

/** Gives up jobs whose deadline passed while they waited; forgets what has been over for long, and agents that are gone. */
export async function tidy({ database, patience }: QueueContext): Promise<void> {
  await database.query(
    `UPDATE murmuration.job SET state = 'failed', stage = '', reason = $1, finished = now(),
       sealed = CASE WHEN secret THEN NULL ELSE sealed END
     WHERE state IN ('waiting', 'proving') AND deadline < now()`,
    [JSON.stringify(deadlinePassed)],
  );
  await database.query("DELETE FROM murmuration.job WHERE finished < now() - $1 * interval '1 second'", [
    patience.memory,
  ]);
  await database.query("DELETE FROM murmuration.agent WHERE seen < now() - interval '1 hour'");
}

/** How many jobs of a circuit are in a state. */
export interface Count {
  readonly circuit: string;
  readonly preset: string;
  readonly state: JobState;
  readonly count: number;
}

export async function countJobs({ database }: QueueContext): Promise<Count[]> {
  return database.query<Count>(
    'SELECT circuit, preset, state, count(*)::int AS count FROM murmuration.job GROUP BY circuit, preset, state',
  );
}

/** How a circuit's queue goes: what an operator sizes a farm by. */
export interface Pace {
  readonly circuit: string;
  readonly preset: string;
  /** Seconds of a proof, the 95th percentile of the last twenty, whichever agents made them. */
  readonly p95: number | null;
  /** Seconds since the job was taken in that has waited longest. */
  readonly oldest: number | null;
}

export async function paces({ database }: QueueContext): Promise<Pace[]> {
  return database.query<Pace>(
    `WITH proof AS (
       SELECT circuit, preset, ((result->>'witnessMs')::float + (result->>'proveMs')::float) / 1000 AS took,
         row_number() OVER (PARTITION BY circuit, preset ORDER BY finished DESC) AS nth
       FROM murmuration.job WHERE state = 'done' AND finished IS NOT NULL)
     SELECT circuit, preset,
       (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY took) FROM proof
         WHERE proof.circuit = job.circuit AND proof.preset = job.preset AND nth <= ${paceSample}) AS p95,
       extract(epoch FROM now() - min(created) FILTER (WHERE state = 'waiting'))::float AS oldest
     FROM murmuration.job AS job GROUP BY circuit, preset`,
  );
}

/** An agent that was seen lately. */
export interface AgentView {
  readonly name: string;
  readonly queues: readonly string[];
  readonly parallel: number;
  readonly proofs: number;
  readonly faults: number;
}

export async function listAgents({ database }: QueueContext): Promise<AgentView[]> {
  return database.query<AgentView>(
    `SELECT name, queues, parallel, proofs::float AS proofs, faults::float AS faults FROM murmuration.agent
     WHERE seen > now() - $1 * interval '1 second' ORDER BY name`,
    [agentSilence],
  );
}

/** What of several jobs can change from one look to the next. */
export type Glance = Pick<JobRow, 'id' | 'state' | 'stage' | 'attempts'>;

export async function glanceAt({ database }: QueueContext, ids: readonly string[]): Promise<Glance[]> {
  return database.query<Glance>('SELECT id, state, stage, attempts FROM murmuration.job WHERE id = ANY($1)', [
    ids,
  ]);
}
