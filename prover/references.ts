// The references of one chunk: what a round's updates are measured against, integers that everyone computes from the
// opened sums of the groups of validators. In a proof of `alignment` they are public inputs, one for each coordinate,
// which a verifier takes as one point, their multiples of the key's bases (docs/encodings.md, "References").
import { ProverError } from './errors.ts';
import { toField } from './field.ts';
import { packLittle } from './kzg/bytes.ts';
import { type Bases, type G1Point, g1ToPoint, parseG1, sumOfMultiples, sumOfSmall } from './kzg/index.ts';
import type { Preset } from './presets.ts';

/** Most groups of validators, whose references a proof measures at once. */
export const maxGroups = 7;
/** The largest size of a reference. */
export const maxReference = 127;
/** Bits of a reference with its sign. */
const referenceBits = 8;
/** Bits by which the groups' references stand apart in a packed coordinate: their inner products stay below 2^27. */
export const referenceStride = 32;
/** The squared length is below 2^32. */
export const squaredLengthBits = 32;
/** How the words before the references are written. */
const wordForm = { size: 32, bits: squaredLengthBits };

/** The references of one chunk. */
export interface ReferenceChunk {
  /**
   * One vector for each group, at most {@link maxGroups}: K integers of size at most {@link maxReference}, padded with zeros. Of
   * a group that does not count, and of one that is not there, all are 0.
   */
  readonly groups: readonly Int8Array[];
  /**
   * The square of the length that a cosine takes each group's references for, over all chunks: an integer in [0, 2^32). References
   * are probes' innovations times a factor; it is the square of what the whole probe's length would be.
   */
  readonly squaredLength: bigint;
  /** The chunk's index, from 0. */
  readonly chunk: number;
  /** Chunks in the round, 1 to 32. */
  readonly chunks: number;
}

/**
 * The circuit's public inputs for a chunk's references, by name: `first`, `last`, `squaredLength`, and of each coordinate
 * `sum_g r_g 2^(32 g)` modulo r.
 *
 * @throws {ProverError} `argument` for references out of range.
 */
export function referenceInputs(
  preset: Preset,
  references: ReferenceChunk,
): Readonly<Record<'first' | 'last' | 'squaredLength' | 'references', readonly bigint[]>> {
  checkReferences(preset, references);
  const { groups } = references;
  const packed = Array.from({ length: preset.coordinatesPerChunk }, (_, j) =>
    toField(groups.reduce((sum, group, g) => sum + (BigInt(group[j]!) << BigInt(referenceStride * g)), 0n)),
  );
  return { ...chunkWords(references), references: packed };
}

/**
 * The point by which verifiers know a chunk's references: `sum_k s_k B_k` over the public inputs `s` of {@link
 * referenceInputs}, in order, and the key's bases `B`. References are small, so each group's are summed by themselves.
 *
 * @param bases of the verifying key of `alignment`.
 * @throws {ProverError} `argument` for references out of range.
 */
export async function pointOfReferences(
  preset: Preset,
  bases: Bases,
  references: ReferenceChunk,
): Promise<G1Point> {
  checkReferences(preset, references);
  const words = Object.values(chunkWords(references)).flat();
  const parts = [{ point: parseG1('sum', await bases.sum(packLittle(words), wordForm)), scalar: 1n }];
  for (const [g, group] of references.groups.entries()) {
    const point = await sumOfSmall(bases, group, { bits: referenceBits, first: words.length });
    parts.push({ point, scalar: 1n << BigInt(referenceStride * g) });
  }
  return g1ToPoint(sumOfMultiples(parts));
}

/** The inputs before the references, by name and in order. */
function chunkWords({
  squaredLength,
  chunk,
  chunks,
}: ReferenceChunk): Record<'first' | 'last' | 'squaredLength', readonly bigint[]> {
  return {
    first: [chunk === 0 ? 1n : 0n],
    last: [chunk === chunks - 1 ? 1n : 0n],
    squaredLength: [squaredLength],
  };
}

/** @throws {ProverError} `argument` for references out of range. */
export function checkReferences(
  preset: Preset,
  { groups, squaredLength, chunk, chunks }: ReferenceChunk,
): void {
  if (groups.length > maxGroups) {
    throw new ProverError('argument', `there are ${groups.length} groups, but at most ${maxGroups}`);
  }
  const K = preset.coordinatesPerChunk;
  groups.forEach((group, g) => {
    if (group.length !== K) {
      throw new ProverError(
        'argument',
        `group ${g} has ${group.length} references, but a chunk of ${preset.name} has ${K}`,
        { mend: 'Pad the last chunk with zeros.' },
      );
    }
    const wrong = group.findIndex((r) => Math.abs(r) > maxReference);
    if (wrong >= 0) {
      throw new ProverError(
        'argument',
        `reference ${wrong} of group ${g} is ${group[wrong]}, but its size is at most ${maxReference}`,
      );
    }
  });
  if (squaredLength < 0n || squaredLength >> BigInt(squaredLengthBits) !== 0n) {
    throw new ProverError('argument', `squaredLength is ${squaredLength}, but it lies in [0, 2^32)`);
  }
  const whole = Number.isInteger(chunk) && Number.isInteger(chunks);
  if (!whole || chunks < 1 || chunks > preset.maxChunks || chunk < 0 || chunk >= chunks) {
    throw new ProverError(
      'argument',
      `chunk ${chunk} of ${chunks} was asked for, but a round has 1 to ${preset.maxChunks}, counted from 0`,
    );
  }
}
