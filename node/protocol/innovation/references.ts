// The references of a round (docs/encodings.md, "References"): what the opened sum of each group's probes holds
// that no public vector told, in 4 bits a coordinate.
import { sha256 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { maxGroups } from '../groups.ts';
import { type ClueFamily, type ClueSources, clueFamilies, cluesOf } from './clues.ts';
import { length, orthonormal, without } from './vectors.ts';

/** Largest magnitude of a reference's coordinate: a lane of 4 bits. */
export const referenceLimit = 7;

/** Coordinates of the support for each vector of the basis: a small support would otherwise be all clue. */
const coordinatesPerClue = 8;

/** The sums that a round opens, all chunks in a row, on the support. */
export interface OpenedSums {
  readonly updates: Int32Array;
  /** One a group; `undefined` for a group that does not count. */
  readonly groups: readonly (Int32Array | undefined)[];
}

/** A round's references. */
export interface References {
  /**
   * The square of what a whole probe's length is brought to, `ceil(2.25 n)`: a root mean square of 1.5, so that
   * 7 is out of reach for all but few coordinates.
   */
  readonly squaredLength: number;
  /** Seven of the support's length, each coordinate in [-7, 7]; zeros for a group that does not count. */
  readonly groups: readonly Int8Array[];
}

/** An orthonormal basis of what is public on the round's support. */
export function publicBasis(
  sources: ClueSources,
  families: readonly ClueFamily[] = clueFamilies,
): Float64Array[] {
  const clues = families.flatMap((family) => cluesOf(family, sources));
  return orthonormal(clues, Math.floor(sources.support.length / coordinatesPerClue));
}

/**
 * The references of a round. A coordinate is rounded down after a public dither in [0, 1) is added: with so few
 * bits, rounding to the nearest would lose most of a heavy-tailed vector, and this rounding has no bias.
 * @param basis from {@link publicBasis}.
 */
export function referencesOf(sums: OpenedSums, basis: readonly Float64Array[]): References {
  const n = sums.updates.length;
  const squaredLength = Math.ceil(2.25 * n);
  const seed = openedDigest(sums);
  const groups = Array.from({ length: maxGroups }, (_, g) => {
    const sum = sums.groups[g];
    const out = new Int8Array(n);
    const size = sum ? length(sum) : 0;
    if (!sum || size === 0) return out;
    const factor = Math.sqrt(squaredLength) / size;
    const dither = ditherOf(seed, g, n);
    without(sum, basis).forEach((x, j) => {
      const rounded = Math.floor(x * factor + dither(j));
      out[j] = Math.max(-referenceLimit, Math.min(referenceLimit, rounded));
    });
    return out;
  });
  return { squaredLength, groups };
}

/**
 * The SHA-256 of what a round opened. It covers the sums themselves: digests of files are stated by a prover,
 * which could try many until the dither suits a trainer.
 */
function openedDigest({ updates, groups }: OpenedSums): Uint8Array {
  const hash = sha256.create().update(utf8ToBytes('murmuration/v1/references'));
  for (const sum of [updates, ...groups]) {
    hash.update(Uint8Array.of(sum ? 1 : 0));
    if (sum) hash.update(littleEndian(sum));
  }
  return hash.digest();
}

function littleEndian(sum: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * sum.length));
  sum.forEach((value, j) => {
    view.setInt32(4 * j, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** The dither of a group: 16 bits a coordinate of SHAKE256 over the digest and the group. */
function ditherOf(seed: Uint8Array, group: number, n: number): (j: number) => number {
  const bytes = shake256(concatBytes(seed, Uint8Array.of(group)), { dkLen: 2 * n });
  return (j) => (bytes[2 * j]! + 256 * bytes[2 * j + 1]!) / 65_536;
}
