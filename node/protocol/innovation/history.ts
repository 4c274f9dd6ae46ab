// What the opened sums of earlier rounds tell of each parameter (docs/encodings.md, "References"). Public, and
// the same for everybody: a member that joins late gets it from the sum files of the rounds before. Its size
// is that of a few models, whatever the number of rounds.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import { withUnitRms } from './vectors.ts';

/** A round whose sums are open, whether its model was accepted or not. */
export interface OpenedRound {
  /** Indices of the model's parameters, strictly increasing. */
  readonly support: Uint32Array;
  /** The updates' sum on the support. */
  readonly updates: ArrayLike<number>;
  /** The groups' sums on the support, of the groups that count. */
  readonly probes: readonly ArrayLike<number>[];
}

/**
 * What is kept of each parameter, of a root mean square of 1 on the support of the round that it came from:
 * the last total of the probes, and the sum of all totals, halved a round; and so of the updates.
 */
const traceNames = ['probe', 'probes', 'update', 'updates'] as const;
/** One of the traces that the history keeps of each parameter. */
export type TraceName = (typeof traceNames)[number];

/** The public history of a task. */
export class PublicHistory {
  /** D, parameters of the model. */
  readonly size: number;
  readonly #traces: Readonly<Record<TraceName, Float32Array>>;

  constructor(size: number) {
    const empty = () => new Float32Array(size);
    this.size = size;
    this.#traces = {
      probe: empty(),
      probes: empty(),
      update: empty(),
      updates: empty(),
    };
  }

  /**
   * Continues from `encode`'s bytes.
   * @throws NodeError `state` where they are no history of `size` parameters.
   */
  static decode(bytes: Uint8Array, size: number): PublicHistory {
    const history = new PublicHistory(size);
    const expected = 4 * size * traceNames.length;
    if (bytes.length !== expected)
      throw new NodeError(
        'state',
        `history is ${bytes.length} bytes, but of ${size} parameters it has ${expected}`,
      );
    for (const [t, name] of traceNames.entries())
      history.#traces[name].set(wordsOfBytes(Float32Array, bytes.subarray(4 * size * t, 4 * size * (t + 1))));
    return history;
  }

  /** All of it, as float32 little-endian. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(4 * this.size * traceNames.length);
    for (const [t, name] of traceNames.entries())
      bytes.set(bytesOfWords(this.#traces[name]), 4 * this.size * t);
    return bytes;
  }

  /** One trace of all parameters; not to be written to. */
  trace(name: TraceName): Float32Array {
    return this.#traces[name];
  }

  /**
   * Adds a round that ended accepted or rejected. Rounds are added in their order, each once.
   * @throws RangeError where a sum is not as long as the support: what is missing would be no number in the traces.
   */
  add({ support, updates, probes }: OpenedRound): void {
    const n = support.length;
    for (const sum of [updates, ...probes])
      if (sum.length !== n) throw new RangeError(`a sum has ${sum.length} coordinates, its support ${n}`);
    const total = new Float64Array(n);
    for (const probe of probes) for (let j = 0; j < n; j++) total[j]! += probe[j]!;
    const { probe, probes: decayed, update, updates: moved } = this.#traces;
    const p = withUnitRms(total);
    const s = withUnitRms(Float64Array.from({ length: n }, (_, j) => updates[j]!));
    support.forEach((index, j) => {
      if (p) {
        probe[index] = p[j]!;
        decayed[index] = 0.5 * decayed[index]! + p[j]!;
      }
      if (s) {
        update[index] = s[j]!;
        moved[index] = 0.5 * moved[index]! + s[j]!;
      }
    });
  }
}
