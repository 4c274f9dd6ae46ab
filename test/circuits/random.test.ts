// Random statements: the circuits accept exactly the true ones.

import { type CircuitName, circuitInstance, circuitNames, ensureCircuit } from '@murmuration/circuits';
import { fieldOrder as R } from '@murmuration/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { noTotals } from '../../prover/figures.ts';
import {
  loadWitnessCalculator,
  type WitnessCalculator,
  type WitnessInput,
} from '../../prover/witness/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import {
  aggregateInput,
  alignmentInput,
  dot,
  edited,
  measuredAgainst,
  updateInput,
  type Vector,
} from './support/honest.ts';

const calculators = {} as Record<CircuitName, WitnessCalculator>;
const element = fc.bigInt({ min: 0n, max: R - 1n });
const vector = (bits: number): fc.Arbitrary<Vector> => {
  const half = 2 ** (bits - 1);
  // Dense, sparse and extreme coordinates alike.
  const coordinate = fc.oneof(
    fc.integer({ min: -half, max: half - 1 }),
    fc.constantFrom(-half, -1, 0, 0, 0, 1, half - 1),
  );
  return fc.record({
    coordinates: fc.array(coordinate, { minLength: 96, maxLength: 96 }),
    rho: fc.tuple(element, element, element),
  });
};
const accepts = (circuit: CircuitName, input: WitnessInput) =>
  calculators[circuit].calculate(input).then(
    () => true,
    () => false,
  );

/** Honest inputs are accepted; with any one element of any input changed, they are not. */
async function check(
  circuit: CircuitName,
  input: WitnessInput,
  place: number,
  step: bigint,
  loose: string[] = [],
) {
  expect(await accepts(circuit, input)).toBe(true);
  const places = Object.entries(input).flatMap(([name, values]) =>
    loose.includes(name) ? [] : values.map((_, i) => [name, i] as const),
  );
  const [name, i] = places[place % places.length]!;
  const changed = toField(input[name]![i]! + step);
  expect(await accepts(circuit, edited(input, name, { [i]: changed })), `${name}[${i}]`).toBe(false);
}

beforeAll(async () => {
  for (const circuit of circuitNames) {
    const { id, wasm } = await ensureCircuit(circuit, 'tiny', { cacheFolder });
    calculators[circuit] = await loadWitnessCalculator(id, wasm.path);
  }
});

describe('random statements', () => {
  const place = fc.nat(1000);
  const step = fc.bigInt({ min: 1n, max: R - 1n });

  it('update', async () => {
    const instance = circuitInstance('update', 'tiny');
    const over = fc.bigInt({ min: 0n, max: 2n ** 20n });
    await fc.assert(
      fc.asyncProperty(vector(8), element, place, step, over, async (one, gamma, where, by, spare) => {
        const norm = dot(one, one);
        // Any bound from the norm on will do, so a changed bound alone is no lie.
        await check('update', await updateInput(instance, one, gamma, norm + spare), where, by, [
          'normBound',
        ]);
        if (norm > spare) {
          const tight = await updateInput(instance, one, gamma, norm - spare - 1n);
          expect(await accepts('update', tight)).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('aggregate', async () => {
    const instance = circuitInstance('aggregate', 'tiny');
    await fc.assert(
      fc.asyncProperty(vector(18), element, place, step, async (one, gamma, where, by) => {
        await check('aggregate', await aggregateInput(instance, one, gamma), where, by);
      }),
      { numRuns: 25 },
    );
  });

  it('alignment', async () => {
    const instance = circuitInstance('alignment', 'tiny');
    const groups = fc.array(fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 96, maxLength: 96 }), {
      maxLength: 7,
    });
    const limit = 2n ** 31n;
    const sums = fc.array(fc.bigInt({ min: -limit, max: limit }), { minLength: 7, maxLength: 7 });
    const totals = fc
      .record({
        first: fc.boolean(),
        last: fc.boolean(),
        squaredLength: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
        before: fc.record({ products: sums, norm: fc.bigInt({ min: 0n, max: limit }), salt: element }),
        salt: element,
      })
      .map((one) => (one.first ? { ...one, before: { ...noTotals, salt: 1n } } : one));
    await fc.assert(
      fc.asyncProperty(
        vector(8),
        groups,
        totals,
        place,
        step,
        async (one, references, measured, where, by) => {
          const input = await alignmentInput(instance, one, measuredAgainst(references, measured));
          // Salts of what is not hidden, and a length that changes no figure, are no lies.
          const loose = ['squaredLength', measured.first ? 'saltBefore' : '', measured.last ? 'salt' : ''];
          await check('alignment', input, where, by, [...loose, 'references']);
        },
      ),
      { numRuns: 25 },
    );
  });
});
