// From the parts of the sums to a proof (Groth 2016, section 3.2, with snarkjs's bases):
// A = alpha + sum w A + r delta, B = beta + sum w B + s delta, C = sum w C + sum h H - r s delta + s A + r B1.
// All but the last two terms are sums over fixed points, the extra scalars among them.

import { fieldOrder } from '@murmuration/core';
import { randomBytes } from '@noble/curves/utils.js';
import type { Groth16Proof } from '../../backends/backend.ts';
import { bytesToInteger } from '../../field.ts';
import { sumOfMultiples } from '../../kzg/multiples.ts';
import { g1ToPoint, g2ToPoint } from '../../kzg/points.ts';
import { combineG1, combineG2 } from '../msm/combine.ts';
import type { Weighted } from '../msm/summer.ts';
import type { VectorName } from './key_file.ts';
import type { SumPart } from './tasks.ts';

/** What makes two proofs of the same witness different and hides it. */
export interface Blinders {
  readonly r: bigint;
  readonly s: bigint;
}

/** Uniform in the field, but for a bias of 2^-130. */
export function randomBlinders(): Blinders {
  const scalar = () => bytesToInteger(randomBytes(48)) % fieldOrder;
  return { r: scalar(), s: scalar() };
}

export function finishProof(parts: readonly SumPart[], { r, s }: Blinders): Groth16Proof {
  const terms = (...names: VectorName[]): Weighted[] =>
    parts.flatMap(({ vector, terms }) => (names.includes(vector) ? terms : []));
  const a = combineG1(terms('a'));
  const b1 = combineG1(terms('b1'));
  const c = sumOfMultiples([
    { point: combineG1(terms('c', 'h')), scalar: 1n },
    { point: a, scalar: s },
    { point: b1, scalar: r },
  ]);
  return { a: g1ToPoint(a), b: g2ToPoint(combineG2(terms('b2'))), c: g1ToPoint(c) };
}
