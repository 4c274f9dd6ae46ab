// The shape of a scoring model: how wide its layers are, how many bits their sums have, and how weights are packed
// (circuits/lib/dense.circom is the same in circom).
import type { ScoreInstance } from '@murmuration/circuits';

/** Bits of a weight and of a feature, beside the sign. */
export const weightBits = 15;
/** Thresholds of a model; there is one bracket more. */
export const thresholdCount = 9;
/** Levels of the tree of issuers. */
export const issuerDepth = 8;
/** Bits of a feature, sign included. */
export const featureBits = 16;
/** Bits of a bound's lane. */
export const boundBits = 18;

/** A layer, dense, with its activation unless it is the last. */
export interface ScoreLayer {
  /** Numbers that it takes. */
  readonly inputs: number;
  /** Numbers that it gives. */
  readonly outputs: number;
  /** Inputs are at most 2^this in size. */
  readonly inputBits: number;
  /** Sums, bias included, lie in [-2^this, 2^this). */
  readonly sumBits: number;
  /** Outputs whose weights for one input share an element, `sumBits + 1` bits apart. */
  readonly perElement: number;
}

/** The layers of a model with these widths: features, then the outputs of each layer. */
export function layersOf({ widths }: Pick<ScoreInstance, 'widths'>): ScoreLayer[] {
  const layers: ScoreLayer[] = [];
  let inputBits = weightBits;
  for (let l = 0; l + 1 < widths.length; l++) {
    const inputs = widths[l]!;
    const sumBits = inputBits + weightBits + Math.ceil(Math.log2(inputs)) + 1;
    const perElement = Math.floor(252 / (sumBits + 1));
    layers.push({ inputs, outputs: widths[l + 1]!, inputBits, sumBits, perElement });
    inputBits = sumBits;
  }
  return layers;
}
