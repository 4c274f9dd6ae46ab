// Deep Gradient Compression (Lin et al., ICLR 2018) of one trainer over rounds: local clipping, momentum
// correction, momentum factor masking and error feedback, on a support that all trainers share. The residual
// keeps everything that was not sent, the quantiser's error included. Here the "gradient" is the change of a
// round's local training. A round is `accumulate`, `compress`, `settle`. Until it settles, the state keeps
// how things were before it, because only then is the update's outcome known: - `applied`: the sum moved the
// model; the sent part is spent. - `left-out`: the model moved without this update; the sent part stays owed,
// so it returns to the residual. - `rolled-back`: the model did not move. The next round trains from the same
// model and finds the same change again; keeping this change too would count it twice. Residual and velocity
// are as before it. But a sum with what was sent may have been opened, and the next sum of the same may be without
// some of its members: the difference would be theirs. So what was sent is barred: not proposed and not sent again,
// until `free` says that sums are of all again.
import { scaleUnit } from '../protocol/index.ts';
import { fewestLive, withhold } from './floor.ts';
import { clipFactor } from './norm.ts';
import { gaussianRelease, type LocalPrivacy } from './privacy/mechanism.ts';
import { quantise, type Rounding } from './quantise.ts';
import { type CompressorState, decodeState, encodeState } from './state.ts';
import { topK } from './topk.ts';

/** What a round is compressed with. */
export interface CompressedRound {
  /** Ascending indices of the model's parameters, at most K a chunk. */
  readonly support: Uint32Array;
  /** Units of 2^-48 in one step of a coordinate. */
  readonly scale: bigint;
  /** K. */
  readonly coordinatesPerChunk: number;
  readonly chunks: number;
  /** Largest sum of squares of a chunk. */
  readonly normBound: number;
  /** Of stochastic rounding. Noise of privacy never comes from here. */
  readonly random: Rounding;
  readonly privacy?: LocalPrivacy | undefined;
}

/** What became of an update; its consequences stand above. */
export type UpdateOutcome = 'applied' | 'left-out' | 'rolled-back';

/** One trainer's residual and velocity. */
export class Compressor {
  #state: CompressorState;

  constructor(size: number) {
    this.#state = {
      residual: new Float32Array(size),
      velocity: new Float32Array(size),
      barred: new Uint32Array(),
      releases: 0,
      open: undefined,
    };
  }

  /**
   * Continues from `encode`'s bytes.
   * @throws NodeError `state` where they are no state of `size` parameters.
   */
  static decode(bytes: Uint8Array, size: number): Compressor {
    const compressor = new Compressor(size);
    compressor.#state = decodeState(bytes, size);
    return compressor;
  }

  /** All of the state, an unsettled round included. */
  encode(): Uint8Array {
    return encodeState(this.#state);
  }

  /** The part of past changes that waits to be sent. */
  get residual(): Float32Array {
    return this.#state.residual;
  }

  /** Updates made with noise of privacy so far, whatever became of them: what the accountant counts. */
  get releases(): number {
    return this.#state.releases;
  }

  /** Counts releases that this state does not know of: those of a state that was lost. */
  countAtLeast(releases: number): void {
    this.#state.releases = Math.max(this.#state.releases, releases);
  }

  /** `idle`; `accumulated`, a round is open; `sent`, its coordinates have been made and wait for `settle`. */
  get phase(): 'idle' | 'accumulated' | 'sent' {
    const { open } = this.#state;
    return open === undefined ? 'idle' : open.sent === undefined ? 'accumulated' : 'sent';
  }

  /**
   * Opens a round with the change of local training.
   * @param momentum DGC's momentum correction, 0 for none. @param clip largest l2 norm of the change.
   */
  accumulate(change: Float32Array, momentum: number, clip?: number): void {
    const { residual, velocity, open } = this.#state;
    if (open) throw new Error('compressor: a round is open; settle it before the next');
    if (change.length !== residual.length)
      throw new RangeError(
        `compressor: a change of ${change.length} parameters, but the state has ${residual.length}`,
      );
    this.#state.open = { residual: residual.slice(), velocity: velocity.slice(), sent: undefined };
    const factor = clip === undefined ? 1 : clipFactor(change, clip);
    for (let i = 0; i < change.length; i++) {
      velocity[i] = momentum * velocity[i]! + factor * change[i]!;
      residual[i]! += velocity[i]!;
    }
  }

  /** The round's support as this trainer would have it: its largest residuals, ranked (CLT-k's leader). */
  propose(count: number): Uint32Array {
    const { residual, barred } = this.#state;
    const open = residual.slice();
    for (const index of barred) open[index] = 0;
    return topK(open, count);
  }

  /** Lifts the bar on what earlier rounds sent in vain. */
  free(): void {
    this.#state.barred = new Uint32Array();
  }

  /**
   * The coordinates to commit to, chunk by chunk; the residual keeps the rest. A chunk with too few live
   * coordinates is zeros, and stays owed as it was; so is a coordinate that is barred.
   */
  compress(round: CompressedRound): Int8Array[] {
    const { support, scale, coordinatesPerChunk, chunks, normBound, random, privacy } = round;
    const { residual, velocity, open } = this.#state;
    if (!open || open.sent) throw new Error('compressor: accumulate once, then compress once, then settle');
    if (support.length > coordinatesPerChunk * chunks)
      throw new RangeError(
        `compressor: a support of ${support.length}, but ${chunks} chunks of ${coordinatesPerChunk} hold ` +
          'fewer',
      );
    const step = Number(scale) * scaleUnit;
    this.spend(support);
    const { residual: owed, velocity: pace } = open.sent!;
    const fewest = fewestLive(support.length);
    const { released, noise } = privacy
      ? gaussianRelease(owed, privacy)
      : { released: owed.slice(), noise: undefined };
    if (privacy && support.length > 0) this.#state.releases++;
    const barred = new Set(this.#state.barred);
    support.forEach((index, at) => {
      if (!barred.has(index)) return;
      released[at] = 0;
      if (noise) noise[at] = 0;
    });
    const out: Int8Array[] = [];
    for (let c = 0; c < chunks; c++) {
      const part = released.subarray(c * coordinatesPerChunk, (c + 1) * coordinatesPerChunk);
      const u = quantise(
        Float64Array.from(part, (x) => x / step),
        { coordinatesPerChunk, normBound, random },
      );
      const withheld = withhold(u, fewest);
      for (let j = 0; j < part.length; j++) {
        const at = c * coordinatesPerChunk + j;
        const index = support[at]!;
        // Noise is owed to nobody: only the sent part of the signal leaves the residual.
        residual[index] = withheld ? owed[at]! : owed[at]! - (u[j]! * step - (noise?.[at] ?? 0));
        if (withheld || barred.has(index)) velocity[index] = pace[at]!;
      }
      out.push(u);
    }
    return out;
  }

  /**
   * Marks `support` as carried without quantising, and forgets the residual there. For a validator's
   * proposals.
   */
  spend(support: Uint32Array): void {
    const { residual, velocity, open } = this.#state;
    if (!open || open.sent) return;
    open.sent = {
      support,
      residual: Float32Array.from(support, (index) => residual[index]!),
      velocity: Float32Array.from(support, (index) => velocity[index]!),
    };
    for (const index of support) {
      residual[index] = 0;
      velocity[index] = 0;
    }
  }

  /**
   * Closes the round. Without an open one it does nothing, so that it can be repeated after a crash.
   * @param bars whether what was sent is barred; where zero was sent, nothing was.
   */
  settle(outcome: UpdateOutcome, bars = outcome === 'rolled-back'): void {
    const { residual, velocity, barred, open } = this.#state;
    if (!open) return;
    if (bars && open.sent) {
      const { support, residual: owed } = open.sent;
      const spent = support.filter((index, j) => residual[index] !== owed[j]);
      this.#state.barred = Uint32Array.from(new Set([...barred, ...spent])).sort();
    }
    if (outcome === 'rolled-back') {
      residual.set(open.residual);
      velocity.set(open.velocity);
    } else if (outcome === 'left-out' && open.sent) {
      const { support, residual: owed, velocity: pace } = open.sent;
      support.forEach((index, j) => {
        residual[index] = owed[j]!;
        velocity[index] = pace[j]!;
      });
    }
    this.#state.open = undefined;
  }
}
