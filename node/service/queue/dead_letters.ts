// Jobs that no try could finish. pg-boss puts them into a queue of their own; from there they become failed jobs
// with a reason, and their secrets are erased.
import { z } from 'zod';
import { Refusal } from '../../http/index.ts';
import type { Reason } from '../job/job.ts';
import { buryJob } from './claims.ts';
import { deadLetters, type QueueContext } from './context.ts';
import { type JobRow, jobColumns, jobOf } from './rows.ts';
import { giveTurn } from './submit.ts';

const letterSchema = z.object({ id: z.uuid() });
/** What pg-boss says of a try that its agent did not end. */
const endSchema = z.object({ value: z.object({ message: z.string() }) });

/** Buries dead letters until the database closes. */
export async function watchDeadLetters({ database, patience }: QueueContext): Promise<void> {
  const options = { includeMetadata: true, pollingIntervalSeconds: 1 } as const;
  await database.boss.work<unknown, void, typeof options>(deadLetters, options, async (letters) => {
    for (const { data, sourceOutput } of letters) {
      const reason = unfinished(endSchema.safeParse(sourceOutput).data?.value.message, patience);
      await database.query(buryJob, [letterSchema.parse(data).id, reason && JSON.stringify(reason)]);
    }
  });
}

/** The reason where no agent could give one. */
function unfinished(
  message: string | undefined,
  { proof, silence }: QueueContext['patience'],
): Reason | null {
  if (message === 'job timed out')
    return { code: 'limit', message: `every try took longer than ${proof} s, and was stopped` };
  if (message === 'job heartbeat timeout')
    return { code: 'lost', message: `every agent that tried it fell silent for ${silence} s, or died` };
  return null;
}

/**
 * Gives a failed job another round of tries.
 *
 * @throws Refusal `not-found`; `not-ready` unless it failed; `erased` for a secret one.
 */
export async function retryJob({ database }: QueueContext, id: string): Promise<ReturnType<typeof jobOf>> {
  return database.transaction(async (session) => {
    const { rows } = await session.executeSql(
      `SELECT ${jobColumns} FROM murmuration.job WHERE id = $1 FOR UPDATE`,
      [id],
    );
    const row = (rows as JobRow[])[0];
    if (!row) throw new Refusal('not-found', `there is no job ${id}`);
    if (row.state !== 'failed')
      throw new Refusal('not-ready', `job ${id} is ${row.state}, but only a failed one is tried again`);
    if (row.secret)
      throw new Refusal('erased', `the inputs of job ${id} were a secret and have been erased`, {
        mend: 'Submit it again.',
      });
    const fresh = await session.executeSql(
      `UPDATE murmuration.job SET state = 'waiting', attempts = 0, reason = NULL, deadline = NULL,
         finished = NULL WHERE id = $1 RETURNING ${jobColumns}`,
      [id],
    );
    await giveTurn(database, session, row);
    return jobOf((fresh.rows as JobRow[])[0]!);
  });
}
