// commitment.json and opening.json: KZG for `tiny` under the development powers. Computed from the secret tau
// itself, in the exponent, and so by other means than the code's, which knows only the powers.
import { fieldOrder, type Blinding, blindingOf } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import { toField } from '../../../prover/field.ts';
import { developmentSeed } from '../../../prover/keys/index.ts';
import { developmentTau } from '../../../prover/keys/secret.ts';
import { g1ToPoint, g2ToPoint, g1Words, g2Words } from '../../../prover/kzg/points.ts';
import { presets } from '../../../prover/presets.ts';
import { source } from '../random.ts';
import { hex } from '../write.ts';

const { Fr } = bn254.fields;
const { coordinatesPerChunk: K, powers: count } = presets.tiny;
const tau = developmentTau(developmentSeed);

interface Case {
  readonly name: string;
  readonly bits: number;
  readonly lanes: readonly number[];
  readonly blinding: Blinding;
}

const inExponent = (scalar: bigint): string[] => {
  const point = scalar === 0n ? bn254.G1.Point.ZERO : bn254.G1.Point.BASE.multiply(scalar);
  return g1Words(g1ToPoint(point)).map(hex);
};

const evaluate = ({ lanes, blinding }: Case, at: bigint): bigint =>
  [...lanes.map((lane) => toField(BigInt(lane))), ...blinding].reduceRight(
    (sum, c) => Fr.add(Fr.mul(sum, at), c),
    0n,
  );

function cases(): Case[] {
  const random = source('kzg');
  const blinding = () => blindingOf(() => toField(random.word()));
  const lanes = (low: number, high: number) => Array.from({ length: K }, () => random.integer(low, high));
  return [
    { name: 'a random update', bits: 8, lanes: lanes(-127, 127), blinding: blinding() },
    { name: 'a random sum', bits: 18, lanes: lanes(-(2 ** 17), 2 ** 17 - 1), blinding: blinding() },
    { name: 'the least lanes', bits: 8, lanes: lanes(-128, -128), blinding: blinding() },
    {
      name: 'the largest lanes',
      bits: 8,
      lanes: lanes(127, 127),
      blinding: blindingOf(() => fieldOrder - 1n),
    },
    { name: 'blinding alone', bits: 8, lanes: lanes(0, 0), blinding: blinding() },
    { name: 'nothing at all: infinity', bits: 8, lanes: lanes(0, 0), blinding: blindingOf(() => 0n) },
    { name: 'one lane', bits: 8, lanes: [1, ...lanes(0, 0).slice(1)], blinding: blindingOf(() => 0n) },
  ];
}

const written = ({ name, bits, lanes, blinding }: Case) => ({
  name,
  bits,
  lanes,
  blinding: blinding.map(hex),
});

/** commitment.json. */
export function commitmentVectors() {
  let power = 1n;
  const powers = Array.from({ length: count }, () => {
    const point = inExponent(power);
    power = Fr.mul(power, tau);
    return point;
  });
  return {
    about:
      'C = [sum_j lanes_j tau^j + sum_k rho_k tau^(K+k)]_1 for `tiny` under the development powers',
    tauG2: g2Words(g2ToPoint(bn254.G2.Point.BASE.multiply(tau))).map(hex),
    powers,
    cases: cases().map((one) => ({ ...written(one), commitment: inExponent(evaluate(one, tau)) })),
  };
}

/** opening.json. */
export function openingVectors() {
  const random = source('kzg/openings');
  const all = cases();
  const challenges = [...all.map(() => toField(random.word())), 0n, 1n, fieldOrder - 1n, tau];
  const openings = challenges.map((gamma, i) => {
    const one = all[i % all.length]!;
    const y = evaluate(one, gamma);
    const numerator = Fr.sub(evaluate(one, tau), y);
    // At gamma = tau the quotient is the derivative there.
    const quotient = gamma === tau ? derivative(one, tau) : Fr.div(numerator, Fr.sub(tau, gamma));
    return {
      of: one.name,
      commitment: inExponent(evaluate(one, tau)),
      gamma,
      y,
      proof: inExponent(quotient),
    };
  });
  const [first, second] = openings as [(typeof openings)[number], (typeof openings)[number]];
  const bad = [
    { ...first, of: 'a wrong value', y: Fr.add(first.y, 1n) },
    { ...first, of: 'a wrong challenge', gamma: Fr.add(first.gamma, 1n) },
    { ...first, of: 'a proof of another vector', proof: second.proof },
    { ...first, of: 'a commitment to another vector', commitment: second.commitment },
    { ...first, of: 'no proof: infinity', proof: inExponent(0n) },
  ];
  const words = (list: typeof openings) =>
    list.map((one) => ({ ...one, gamma: hex(one.gamma), y: hex(one.y) }));
  return {
    about:
      'e(C - y G1 + gamma pi, G2) = e(pi, [tau]_2) for the vectors of commitment.json; `invalid` ones must be refused',
    tauG2: g2Words(g2ToPoint(bn254.G2.Point.BASE.multiply(tau))).map(hex),
    valid: words(openings),
    invalid: words(bad),
  };
}

function derivative({ lanes, blinding }: Case, at: bigint): bigint {
  const coefficients = [...lanes.map((lane) => toField(BigInt(lane))), ...blinding];
  return coefficients
    .slice(1)
    .reduceRight((sum, c, j) => Fr.add(Fr.mul(sum, at), Fr.mul(BigInt(j + 1), c)), 0n);
}
