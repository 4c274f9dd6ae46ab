// What the circuit of `alignment` leaves to its prover beside inputs and digits: the parts of the packed inner
// product, and each figure's size. For a true statement they are unique; a liar chooses others.
import { fieldOrder as R } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { figuresOf } from '../../../prover/figures.ts';
import type { WitnessInput } from '../../../prover/witness/index.ts';
import type { Attacked } from './instance.ts';

/** Other values than the true ones, by group. */
export interface Lies {
  /** Parts of the inner product. */
  readonly parts?: Readonly<Record<number, bigint>>;
  /** Sizes of figures, 0 to 127. */
  readonly sizes?: Readonly<Record<number, number>>;
}

const groups = [0, 1, 2, 3, 4, 5, 6];
const signed = (value: bigint) => (value > R / 2n ? value - R : value);

/** The true parts of the inner product: one a group. */
export function partsOf({ lanes, references }: WitnessInput): bigint[] {
  const half = groups.reduce((sum, g) => sum + 2n ** BigInt(32 * g + 31), 0n);
  return groups.map((g) =>
    lanes!.reduce((sum, lane, j) => {
      const digit = ((signed(references![j]!) + half) >> BigInt(32 * g)) & 0xffffffffn;
      return sum + (lane - 128n) * (digit - 2n ** 31n);
    }, 0n),
  );
}

/** Values for {@link Attacked.forge}: the true ones but for the lies. */
export function hintsOf(target: Attacked, input: WitnessInput, lies: Lies = {}): Map<number, bigint> {
  const parts = partsOf(input).map((part, g) => lies.parts?.[g] ?? part);
  const norm = input.lanes!.reduce((sum, lane) => sum + (lane - 128n) ** 2n, signed(input.normBefore![0]!));
  const products = parts.map((part, g) => part + signed(input.productsBefore![g]!));
  const { scores } = figuresOf({ products, norm }, input.squaredLength![0]!);
  const hints = new Map<number, bigint>();
  for (const g of groups) {
    // The part itself is no wire: the total that it leads to is.
    hints.set(target.wire('figures.products', g), toField(products[g]!));
    const size = lies.sizes?.[g] ?? Math.abs(scores[g]!);
    for (let i = 0; i < 7; i++) {
      hints.set(target.wire(`figures.cosine[${g}].t`, i), BigInt((size >> i) & 1));
    }
  }
  return hints;
}
