// poseidon.json: Poseidon of two inputs, for the contracts, which have a permutation of their own.
import { fieldOrder } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { poseidon } from '../../../prover/poseidon/permutation.ts';
import { source } from '../random.ts';

/** Pairs at the field's edges, and random ones. */
export function poseidonVectors(): unknown {
  const random = source('poseidon');
  const edges = [0n, 1n, fieldOrder - 1n];
  const pairs = [
    ...edges.flatMap((a) => edges.map((b) => [a, b] as const)),
    ...Array.from({ length: 7 }, () => [toField(random.word()), toField(random.word())] as const),
  ];
  return { pairs: pairs.map(([a, b]) => ({ a: `${a}`, b: `${b}`, hash: `${poseidon([a, b])}` })) };
}
