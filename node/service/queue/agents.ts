// Which agents there are: each says every few seconds what it serves.
import type { QueueContext } from './context.ts';

/** An agent as it announces itself. */
export interface Announcement {
  /** Fresh for each start. */
  readonly id: string;
  readonly name: string;
  readonly queues: readonly string[];
  /** Proofs at the same time. */
  readonly parallel: number;
  readonly proofs: number;
  readonly faults: number;
}

export async function announce({ database }: QueueContext, agent: Announcement): Promise<void> {
  const { id, name, queues, parallel, proofs, faults } = agent;
  await database.query(
    `INSERT INTO murmuration.agent (id, name, queues, parallel, proofs, faults) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET proofs = EXCLUDED.proofs, faults = EXCLUDED.faults, seen = now()`,
    [id, name, queues, parallel, proofs, faults],
  );
}

/** Takes an agent off the list when it stops. */
export async function takeLeave({ database }: QueueContext, id: string): Promise<void> {
  await database.query('DELETE FROM murmuration.agent WHERE id = $1', [id]);
}
