// What agents do with jobs: claim one, say that they are alive, bring the proof or the fault.
import type { JobWithMetadata } from 'pg-boss';
import type { Reason, Result } from '../job/job.ts';
import type { QueueContext } from './context.ts';
import { type JobRow, jobColumns } from './rows.ts';

/** A job in an agent's hands. */
export interface Claim {
  readonly row: JobRow;
  /** The content; only a try opens it. */
  readonly sealed: Uint8Array;
  /** pg-boss's name for this try. */
  readonly turn: { readonly id: string; readonly retryCount: number };
}

/** An agent, by the name that jobs show. */
export interface Claimant {
  readonly name: string;
  /** The queues that it serves. */
  readonly queues: readonly string[];
}

/** Claims the most urgent job of an agent's queues; undefined where nothing waits. */
export async function claimJob(
  context: QueueContext,
  { name, queues }: Claimant,
): Promise<Claim | undefined> {
  const { database } = context;
  for (const queue of await urgentFirst(context, queues)) {
    const [turn] = await database.boss.fetch(queue, { includeMetadata: true });
    if (!turn) continue;
    const [row] = await database.query<JobRow & { sealed: Uint8Array }>(
      `UPDATE murmuration.job SET state = 'proving', stage = '', agent = $2, attempts = attempts + 1,
         started = coalesce(started, now())
       WHERE id = $1 AND state IN ('waiting', 'proving') RETURNING ${jobColumns}, sealed`,
      [turn.id, name],
    );
    // Done by a late agent, or cancelled, between the two statements.
    if (!row) await database.boss.complete(queue, turnOf(turn));
    else {
      const { sealed, ...rest } = row;
      return { row: rest, sealed, turn: turnOf(turn) };
    }
  }
  return undefined;
}

const turnOf = ({ id, retryCount }: JobWithMetadata<unknown>) => ({ id, retryCount });

/** The queues in which something is open, those with the most urgent waiting job first. */
async function urgentFirst({ database }: QueueContext, queues: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ queue: string }>(
    `SELECT queue FROM murmuration.job WHERE queue = ANY($1) AND state IN ('waiting', 'proving') GROUP BY queue
     ORDER BY max(priority) FILTER (WHERE state = 'waiting') DESC NULLS LAST, min(created)`,
    [queues],
  );
  return rows.map(({ queue }) => queue);
}

/** Says that the agent is alive, and how far it is. @returns whether the proof is still wanted. */
export async function beat(
  { database }: QueueContext,
  { row, turn }: Claim,
  stage: string,
): Promise<boolean> {
  await database.boss.touch(row.queue, turn);
  const [wanted] = await database.query(
    "UPDATE murmuration.job SET stage = $2 WHERE id = $1 AND state IN ('waiting', 'proving') RETURNING 1",
    [row.id, stage],
  );
  return wanted !== undefined;
}

/**
 * Brings a proof that its agent has verified. The first one counts, whoever brings it, in time or late; inputs are
 * erased with it. @returns whether it was the first one.
 */
export async function finishJob(
  { database }: QueueContext,
  { row }: Claim,
  result: Result,
): Promise<boolean> {
  return database.transaction(async (session) => {
    const { rows } = await session.executeSql(
      `UPDATE murmuration.job SET state = 'done', stage = '', result = $2, reason = NULL, sealed = NULL,
         finished = now()
       WHERE id = $1 AND state IN ('waiting', 'proving', 'failed') RETURNING 1`,
      [row.id, JSON.stringify(result)],
    );
    // By name, not by turn: whoever holds the job now has lost it.
    await database.boss.complete(row.queue, row.id, null, { includeQueued: true, db: session });
    return rows.length > 0;
  });
}

/** A try that failed: another one follows after a while, or the job goes to the dead letters. */
export async function failTry(
  { database }: QueueContext,
  { row, turn }: Claim,
  reason: Reason,
): Promise<void> {
  await database.transaction(async (session) => {
    await session.executeSql(
      `UPDATE murmuration.job SET state = 'waiting', stage = '', reason = $2
       WHERE id = $1 AND state = 'proving' AND agent = $3 AND attempts = $4`,
      [row.id, JSON.stringify(reason), row.agent, row.attempts],
    );
    await database.boss.fail(row.queue, turn, null, { db: session });
  });
}

/** Gives a job back untried, when its agent stops; it costs none of the job's tries. */
export async function handBack({ database }: QueueContext, { row, turn }: Claim): Promise<void> {
  const { id, queue, priority } = row;
  await database.transaction(async (session) => {
    const { rows } = await session.executeSql(
      `UPDATE murmuration.job SET state = 'waiting', stage = '', agent = NULL, attempts = attempts - 1
       WHERE id = $1 AND state = 'proving' AND agent = $2 RETURNING 1`,
      [id, row.agent],
    );
    await database.boss.deleteJob(queue, turn, { db: session });
    if (rows.length > 0) await database.boss.send(queue, { id }, { id, priority, db: session });
  });
}

/** A fault that no other try would mend: the job goes to the dead letters at once, and a secret is erased. */
export async function failJob({ database }: QueueContext, { row }: Claim, reason: Reason): Promise<void> {
  await database.transaction(async (session) => {
    await session.executeSql(buryJob, [row.id, JSON.stringify(reason)]);
    await database.boss.cancel(row.queue, row.id, { db: session });
  });
}

/** Makes an open job a dead letter. $1 its name, $2 the reason unless the last try left one. */
export const buryJob = `UPDATE murmuration.job SET state = 'failed', stage = '', reason = coalesce($2, reason),
   sealed = CASE WHEN secret THEN NULL ELSE sealed END, finished = now()
 WHERE id = $1 AND state IN ('waiting', 'proving')`;
