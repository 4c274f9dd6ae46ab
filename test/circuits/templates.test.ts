// The small templates one by one: good, boundary, and edited witnesses.

import { ensureSource } from '@murmuration/circuits';
import { fieldOrder as R } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { loadWitnessCalculator, readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { source } from '../vectors/random.ts';
import { evaluateAt, randomVector } from './support/honest.ts';
import { attackSource } from './support/instance.ts';
import { readSystem, type System, violations } from './support/system.ts';

async function template(
  id: string,
  body: string,
): Promise<{ system: System; witness: (input: WitnessInput) => Promise<bigint[]> }> {
  const { r1cs, wasm } = await ensureSource(`test/${id}`, `pragma circom 2.1.6;\n${body}\n`, { cacheFolder });
  const calculator = await loadWitnessCalculator(id, wasm.path);
  return {
    system: readSystem(r1cs.path),
    witness: async (input) => readWitness(await calculator.calculate(input)),
  };
}

describe('Range', () => {
  const range = (bits: number) =>
    template('range', `include "lib/range.circom";\ncomponent main {public [in]} = Range(${bits});`);

  it.each([2, 8, 18, 26, 253])(
    '%i bits cost as many constraints, and hold exactly the range',
    async (bits) => {
      const { system, witness } = await range(bits);
      expect(system.constraints).toHaveLength(bits);
      for (const value of [0n, 1n, 2n ** BigInt(bits) - 1n]) {
        expect(violations(system, await witness({ in: [value] }))).toEqual([]);
      }
      for (const value of [2n ** BigInt(bits), R - 1n]) {
        await expect(witness({ in: [value] })).rejects.toThrow(/a constraint does not hold/);
      }
    },
  );

  it('no boolean digits at all make a value fit that is out of a range of 4 bits', async () => {
    const { system } = await range(4);
    const fits = (value: bigint) =>
      Array.from({ length: 8 }, (_, digits) => [
        1n,
        value,
        ...[0, 1, 2].map((i) => BigInt((digits >> i) & 1)),
      ]).some((witness) => violations(system, witness).length === 0);
    expect(Array.from({ length: 64 }, (_, value) => fits(BigInt(value)))).toEqual(
      Array.from({ length: 64 }, (_, value) => value < 16),
    );
    expect([R - 1n, R - 16n, (R + 1n) / 2n, R / 16n].map(fits)).toEqual([false, false, false, false]);
  });
});

describe('SumOfSquares', () => {
  it('is the sum of squares, at half a constraint a term', async () => {
    const { system, witness } = await template(
      'norm',
      'include "lib/norm.circom";\ncomponent main = SumOfSquares(6);',
    );
    expect(system.constraints.length).toBeLessThanOrEqual(3);
    const random = source('norm');
    for (const values of [
      [0n, 0n, 0n, 0n, 0n, 0n],
      [1n, 2n, 3n, 4n, 5n, 6n],
      Array.from({ length: 6 }, () => toField(random.word())),
      // The pair (1, i) has no length although neither is zero: the sum is over the field, and lanes must be
      // bounded.
      [1n, 4407920970296243842541313971887945403937097133418418784715n, 0n, 0n, 0n, 0n],
    ]) {
      const full = await witness({ in: values });
      expect(full[1]).toBe(toField(values.reduce((sum, value) => sum + value * value, 0n)));
      expect(violations(system, full)).toEqual([]);
      expect(violations(system, [1n, toField(full[1]! + 1n), ...full.slice(2)])).not.toEqual([]);
    }
  });
});

describe('Evaluate', () => {
  it.each([
    [8, 2],
    [8, 4],
    [8, 8],
    [12, 6],
  ])('%i coordinates in groups of %i: Horner’s value and the norm', async (n, group) => {
    const { system, witness } = await template(
      'evaluate',
      `include "lib/evaluate.circom";\ncomponent main {public [gamma]} = Evaluate(${n}, 128, ${group});`,
    );
    const random = source(`evaluate/${n}/${group}`);
    for (const gamma of [0n, 1n, R - 1n, toField(random.word())]) {
      const vector = randomVector(`evaluate/${n}/${gamma}`, n, 8);
      const full = await witness({
        lanes: vector.coordinates.map((u) => BigInt(u + 128)),
        rho: vector.rho,
        gamma: [gamma],
      });
      const norm = vector.coordinates.reduce((sum, u) => sum + u * u, 0);
      expect(full.slice(1, 3)).toEqual([evaluateAt(vector, gamma), BigInt(norm)]);
      expect(violations(system, full)).toEqual([]);
      for (const output of [1, 2]) {
        const edited = full.map((value, wire) => (wire === output ? toField(value + 1n) : value));
        expect(violations(system, edited)).not.toEqual([]);
      }
    }
  });
});

describe('InnerProduct', () => {
  it('is the inner product modulo r', async () => {
    const { system, witness } = await template(
      'inner-product',
      'include "lib/inner_product.circom";\ncomponent main = InnerProduct(3);',
    );
    const full = await witness({ a: [1n, 2n, R - 3n], b: [10n, 20n, 30n] });
    expect(full[1]).toBe(toField(10n + 40n - 90n));
    expect(violations(system, full)).toEqual([]);
    expect(violations(system, [1n, toField(full[1]! + 1n), ...full.slice(2)])).not.toEqual([]);
  });
});

describe('Horner', () => {
  it('is the polynomial at the point', async () => {
    const { system, witness } = await template(
      'horner',
      'include "lib/horner.circom";\ncomponent main {public [x]} = Horner(5);',
    );
    expect(system.constraints.length).toBeLessThanOrEqual(4);
    const random = source('horner');
    for (const x of [0n, 1n, R - 1n, toField(random.word())]) {
      const coefficients = Array.from({ length: 5 }, () => toField(random.word()));
      const value = coefficients.reduceRight((sum, next) => toField(sum * x + next), 0n);
      const found = await witness({ in: coefficients, x: [x] });
      expect(found[1]).toBe(value);
      expect(violations(system, found)).toEqual([]);
    }
  });
});

describe('SplitSigned', () => {
  const split = () =>
    template('split', 'include "lib/signed.circom";\ncomponent main {public [in]} = SplitSigned(3, 4, 6);');
  const packed = (parts: readonly number[]) =>
    toField(parts.reduce((sum, part, g) => sum + BigInt(part) * 64n ** BigInt(g), 0n));

  it('finds every part of a packed sum, whatever the signs', async () => {
    const { system, witness } = await split();
    const ends = [-16, -1, 0, 1, 15];
    for (const a of ends) {
      for (const b of ends) {
        for (const c of ends) {
          const found = await witness({ in: [packed([a, b, c])] });
          expect(found.slice(1, 4)).toEqual([a, b, c].map((part) => toField(BigInt(part))));
          expect(violations(system, found)).toEqual([]);
        }
      }
    }
  });

  it('a part out of range makes the sum none', async () => {
    const { witness } = await split();
    for (const parts of [
      [16, 0, 0],
      [0, -17, 0],
      [0, 0, 16],
      [0, 0, 1000],
    ]) {
      await expect(witness({ in: [packed(parts)] })).rejects.toThrow(/a constraint does not hold/);
    }
  });
});

describe('Cosine', () => {
  const cosine = () =>
    template(
      'cosine',
      'include "lib/figures.circom";\ncomponent main {public [product, square]} = Cosine(5);',
    );
  const size = (product: number, square: number) =>
    Math.min(127, Math.floor(Math.sqrt((128 * product) ** 2 / square)));

  it('is rounded toward zero and capped at 127', async () => {
    const { system, witness } = await cosine();
    for (const product of [-32, -31, -7, -1, 0, 1, 5, 31]) {
      for (const square of [1, 2, 3, 15, 16, 17, 1023, 1024]) {
        const found = await witness({ product: [toField(BigInt(product))], square: [BigInt(square)] });
        expect(violations(system, found)).toEqual([]);
        expect(found[1]).toBe(toField(BigInt(Math.sign(product) * size(product, square))));
      }
    }
  });

  it('a product out of range has no sign', async () => {
    const { witness } = await cosine();
    for (const product of [32n, R - 33n, R >> 1n]) {
      await expect(witness({ product: [product], square: [9n] })).rejects.toThrow(/does not hold/);
    }
  });

  it('no other size fits: the digits of all of them are tried', async () => {
    const target = await attackSource(
      'cosine',
      'include "lib/figures.circom";\ncomponent main {public [product, square]} = Cosine(5);',
    );
    for (const [product, square] of [
      [-32, 1024],
      [31, 1024],
      [1, 1024],
      [0, 1],
      [7, 50],
      [-31, 1],
    ] as const) {
      const fitting = Array.from({ length: 128 }, (_, t) => t).filter((t) => {
        const digits = Array.from(
          { length: 7 },
          (_, i) => [target.wire('t', i), BigInt((t >> i) & 1)] as const,
        );
        const input = { product: [toField(BigInt(product))], square: [BigInt(square)] };
        return violations(target.system, target.forge(input, new Map(digits))).length === 0;
      });
      expect(fitting).toEqual([size(product, square)]);
    }
  });
});

describe('Bucket', () => {
  it('is the whole part of the logarithm, and 0 for 0', async () => {
    const { system, witness } = await template(
      'bucket',
      'include "lib/figures.circom";\ncomponent main {public [in]} = Bucket(6);',
    );
    for (let value = 0; value < 64; value++) {
      const found = await witness({ in: [BigInt(value)] });
      expect(violations(system, found)).toEqual([]);
      expect(found[1]).toBe(BigInt(value === 0 ? 0 : Math.floor(Math.log2(value))));
    }
    for (const value of [64n, R - 1n]) {
      await expect(witness({ in: [value] })).rejects.toThrow(/a constraint does not hold/);
    }
  });
});
