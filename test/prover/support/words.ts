// Vectors' words as points and proofs.
import { readFileSync } from 'node:fs';
import { type G1Point, type G2Point, g1FromWords, g2FromWords } from '@murmuration/prover';

/** A vector file. The caller says what is in it. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

export const g1 = (words: readonly string[]): G1Point => g1FromWords('point', words.map(BigInt));
export const g2 = (words: readonly string[]): G2Point => g2FromWords('point', words.map(BigInt));
