// The references of a round (docs/encodings.md, "References"): what the opened sum of each group's probes holds
// that no public vector told, as integers.
import { maxGroups, maxReference, type ReferenceChunk } from '@murmuration/prover';
import { type ClueFamily, type ClueSources, clueFamilies, cluesOf } from './clues.ts';
import { length, orthonormal, without } from './vectors.ts';

/** Coordinates of the support for each vector of the basis: a small support would otherwise be all clue. */
const coordinatesPerClue = 8;

/** A round's references. */
export interface References {
  /**
   * The square of what a whole probe's length is brought to, `576 n`: a root mean square of 24, as a probe has
   * itself.
   */
  readonly squaredLength: number;
  /** Seven of the support's length, each coordinate within 127; zeros for a group that does not count. */
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
 * The references of a round: innovations, as long as the whole sum would be with a root mean square of 24,
 * rounded to the nearest (halves upward) and clipped at 127. A round that was foreseen leaves short ones, and
 * pays less.
 * @param basis from {@link publicBasis}.
 */
export function referencesOf(
  groups: readonly (Int32Array | undefined)[],
  basis: readonly Float64Array[],
  n: number,
): References {
  const squaredLength = 576 * n;
  return {
    squaredLength,
    groups: Array.from({ length: maxGroups }, (_, g) => {
      const sum = groups[g];
      const out = new Int8Array(n);
      const size = sum ? length(sum) : 0;
      if (!sum || size === 0) return out;
      const factor = Math.sqrt(squaredLength) / size;
      without(sum, basis).forEach((x, j) => {
        out[j] = Math.max(-maxReference, Math.min(maxReference, Math.floor(x * factor + 0.5)));
      });
      return out;
    }),
  };
}

/**
 * The references as the statement takes them, one a chunk, padded with zeros.
 * @param coordinatesPerChunk K.
 */
export function referenceChunks(
  { squaredLength, groups }: References,
  { chunks, coordinatesPerChunk }: { readonly chunks: number; readonly coordinatesPerChunk: number },
): ReferenceChunk[] {
  return Array.from({ length: chunks }, (_, chunk) => ({
    squaredLength: BigInt(squaredLength),
    chunk,
    chunks,
    groups: groups.map((group) => {
      const part = new Int8Array(coordinatesPerChunk);
      part.set(group.subarray(chunk * coordinatesPerChunk, (chunk + 1) * coordinatesPerChunk));
      return part;
    }),
  }));
}
