// Keys with known secrets, in the form in which deployments take them (see
// test/vectors/generators/trapdoor.ts).
import { readFileSync } from 'node:fs';
import { bn254 } from '@noble/curves/bn254.js';
import { type Hex, keccak256, toHex } from 'viem';
import type { PresetKeysJson, ScoreKeysJson } from '../../contracts/index.ts';

const { Fr } = bn254.fields;
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/trapdoor.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

type Four = [string, string, string, string];
/** A point of G2 of the vectors, in decimal words. */
export const g2 = (name: string): Four => vectors[name]!.map((word) => BigInt(word).toString()) as Four;
const g1 = (label: string): [string, string] => {
  const { x, y } = bn254.G1.Point.BASE.multiply(Fr.create(BigInt(keccak256(toHex(label))))).toAffine();
  return [x.toString(), y.toString()];
};

const verifyingKey = (circuit: string, signals: number) => ({
  alpha: g1('alpha'),
  beta: g2('beta'),
  gamma: g2('gamma'),
  delta: g2('delta'),
  ic: Array.from({ length: signals + 1 }, (_, i) => g1(`${circuit}/${i}`)),
});

/** The public part of a preset's keys. */
export const presetKeys = (preset: string): PresetKeysJson => ({
  preset,
  coordinatesPerChunk: 96,
  coordinateBits: 8,
  developmentKeys: true,
  tau: g2('tau'),
  update: verifyingKey('update', 4),
  aggregate: verifyingKey('aggregate', 3),
  alignment: { ...verifyingKey('alignment', 3), bases: keccak256(toHex('bases')) },
});

const scoreVectors = JSON.parse(readFileSync(new URL('../vectors/credit.json', import.meta.url), 'utf8')) as {
  verifyingKeys: Record<
    'logistic' | 'network',
    Record<'alpha' | 'beta' | 'gamma' | 'delta', Hex[]> & { ic: Hex[][] }
  >;
};
const words = (point: Hex[]) => point.map((word) => BigInt(word).toString());
/** The public part of the keys of the statement `score`, with which the vectors' proofs were made. */
export const scoreKeys = {
  developmentKeys: true,
  ...Object.fromEntries(
    Object.entries(scoreVectors.verifyingKeys).map(([shape, { alpha, beta, gamma, delta, ic }]) => [
      shape,
      { alpha: words(alpha), beta: words(beta), gamma: words(gamma), delta: words(delta), ic: ic.map(words) },
    ]),
  ),
} as ScoreKeysJson;
