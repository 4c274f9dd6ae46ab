// The figures of an update as the rule reads them (docs/encodings.md, "Figures"); how they are proven stands in
// prover/.
import { type Figures, figuresOf, figureUnit } from '@murmuration/prover';
import type { References } from './innovation/index.ts';

export { figureUnit };

/** The score that stands where nothing was proven. No proof says it: proven ones lie within 127. */
export const noScore = -figureUnit;

/**
 * The figures of an update against the round's references, exactly as its alignment proofs publish them.
 * @param update its coordinates in a row, padding included; the references reach as far as the support.
 */
export function measureUpdate(update: ArrayLike<number>, { squaredLength, groups }: References): Figures {
  let norm = 0;
  for (let j = 0; j < update.length; j++) norm += update[j]! * update[j]!;
  const products = groups.map((reference) => {
    let product = 0;
    for (let j = 0; j < reference.length; j++) product += update[j]! * reference[j]!;
    return BigInt(product);
  });
  return figuresOf({ products, norm: BigInt(norm) }, BigInt(squaredLength));
}
