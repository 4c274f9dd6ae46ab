// Parameters, checked once at the door: security, room for every sum, room for noise and flooding.

import { createHash } from 'node:crypto';
import { blindingCoefficients, type PresetName, presetNames } from '@murmuration/core';
import { ensure } from './errors.ts';
import { type ParametersLiteral, presets } from './presets.ts';
import { isPrime } from './ring/primes.ts';
import { jointKeys } from './sharing.ts';

/**
 * The largest total modulus, in bits, for 128-bit classical security with ternary secrets: Bossuat et al.,
 * "Security Guidelines for Implementing Homomorphic Encryption" (IACR CiC 2025, table 5.2), a few bits below
 * the standard of 2018 that SEAL enforces.
 */
const securityTable: Readonly<Record<number, number>> = {
  1024: 26,
  2048: 53,
  4096: 106,
  8192: 214,
  16384: 430,
  32768: 868,
};

/** Bits of a limb, in which a coefficient of the blinding is encoded. */
export const limbBits = 16;
/** Limbs of one coefficient of the blinding. */
export const limbsEach = 16;
/** Blinding limbs at the end of a plaintext. */
export const limbCount = blindingCoefficients * limbsEach;

/** A summand of the flooding is `high * 2^24 + low`, so that one bound serves moduli beyond 64 bits. */
export const floodingLowBits = 24n;
/**
 * Uniform integers that are added up to flood one coefficient of a share. A single one ends in a step: who
 * knows all other floods of a set sees, past the step, single coefficients of the noise, and that counts
 * linearly in the openings. The sum of four has no step, and what it tells counts in the square
 * (`leak.ts`).
 */
export const floodingSummands = 4;

/** Immutable, checked parameters with everything that follows from them. */
export interface Parameters extends Readonly<ParametersLiteral> {
  /** SHA-256 of the canonical literal, 32 bytes: every message is bound to it. */
  readonly id: Uint8Array<ArrayBuffer>;
  /** t. */
  readonly plainModulus: bigint;
  /** T = 2 t: plaintexts are encoded at Q / T, since sums are doubled before they are decrypted. */
  readonly encodingModulus: bigint;
  /** Q, the product of the two data primes. */
  readonly modulus: bigint;
  /** Bits of the whole modulus Q P, the special prime included. */
  readonly modulusBits: number;
  /** Bits that the whole modulus may have for 128-bit security. */
  readonly securityLimitBits: number;
  /** log2(Q / 2t): noise of this size makes a coefficient wrong. */
  readonly noiseRoomBits: number;
  /** Bytes of an encoded ciphertext, without its header and weight. */
  readonly ciphertextBodyBytes: number;
  /** Most fresh ciphertexts of weight 1 that may be added up: Wmax. */
  readonly maxAddends: number;
  /**
   * Bits of flooding over {@link noiseBound} with `maxParties` parties, all of them needed: the least there
   * is.
   */
  readonly worstFloodingBits: number;
}

/**
 * The standard deviation of one coefficient of the noise of an honest encryption, in units of 1.
 *
 * Encryption works at the key level, (b u + e0, a u + e1), and divides by the special prime P, rounding. With
 * s = sum s_i and e = sum e_i of n parties, ternary u and s_i (variance 2/3), centred binomial errors
 * (variance 21/2), the variance is
 *
 *   (2 n N * 21/2 * 2/3 + 21/2) / P^2  +  (1 + N n * 2/3) / 12
 *
 * (the second term is the rounding, carried by s).
 * @param parties n, how many made the key.
 */
export function noiseDeviation({ ringDegree: n, specialPrime }: ParametersLiteral, parties: number): number {
  const special = Number(specialPrime);
  return Math.sqrt((14 * parties * n + 10.5) / special ** 2 + (1 + (n * parties * 2) / 3) / 12);
}

/**
 * A bound on the noise of a sum of honest encryptions, exceeded with probability 2^-80 at most; noise is in
 * units of 1, and decryption fails at Q / 2t.
 *
 * A Gaussian tail over all N coefficients and 2^-80 gives the factor sqrt(2 ln(2 N 2^80)), about 11.4, over
 * {@link noiseDeviation}. Noises of addends may be correlated by nothing worse than their weights' sum.
 * Rounding of Q m / T adds 1/2 a unit of weight. A sum is doubled before it is decrypted, and its noise with
 * it: {@link openedNoiseBound}.
 * @param parties n, how many made the key.
 * @param weight what the addends' weights sum up to.
 */
export function noiseBound(p: ParametersLiteral, parties: number, weight: number): number {
  return weight * (tailFactor(p) * noiseDeviation(p, parties) + 0.5);
}

/** Standard deviations that none of N sub-Gaussian coefficients exceeds but with probability 2^-80. */
const tailFactor = ({ ringDegree }: ParametersLiteral): number =>
  Math.sqrt(2 * (Math.log(2 * ringDegree) + 80 * Math.LN2));

/**
 * A bound on the noise of twice a sum, which is what members decrypt.
 * @param parties n, how many made the key.
 * @param weight what the addends' weights sum up to.
 */
export const openedNoiseBound = (p: ParametersLiteral, parties: number, weight: number): number =>
  2 * noiseBound(p, parties, weight);

/**
 * H, so that each share of a set of `threshold` is flooded by the sum of {@link floodingSummands} uniform
 * integers in [-H 2^24, H 2^24). H is as large as fits: noise and all floods together stay below 7/8 of
 * Q / 2t. The last eighth makes a wrong set show: one coefficient in eight of a random result lies there.
 */
export function floodingHigh(p: ParametersLiteral, parties: number, threshold: number): bigint {
  return (floodingRoom(p, parties) / BigInt(threshold * floodingSummands)) >> floodingLowBits;
}

/** What all floods of an opened sum together may reach: 7/8 of Q / 2t, less the noise of the sum. */
function floodingRoom(p: ParametersLiteral, parties: number): bigint {
  const modulus = p.primes[0] * p.primes[1];
  const room = (modulus * 7n) / (16n << BigInt(p.plainBits));
  return room - BigInt(Math.ceil(openedNoiseBound(p, parties, p.maxWeight)));
}

/**
 * H of a joint flood, each of whose `keys` floods is the sum of {@link floodingSummands} uniform integers in
 * [-H 2^24, H 2^24). An opened sum carries all of them. What their sum may reach is `keys` times the reach of
 * one, or what a coefficient exceeds with probability 2^-80 at most, whichever is less: uniform variables are
 * sub-Gaussian with their own variance (sinh x / x <= e^(x^2 / 6)).
 * @param keys how many floods: `jointKeys`.
 */
export function jointFloodingHigh(p: ParametersLiteral, parties: number, keys: number): bigint {
  const spread = floodingSummands * Math.min(keys, tailFactor(p) * Math.sqrt(keys / (3 * floodingSummands)));
  return BigInt(Math.floor(Number(floodingRoom(p, parties)) / spread)) >> floodingLowBits;
}

/** B: one flood of a joint flood lies in [-B, B). @param keys how many floods: `jointKeys`. */
export const jointFloodingReach = (p: ParametersLiteral, parties: number, keys: number): bigint =>
  (BigInt(floodingSummands) * jointFloodingHigh(p, parties, keys)) << floodingLowBits;

/** B: one share's flood lies in [-B, B). @param threshold t, how many shares open a sum. */
export const floodingReach = (p: ParametersLiteral, parties: number, threshold: number): bigint =>
  (BigInt(floodingSummands) * floodingHigh(p, parties, threshold)) << floodingLowBits;

/**
 * log2 of how far one share's flooding reaches, over the worst noise of a sum.
 * @param parties n, how many made the key.
 * @param threshold t, how many shares open a sum.
 */
export function floodingBits(p: ParametersLiteral, parties: number, threshold: number): number {
  const reach = Number(floodingReach(p, parties, threshold));
  return Math.log2(reach / openedNoiseBound(p, parties, p.maxWeight));
}

/**
 * Bits by which a joint flood may be smaller than {@link Parameters.floodingBits}: of it colluders see one
 * opening a ciphertext, of sets as many as 2.75 (n - t + 1) (`leak.ts`).
 */
const jointAllowance = 2;

/** The least that a joint flood reaches over the worst noise of a sum, in bits, over all groups that have one. */
function worstJointBits(p: ParametersLiteral): number {
  let worst = Number.POSITIVE_INFINITY;
  for (let parties = 2; parties <= p.maxParties; parties++)
    for (let threshold = 2; threshold <= parties; threshold++) {
      const keys = jointKeys({ parties, threshold });
      if (keys === 0) continue;
      const reach = Number(jointFloodingReach(p, parties, keys));
      worst = Math.min(worst, Math.log2(reach / openedNoiseBound(p, parties, p.maxWeight)));
    }
  return worst;
}

const bitLength = (value: bigint): number => value.toString(2).length;

function checkForm(p: ParametersLiteral): void {
  const whole = (name: string, value: number, [least, most]: readonly [number, number]) =>
    ensure(
      Number.isInteger(value) && value >= least && value <= most,
      'parameter',
      () => `${name} is ${value}, but it is an integer from ${least} to ${most}`,
    );
  ensure(
    /^[a-z][a-z0-9-]{0,31}$/.test(p.name),
    'parameter',
    () => `name is '${p.name}', but it is 1 to 32 of a-z, 0-9 and -, a letter first`,
  );
  ensure(
    p.ringDegree in securityTable,
    'parameter',
    () => `ringDegree is ${p.ringDegree}, but it is one of ${Object.keys(securityTable).join(', ')}`,
  );
  whole('plainBits', p.plainBits, [2, 30]);
  whole('coordinateBits', p.coordinateBits, [2, 16]);
  whole('maxWeight', p.maxWeight, [1, 65535]);
  whole('maxParties', p.maxParties, [2, 64]);
  whole('floodingBits', p.floodingBits, [35, 128]);
  whole('coordinatesPerChunk', p.coordinatesPerChunk, [1, p.ringDegree - limbCount]);
  const all = [...p.primes, p.specialPrime];
  for (const q of all)
    ensure(
      q < 1n << 50n && isPrime(q) && q % BigInt(2 * p.ringDegree) === 1n,
      'parameter',
      () => `a modulus is ${q}, but it is a prime below 2^50 that is 1 modulo 2N = ${2 * p.ringDegree}`,
    );
  ensure(
    p.primes[0] < p.primes[1] && !p.primes.includes(p.specialPrime) && p.primes[1] < 2n * p.primes[0],
    'parameter',
    () =>
      `primes are ${all.join(', ')}, but they must differ, ` +
      'and the two data primes ascend and have about the same size',
  );
}

/**
 * Checks a literal and derives everything that follows from it. {@link createHe} takes the result.
 * @throws HeError `parameter` that says which rule the literal breaks: security, overflow of t, overflow of
 *   the noise.
 *
 * @example
 * ```ts
 * import { checkParameters, floodingBits, noiseBound, preset, presets } from '@murmuration/he';
 *
 * const { modulusBits, securityLimitBits, worstFloodingBits } = preset('base');
 * console.log(modulusBits, securityLimitBits, worstFloodingBits.toFixed(1)); // 106 106 35.4
 *
 * const own = checkParameters({ ...presets.base, name: 'small-group', maxParties: 5 });
 * console.log(floodingBits(own, 5, 3).toFixed(1)); // 41.6
 * console.log(Math.log2(noiseBound(own, 5, own.maxWeight)).toFixed(1)); // 18.6
 * ```
 */
export function checkParameters(literal: ParametersLiteral): Parameters {
  checkForm(literal);
  const p = literal;
  const modulusBits = bitLength(p.primes[0] * p.primes[1] * p.specialPrime);
  const limit = securityTable[p.ringDegree]!;
  ensure(
    modulusBits <= limit,
    'parameter',
    () => `the modulus at N = ${p.ringDegree} has ${modulusBits} bits, but 128-bit security allows ${limit}`,
    'Take smaller primes or a larger ring.',
  );
  const t = 2 ** p.plainBits;
  const roomier = 'Raise t or lower Wmax.';
  const largestSum = p.maxWeight * 2 ** (p.coordinateBits - 1);
  ensure(
    2 * largestSum < t,
    'parameter',
    () =>
      `plainBits is ${p.plainBits}, but with Wmax = ${p.maxWeight} sums reach +-${largestSum} ` +
      `and would overflow t = ${t}`,
    roomier,
  );
  const largestLimb = p.maxWeight * (2 ** limbBits - 1);
  ensure(
    largestLimb < t,
    'parameter',
    () =>
      `plainBits is ${p.plainBits}, but with Wmax = ${p.maxWeight} sums of ${limbBits}-bit limbs reach ` +
      `${largestLimb} and would overflow t = ${t}`,
    roomier,
  );
  const modulus = p.primes[0] * p.primes[1];
  const worst =
    floodingHigh(p, p.maxParties, p.maxParties) > 0n ? floodingBits(p, p.maxParties, p.maxParties) : 0;
  ensure(
    worst >= p.floodingBits,
    'parameter',
    () =>
      `floodingBits is ${p.floodingBits}, but with ${p.maxParties} parties the noise leaves room ` +
      `for ${worst.toFixed(1)}`,
    'Take larger primes, a smaller t or fewer parties.',
  );
  const worstJoint = worstJointBits(p);
  ensure(
    worstJoint >= p.floodingBits - jointAllowance,
    'parameter',
    () =>
      `floodingBits is ${p.floodingBits}, but a joint flood of up to ${p.maxParties} parties has ` +
      `${worstJoint.toFixed(1)}, more than ${jointAllowance} less`,
    'Take larger primes, a smaller t or fewer parties.',
  );
  const text = JSON.stringify([
    'murmuration/v2/he/parameters',
    p.name,
    p.ringDegree,
    [...p.primes, p.specialPrime].map(String),
    [p.plainBits, p.coordinatesPerChunk, p.coordinateBits, p.maxWeight, p.maxParties, p.floodingBits],
  ]);
  return Object.freeze({
    ...p,
    primes: Object.freeze([...p.primes] as const),
    id: new Uint8Array(createHash('sha256').update(text).digest()),
    plainModulus: BigInt(t),
    encodingModulus: 2n * BigInt(t),
    modulus,
    modulusBits,
    securityLimitBits: limit,
    noiseRoomBits: Math.log2(Number(modulus)) - p.plainBits - 1,
    ciphertextBodyBytes: (2 * p.ringDegree * (bitLength(p.primes[0]) + bitLength(p.primes[1]))) / 8,
    maxAddends: p.maxWeight,
    worstFloodingBits: worst,
  });
}

/**
 * The checked parameters of a preset.
 * @throws HeError `parameter` for a name that is none.
 */
export function preset(name: PresetName): Parameters {
  const literal = Object.hasOwn(presets, name) ? presets[name] : undefined;
  ensure(
    literal !== undefined,
    'parameter',
    () => `preset is '${name}', but it is one of ${presetNames.join(', ')}`,
  );
  return checkParameters(literal);
}
