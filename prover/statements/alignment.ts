// Statement `alignment`: how far an update goes along the round's references, and how long it is, coarsely, without
// showing it. One proof a chunk; hidden totals go from each chunk to the next, and the last one publishes figures.
import type { ChunkVector } from '@murmuration/core';
import { randomElement } from '../blinding.ts';
import { ProverError } from '../errors.ts';
import { toField } from '../field.ts';
import { encodeFigures, type Figures, figuresOf, noTotals, type Totals } from '../figures.ts';
import type { G1Point } from '../kzg/index.ts';
import type { Preset } from '../presets.ts';
import { checkReferences, type ReferenceChunk, referenceInputs } from '../references.ts';
import { totalsHash } from '../sponge.ts';
import type { Statement } from './statement.ts';
import { innerProduct, squaredNorm, vectorInputs } from './vector.ts';

/** What `alignment` says of a chunk; `hUpdate`, `before` and `out` in [0, r). */
export interface AlignmentClaim {
  /** The sponge of the accepted update's chunk. */
  readonly hUpdate: bigint;
  /** 0 for the first chunk, else `out` of the chunk before it. */
  readonly before: bigint;
  /** The salted hash of the totals so far; of the last chunk the figures, see {@link decodeFigures}. */
  readonly out: bigint;
  /** Stands for the chunk's references, see {@link Prover.referencePoint}. */
  readonly point: G1Point;
}

/** Totals and the salt by which their hash hides them. */
export interface SaltedTotals extends Totals {
  /** In [0, r), fresh. */
  readonly salt: bigint;
}

/** What `alignment` does not show, and the references, which are public. */
export interface AlignmentSecret {
  /** The chunk of the update, with the blinding that it was committed with. */
  readonly update: ChunkVector;
  /** The chunk's references. */
  readonly references: ReferenceChunk;
  /** What `before` hides: of the first chunk nothing. */
  readonly before: SaltedTotals;
  /** Hides the totals in `out`; not used by the last chunk. */
  readonly salt: bigint;
}

/** A trainer's update and a round's references, one of each a chunk. */
export interface AlignmentSubject {
  /** With the blinding that each chunk was committed with. */
  readonly update: readonly ChunkVector[];
  /** As this party computed them from the opened sums, whoever voted for what. */
  readonly references: readonly ReferenceChunk[];
}

/** What the contract knows of an update and a round's references, one of each a chunk. */
export interface AlignmentNames {
  /** The sponges of the accepted update. */
  readonly hUpdate: readonly bigint[];
  /** The points of the references that the round's vote named; each is to be compared with {@link Prover.referencePoint}. */
  readonly points: readonly G1Point[];
}

/** One chunk's claim and secret, ready for {@link Prover.prove}. */
export interface AlignmentStep {
  /** What becomes public. */
  readonly claim: AlignmentClaim;
  /** What does not. */
  readonly secret: AlignmentSecret;
}

/** The statement about a chunk of an update measured against the references. */
export const alignment: Statement<AlignmentClaim, AlignmentSecret> = {
  circuit: 'alignment',
  signals: (_, { hUpdate, before, out }) => ({ hUpdate, before, out }),
  point: ({ point }) => point,
  secretInputs(preset, _, { update, references, before, salt }) {
    return {
      ...vectorInputs('update', preset, update),
      ...referenceInputs(preset, references),
      productsBefore: before.products.map(toField),
      normBefore: [before.norm],
      saltBefore: [before.salt],
      salt: [salt],
    };
  },
};

/**
 * The totals after a chunk: inner products and squared norm are added.
 *
 * @throws {ProverError} `argument` for vectors of different lengths.
 */
export function addTotals(
  { products, norm }: Totals,
  { update, references }: Pick<AlignmentSecret, 'update' | 'references'>,
): Totals {
  return {
    products: products.map((product, g) => {
      const group = references.groups[g];
      return group ? product + innerProduct(update.coordinates, group) : product;
    }),
    norm: norm + squaredNorm(update.coordinates),
  };
}

/**
 * An update's figures: what the proofs of its chunks will publish, and nothing else will.
 *
 * @throws {ProverError} `argument` for other numbers of chunks, or vectors of different lengths.
 */
export function measureAlignment({ update, references }: AlignmentSubject): Figures {
  checkChunks('references', references, update.length);
  const totals = update.reduce(
    (sum, chunk, i) => addTotals(sum, { update: chunk, references: references[i]! }),
    noTotals,
  );
  return figuresOf(totals, references.at(-1)?.squaredLength ?? 0n);
}

/**
 * The claims and secrets of all chunks of an update, in order, under fresh salts. A trainer proves them once a round; proving again
 * takes this again.
 *
 * @throws {ProverError} `argument` for other numbers of chunks or references out of range.
 * @example
 * ```ts
 * import * as zk from '@murmuration/prover';
 *
 * const keys = await zk.ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
 * const backend = zk.createBackend({ name: 'snarkjs' });
 * await backend.start();
 * const prover = zk.createProver(keys, backend);
 * const update = { coordinates: new Int32Array(96).fill(3), blinding: zk.randomBlinding() };
 * const groups = [new Int8Array(96).fill(2), new Int8Array(96).fill(-1)];
 * const references = { groups, squaredLength: 4n * 96n, chunk: 0, chunks: 1 };
 *
 * const { h } = await prover.commit('update', update);
 * const point = await prover.referencePoint(references);
 * const subject = { update: [update], references: [references] };
 * const [step] = await zk.alignmentSteps(prover.preset, subject, { hUpdate: [h], points: [point] });
 * const { proof } = await prover.prove(zk.alignment, step!);
 * console.log(prover.verify(zk.alignment, step!.claim, proof)); // true
 * const { scores, bucket } = zk.decodeFigures(step!.claim.out);
 * console.log(scores.join(), bucket); // 127,-63,0,0,0,0,0 9
 * await backend.stop();
 * ```
 */
export async function alignmentSteps(
  preset: Preset,
  { update, references }: AlignmentSubject,
  { hUpdate, points }: AlignmentNames,
): Promise<AlignmentStep[]> {
  checkChunks('references', references, update.length);
  checkChunks('hUpdate', hUpdate, update.length);
  checkChunks('points', points, update.length);
  const steps: AlignmentStep[] = [];
  let before: SaltedTotals = { ...noTotals, salt: 0n };
  let hidden = 0n;
  for (const [i, chunk] of update.entries()) {
    const mine = references[i]!;
    if (mine.chunk !== i || mine.chunks !== update.length) {
      throw new ProverError(
        'argument',
        `references[${i}] are of chunk ${mine.chunk} of ${mine.chunks}, but the update has ${update.length}`,
      );
    }
    checkReferences(preset, mine);
    const secret = { update: chunk, references: mine, before, salt: randomElement() };
    const after = { ...addTotals(before, secret), salt: secret.salt };
    const last = i === update.length - 1;
    const out = last
      ? encodeFigures(figuresOf(after, mine.squaredLength))
      : totalsHash(after.products, after.norm, after.salt);
    steps.push({ claim: { hUpdate: hUpdate[i]!, before: hidden, out, point: points[i]! }, secret });
    [before, hidden] = [after, out];
  }
  return steps;
}

function checkChunks(name: string, list: readonly unknown[], chunks: number): void {
  if (list.length === chunks) return;
  throw new ProverError(
    'argument',
    `${name} has ${list.length} entries, but the update has ${chunks} chunks`,
  );
}
