// What all openings of a task together tell beyond the sums, in numbers.
//
// Fewer than t colluders know all floods of a set but one. What they see of a coefficient is that flood,
// moved by the noise d of the sum. For a density f with Fisher information I, the squared Hellinger distance
// of f and f moved by d is at most I d^2 / 8, whatever d; it adds up over coefficients and openings, and the
// statistical distance is at most the root of twice the total: 1/2 sqrt(I sum d^2). The mean over the noise
// may be taken inside (Jensen), so its variance is all that enters.

import { maxSets } from './decrypt/log.ts';
import type { Parameters } from './parameters.ts';
import { floodingReach, jointFloodingReach, noiseDeviation, openedNoiseBound } from './parameters.ts';
import type { ParametersLiteral } from './presets.ts';
import { jointKeys, type Sharing } from './sharing.ts';
import { proofShape } from './wellformed/shape.ts';

/** I B^2 for the sum of four uniform variables on [-B/4, B/4]; test/he/leak.test.ts integrates it. */
const floodInformation = 12.5;

/** What is opened. */
export interface Openings extends Sharing {
  /** How many openings under one flood alone it amounts to: for each ciphertext {@link openingsOf}. */
  readonly count: number;
}

/**
 * How many openings under one honest flood alone a ciphertext amounts to, at most: one where members decrypt
 * jointly, since a joint flood is a function of the ciphertext, else {@link openingsInSets}.
 */
export const openingsOf = (sharing: Sharing): number =>
  jointKeys(sharing) > 0 ? 1 : openingsInSets(sharing);

/** B: the flood that t - 1 colluders lack lies in [-B, B). */
const reachOf = (p: ParametersLiteral, sharing: Sharing): number => {
  const keys = jointKeys(sharing);
  const { parties, threshold } = sharing;
  return Number(keys > 0 ? jointFloodingReach(p, parties, keys) : floodingReach(p, parties, threshold));
};

/** log2 of how far the flood that t - 1 colluders lack reaches, over the worst noise of a sum. */
export const lackingFloodBits = (p: ParametersLiteral, sharing: Sharing): number =>
  Math.log2(reachOf(p, sharing) / openedNoiseBound(p, sharing.parties, p.maxWeight));

/**
 * How many openings under one honest flood alone all sets of one ciphertext amount to, at most. Each of the
 * n - t + 1 honest members serves {@link maxSets} sets: one of them with t - 1 colluders and no other honest
 * member, the others with one more at least, whose flood halves what they tell (Stam's inequality).
 */
export const openingsInSets = ({ parties, threshold }: Sharing): number =>
  parties === threshold ? 1 : (parties - threshold + 1) * (1 + (maxSets - 1) / 4);

/**
 * A bound on the statistical distance between all that these openings show and what the sums and fresh
 * floods alone would: the most by which the chances of anything that t - 1 colluders do can differ.
 * @param deviation standard deviation of a coefficient of the noise of what is opened: of honest sums
 *   {@link openedDeviation}, of a dishonest sender's part {@link slackDeviation}.
 * @returns at most 1 where it says anything.
 *
 * @example
 * ```ts
 * import { openedDeviation, openingDistance, openingsOf, preset } from '@murmuration/he';
 *
 * // A task of 20 rounds, two sums each, of one chunk.
 * const base = preset('base');
 * const sharing = { parties: 5, threshold: 3 };
 * const count = 20 * 2 * openingsOf(sharing);
 * const distance = openingDistance(base, { ...sharing, count }, openedDeviation(base, 5, base.maxWeight));
 * console.log(Math.log2(distance).toFixed(1)); // -33.9
 * ```
 */
export function openingDistance(
  p: ParametersLiteral,
  { count, ...sharing }: Openings,
  deviation: number,
): number {
  return 0.5 * Math.sqrt(floodInformation * count * p.ringDegree) * (deviation / reachOf(p, sharing));
}

/**
 * Standard deviation of the noise of an honest sum as it is opened, doubled.
 * @param parties n, how many made the key.
 * @param weight what the addends' weights sum up to.
 */
export const openedDeviation = (p: ParametersLiteral, parties: number, weight: number): number =>
  2 * weight * (noiseDeviation(p, parties) + 0.5);

/** A dishonest sender's part in a sum. */
export interface Slack {
  /** n, how many made the key. */
  readonly parties: number;
  /** The sender's weight in the sum. */
  readonly weight: number;
  /** Ciphertexts that its proof is about, 1 to 32. */
  readonly chunks: number;
  /**
   * a of the theorem in docs/proofs/encryption.md: with q hashes a proof it is larger with probability
   * q 2^(-10 a) at most.
   */
  readonly a: number;
}

/**
 * Standard deviation of what a dishonest sender's ciphertext can add that depends on the key, s f* / P, as it
 * is opened: |f*| / P < 2^(a - 1) 2^m, and N coefficients of s of variance 2 n / 3 meet it. What it adds
 * beside this it knows, or is 2^13 times smaller (e u* / P).
 */
export function slackDeviation(p: Parameters, { parties, weight, chunks, a }: Slack): number {
  const { cellBits } = proofShape(p, chunks);
  return weight * Math.sqrt((2 * parties * p.ringDegree) / 3) * 2 ** (a - 1 + cellBits);
}
