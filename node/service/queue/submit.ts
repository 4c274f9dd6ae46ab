// A job comes in: named by its content, its inputs sealed, refused where it cannot be ready in time.
import type { Db } from 'pg-boss';
import { Refusal } from '../../http/index.ts';
import { isSecret, queueOf } from '../job/circuits.ts';
import { encodeContent, readContent } from '../job/content.ts';
import type { Job } from '../job/job.ts';
import type { Purpose } from '../job/sealing.ts';
import type { Submission } from '../job/submission.ts';
import type { QueueContext } from './context.ts';
import { checkInTime } from './estimate.ts';
import { type JobRow, jobColumns, jobOf } from './rows.ts';

/** A job, and whether the submission made it or found it. */
export interface Submitted {
  readonly job: Job;
  readonly made: boolean;
}

/** A submission of somebody, whom jobs of others are none of the business of. */
export interface Order extends Purpose {
  readonly submission: Submission;
}

/**
 * Takes a job in. The same content of the same owner is the same job: one that waits, is proven or done is given
 * back as it is, one that failed or was cancelled begins anew.
 *
 * @throws Refusal `too-late` for a deadline that the queue cannot meet.
 */
export async function submitJob(context: QueueContext, order: Order): Promise<Submitted> {
  const { database, key } = context;
  const { served, submission } = order;
  const sealed =
    'sealed' in submission
      ? Buffer.from(submission.sealed, 'base64url')
      : key.seal(order, encodeContent(readContent(submission)));
  const id = key.name(order, sealed);
  const find = async () =>
    (
      await database.query<JobRow>(
        `SELECT ${jobColumns} FROM murmuration.job WHERE id = $1 AND state NOT IN ('failed', 'cancelled')`,
        [id],
      )
    )[0];
  const known = await find();
  if (known) return { job: jobOf(known), made: false };
  const deadline = submission.deadline === undefined ? undefined : new Date(submission.deadline);
  if (deadline)
    await checkInTime(context, { queue: queueOf(served), priority: submission.priority, deadline });
  const row = await database.transaction((session) =>
    enter(context, session, { ...order, id, sealed, deadline }),
  );
  if (row) return { job: jobOf(row), made: true };
  const meanwhile = await find();
  if (meanwhile) return { job: jobOf(meanwhile), made: false };
  throw new Refusal('unavailable', `job ${id} ended just now`, { mend: 'Submit it again.' });
}

/** Writes the job and gives it its turn. Nothing where a living one is there meanwhile. */
async function enter(
  { database: { boss } }: QueueContext,
  session: Db,
  order: Order & { readonly id: string; readonly sealed: Uint8Array; readonly deadline: Date | undefined },
): Promise<JobRow | undefined> {
  const { id, owner, served, submission, sealed, deadline } = order;
  const { circuit, preset, keys } = served;
  const queue = queueOf(served);
  const { rows } = await session.executeSql(
    `INSERT INTO murmuration.job AS old
       (id, owner, queue, circuit, preset, keys, secret, priority, deadline, state, sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10)
     ON CONFLICT (id) DO UPDATE SET state = 'waiting', stage = '', sealed = EXCLUDED.sealed,
       priority = EXCLUDED.priority, deadline = EXCLUDED.deadline, agent = NULL, attempts = 0, reason = NULL,
       created = now(), started = NULL, finished = NULL
     WHERE old.state IN ('failed', 'cancelled')
     RETURNING ${jobColumns}`,
    [
      id,
      owner,
      queue,
      circuit,
      preset,
      keys,
      isSecret(circuit),
      submission.priority,
      deadline?.toISOString() ?? null,
      Buffer.from(sealed),
    ],
  );
  const row = (rows as JobRow[])[0];
  if (!row) return undefined;
  await giveTurn({ boss }, session, row);
  return row;
}

/** Puts a job into its queue; one that stood there and is over makes room. */
export async function giveTurn(
  { boss }: Pick<QueueContext['database'], 'boss'>,
  session: Db,
  { id, queue, priority }: Pick<JobRow, 'id' | 'queue' | 'priority'>,
): Promise<void> {
  await boss.deleteJob(queue, id, { db: session });
  await boss.send(queue, { id }, { id, priority, db: session });
}
