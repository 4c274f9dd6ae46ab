// The vector of one chunk, secret or opened: what is encrypted, committed to, proven and summed
// (docs/encodings.md).

/**
 * The order r of BN254's scalar field Fr. Blinding coefficients, sponges and public signals are elements of
 * it.
 */
export const fieldOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/**
 * `rho`: three coefficients in [0, r), fresh for every chunk, round and attempt. docs/proofs/blinding.md says
 * why three.
 */
export type Blinding = readonly [bigint, bigint, bigint];

/** Coefficients of a {@link Blinding}. */
export const blindingCoefficients: Blinding['length'] = 3;

/** A blinding of what `coefficient` gives for each place. */
export function blindingOf(coefficient: (place: number) => bigint): Blinding {
  return [coefficient(0), coefficient(1), coefficient(2)];
}

/** The vector of one chunk: of an update, of a probe, or of a weighted sum of either. */
export interface ChunkVector {
  /**
   * Exactly K signed coordinates, padded with zeros. Of an update or a probe |u| <= 2^(b-1) - 1; of a sum of
   * total weight W, from -W 2^(b-1) to W (2^(b-1) - 1).
   */
  readonly coordinates: Int32Array;
  /** Each coefficient in [0, r); of a sum, the weighted sum of the addends' blindings modulo r. */
  readonly blinding: Blinding;
}
