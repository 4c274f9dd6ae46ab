// What every part of the queue works with.
import { NodeError } from '../../errors.ts';
import { queueOf, type ServedCircuit } from '../job/circuits.ts';
import type { ServiceKey } from '../job/service_key.ts';
import type { Database } from './database.ts';

/** How patient the queue is. Seconds, but for the number of retries. */
export interface Patience {
  /** A proof that takes longer is given to another agent, at least 1. */
  readonly proof: number;
  /** An agent that is silent for so long is gone, at least 10. */
  readonly silence: number;
  /** Further tries of a job after the first one that fails. */
  readonly retries: number;
  /** Between a failed try and the next one; it doubles each time, up to a minute. */
  readonly backoff: number;
  /** A job that is over is forgotten after so long. */
  readonly memory: number;
}

/** Patience unless it is told. */
export const defaultPatience: Patience = {
  proof: 600,
  silence: 10,
  retries: 3,
  backoff: 1,
  memory: 7 * 86_400,
};

export interface QueueContext {
  readonly database: Database;
  readonly key: ServiceKey;
  readonly patience: Patience;
}

/** Where jobs go that no try could finish; pg-boss puts them there. */
export const deadLetters = 'dead-letters';

/** Longest wait between two tries. Seconds. */
const longestBackoff = 60;
/** pg-boss's part of a job that is over is of no use any more. Seconds. */
const keepSettled = 3600;

/** Makes the queues of circuits where they are missing. Never called inside a transaction. */
export async function openQueues(
  { database: { boss }, patience }: QueueContext,
  served: readonly ServedCircuit[],
): Promise<void> {
  await boss.createQueue(deadLetters, { deleteAfterSeconds: keepSettled });
  const options = {
    expireInSeconds: patience.proof,
    heartbeatSeconds: patience.silence,
    retryLimit: patience.retries,
    retryDelay: patience.backoff,
    retryBackoff: true,
    retryDelayMax: longestBackoff,
    deleteAfterSeconds: keepSettled,
  };
  for (const circuit of served) {
    await boss.createQueue(queueOf(circuit), { ...options, deadLetter: deadLetters });
    // A queue that was there has the patience of who made it; the last one to start says what is so now.
    await boss.updateQueue(queueOf(circuit), options);
  }
}

/**
 * Ties the database to the service's key when it is first used.
 * @throws NodeError `state` where it belongs to another key: nothing that lies there could be opened.
 */
export async function claimDatabase({
  database,
  key,
}: Pick<QueueContext, 'database' | 'key'>): Promise<void> {
  await database.query("INSERT INTO murmuration.setting VALUES ('key', $1) ON CONFLICT (name) DO NOTHING", [
    key.fingerprint,
  ]);
  const [row] = await database.query<{ value: string }>(
    "SELECT value FROM murmuration.setting WHERE name = 'key'",
  );
  if (row?.value !== key.fingerprint)
    throw new NodeError('state', "the database belongs to another service's key", {
      mend: 'Give --service-key with the key that the first server on this database made.',
    });
}
