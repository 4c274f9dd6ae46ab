// Whether a job can be ready in time, from what waits before it and how long the last proofs took.
import { Refusal } from '../../http/index.ts';
import type { QueueContext } from './context.ts';

/** Proofs from which a queue's pace is taken. */
export const sample = 20;
/** An agent that was not seen for so long does not count. Seconds. */
export const agentSilence = 15;

/** A job that has not been taken in yet. */
export interface Prospect {
  readonly queue: string;
  readonly priority: number;
  readonly deadline: Date;
}

/** What a queue looks like. */
export interface Outlook {
  /** Proofs that the agents who serve it make at the same time. */
  readonly places: number;
  /** Jobs that come first. */
  readonly before: number;
  /** Milliseconds of a proof, the 95th percentile of the last ones; 0 while there is none. */
  readonly pace: number;
}

/** Milliseconds until a proof is there, if all goes as it went. */
export function expectedMs({ places, before, pace }: Outlook): number {
  return (Math.floor(before / Math.max(places, 1)) + 1) * pace;
}

/** @throws Refusal `too-late`, with the reason, for a deadline that the queue cannot meet. */
export async function checkInTime(context: QueueContext, prospect: Prospect): Promise<void> {
  const left = prospect.deadline.getTime() - Date.now();
  const until = prospect.deadline.toISOString();
  if (left <= 0) throw new Refusal('too-late', `the deadline ${until} has passed`);
  const outlook = await outlookOf(context, prospect);
  if (outlook.places === 0)
    throw new Refusal('too-late', `no agent serves ${prospect.queue}, but the deadline is ${until}`, {
      mend: 'Start an agent with these keys, or submit without a deadline.',
    });
  const expected = expectedMs(outlook);
  if (expected > left)
    throw new Refusal(
      'too-late',
      `${outlook.before} jobs come first and a proof takes ${Math.round(outlook.pace)} ms, so this one is ready ` +
        `in ${Math.round(expected)} ms, but the deadline is in ${left} ms`,
      { mend: 'Raise its priority, add agents, or prove it elsewhere.' },
    );
}

async function outlookOf({ database }: QueueContext, { queue, priority }: Prospect): Promise<Outlook> {
  const [row] = await database.query<{ places: number; before: number; pace: number | null }>(
    `SELECT
       (SELECT coalesce(sum(parallel), 0)::int FROM murmuration.agent
         WHERE $1 = ANY(queues) AND seen > now() - $3 * interval '1 second') AS places,
       (SELECT count(*)::int FROM murmuration.job
         WHERE queue = $1 AND state IN ('waiting', 'proving') AND priority >= $2) AS before,
       (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY took) FROM
         (SELECT (result->>'witnessMs')::float + (result->>'proveMs')::float AS took FROM murmuration.job
           WHERE queue = $1 AND finished IS NOT NULL AND state = 'done'
           ORDER BY finished DESC LIMIT ${sample}) AS last) AS pace`,
    [queue, priority, agentSilence],
  );
  return { places: row!.places, before: row!.before, pace: row!.pace ?? 0 };
}
