// What an adversary of a simulation is: a strategy that sees all that is public, has a trainer's seat, and may
// have validators.
import type { Dataset, Random } from '../../learn/index.ts';
import type { ClueSources } from '../../protocol/index.ts';

/** What an adversary sees before it sends; vectors are on the round's support. */
export interface View {
  /** From 0. */
  readonly round: number;
  readonly rounds: number;
  readonly sources: ClueSources;
  /** The round's model. */
  readonly model: Float32Array;
  /** What honest work on its data would send. */
  readonly own: Int8Array;
  /** The honest probe of a validator that works for it; undefined where there is none. */
  readonly probe: Int8Array | undefined;
  /** The change that local training on some trainer's data makes here: an adversary with look-alike data. */
  changeOf(trainer: number): Float32Array;
  readonly random: Random;
}

/** What the adversary sees when a round's sums are open. */
export interface Opened {
  /** The total of the groups' sums of probes. */
  readonly probes: Float64Array;
  /** What of that total no public vector told. */
  readonly innovation: Float64Array;
  readonly updates: Int32Array;
}

/** Only the direction of what a strategy sends counts: it is brought to the length of an honest vector. */
export type Direction = ArrayLike<number>;

/** An adversary; every hook may be missing, and then it is honest there. */
export interface Strategy {
  /** Seats of trainers that act as this one does, besides its own. */
  readonly extraSeats?: number;
  /** Whether its updates never count: their proofs fail, or it sends none. */
  readonly refused?: true;
  /** What it trains on. */
  data?(own: Dataset, random: Random): Dataset;
  /** What it sends as its update; undefined: what its training made. */
  update?(view: View): Direction | undefined;
  /** What its validators send as their probes; undefined: the honest probe. */
  probe?(view: View): Direction | undefined;
  /** Called once a round, after the sums are open. */
  learn?(opened: Opened): void;
}
