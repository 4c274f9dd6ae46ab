// What the API answers from.
import type { KeySet, WitnessCalculator } from '@murmuration/prover';
import type { ServedCircuit } from '../job/circuits.ts';
import type { QueueContext } from '../queue/index.ts';
import type { Tokens } from './tokens.ts';
import type { Watch } from './watch.ts';

/** A circuit that the service takes jobs for. */
export interface OfferedCircuit extends ServedCircuit {
  readonly keySet: KeySet;
  readonly calculator: () => Promise<WitnessCalculator>;
}

export interface ApiContext {
  readonly queue: QueueContext;
  readonly tokens: Tokens;
  readonly watch: Watch;
  readonly offered: readonly OfferedCircuit[];
  /** The agent of this process, if it has one, looks at the queue. */
  readonly wake: () => void;
  /** Whether the service is going to end. */
  readonly draining: () => boolean;
  /** Counts what came in. */
  readonly count: (event: 'submitted' | 'repeated' | 'refused' | 'cancelled', circuit: string) => void;
}
