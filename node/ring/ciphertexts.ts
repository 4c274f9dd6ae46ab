// Ciphertexts as the ring's residues, and a ring's sum as the ciphertexts it stands for: one ciphertext of
// `he/` a chunk.
import type { He, KeyGroup } from '@murmuration/he';
import { NodeError } from '../errors.ts';
import type { Shape } from './residues.ts';

/** The part of `he/` that this needs. */
export type CiphertextForm = Pick<He, 'params' | 'takeSegment' | 'assembleSegments'>;

/** The ciphertexts of one key group. */
export interface GroupForm {
  readonly he: CiphertextForm;
  readonly group: Pick<KeyGroup, 'id'>;
}

/**
 * The shape of `chunks` ciphertexts: the rows of c0 and c1 modulo each data prime, one chunk after the other.
 */
export function ciphertextShape(he: CiphertextForm, chunks: number): Shape {
  const { primes, ringDegree } = he.params;
  const moduli = Array.from({ length: chunks }, () => [...primes, ...primes]).flat();
  return { moduli, coefficients: ringDegree };
}

/**
 * The residues of fresh ciphertexts, one a chunk.
 * @throws HeError for one that is not of this key group or not well formed; NodeError `sum` for one that is
 * no fresh encryption: a ciphertext with a weight is a sum, and would count more than once.
 */
export function residuesOf({ he, group }: GroupForm, chunks: readonly Uint8Array[]): BigUint64Array {
  const n = he.params.ringDegree;
  const residues = new BigUint64Array(chunks.length * 4 * n);
  chunks.forEach((bytes, chunk) => {
    const { rows, weight } = he.takeSegment({ group, ciphertext: bytes, range: { from: 0, to: n } });
    if (weight !== 1)
      throw new NodeError(
        'sum',
        `ciphertext of chunk ${chunk}: it has weight ${weight}, but a fresh one has 1`,
      );
    for (const [index, row] of rows.entries()) residues.set(row, (chunk * 4 + index) * n);
  });
  return residues;
}

/** The ciphertexts, one a chunk, of a ring's sum; `weight` is the sum of the plan's weights. */
export function ciphertextsOf({ he, group }: GroupForm, sum: BigUint64Array, weight: bigint): Uint8Array[] {
  const n = he.params.ringDegree;
  return Array.from({ length: sum.length / (4 * n) }, (_, chunk) => {
    const rows = [0, 1, 2, 3].map((row) => sum.slice((chunk * 4 + row) * n, (chunk * 4 + row + 1) * n));
    return he.assembleSegments(group, [{ from: 0, to: n, weight: Number(weight), rows }]);
  });
}
