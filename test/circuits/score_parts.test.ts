// The templates of `score` one by one: good, boundary and edited witnesses, and the attacks that their ranges stop.
import { fieldOrder as R } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { pack } from '../../prover/packing.ts';
import { poseidon } from '../../prover/poseidon/permutation.ts';
import { issuerPath, issuersRoot } from '../../prover/score/index.ts';
import { readWitness } from '../../prover/witness/index.ts';
import { issuersOf } from '../prover/support/score.ts';
import { type Attacked, attackSource } from './support/instance.ts';
import { violations } from './support/system.ts';

const broken = (target: Attacked, witness: readonly bigint[]) => violations(target.system, witness);
const outputs = async (
  target: Attacked,
  input: Readonly<Record<string, readonly bigint[]>>,
  count: number,
) => {
  const witness = readWitness(await target.calculator.calculate(input));
  expect(broken(target, witness)).toEqual([]);
  return witness.slice(1, 1 + count);
};

describe('SplitRelu', () => {
  const relu = () =>
    attackSource('relu', 'include "lib/relu.circom";\ncomponent main {public [in]} = SplitRelu(3, 8);');
  const packed = (sums: readonly bigint[]) =>
    toField(sums.reduce((all, sum, g) => all + (sum << BigInt(9 * g)), 0n));

  it('is max(0, x) of each packed sum, at the ends of the range too', async () => {
    const target = await relu();
    for (const sums of [
      [0n, 0n, 0n],
      [255n, -256n, 255n],
      [-256n, 255n, -256n],
      [-1n, 1n, -1n],
      [7n, -7n, 100n],
    ])
      expect(await outputs(target, { in: [packed(sums)] }, 3)).toEqual(
        sums.map((sum) => (sum > 0n ? sum : 0n)),
      );
  });

  it('refuses what is no three sums in range', async () => {
    const target = await relu();
    for (const sums of [
      [0n, 0n, 256n],
      [0n, 0n, -257n],
    ])
      await expect(target.calculator.calculate({ in: [packed(sums)] })).rejects.toThrow(
        /a constraint does not hold/,
      );
  });

  it('costs a constraint a digit and one an output', async () => {
    const { system } = await relu();
    expect(system.constraints).toHaveLength(3 * 9 + 3);
  });

  it('the attack that digits stop: a negative sum passed off as positive, its digits not being digits', async () => {
    const target = await relu();
    const witness = readWitness(await target.calculator.calculate({ in: [packed([-3n, 4n, 0n])] }));
    // -3 + 256 is 253, top digit 0: with the top digit 1 and the lowest one 253 - 256 - 252, the sum is as before.
    const digit = (i: number) => target.wires(new RegExp(`^bit\\[${i}\\]$`))[0]!;
    const before = violations(target.system, witness);
    witness[digit(8)] = 1n;
    witness[digit(0)] = toField(witness[digit(0)]! - 256n);
    witness[1] = toField(253n - 256n);
    expect(before).toEqual([]);
    expect(broken(target, witness)).toHaveLength(1);
  });
});

describe('NotNegative', () => {
  it('tells the sign over its whole range, and nothing beyond', async () => {
    const target = await attackSource(
      'sign',
      'include "lib/relu.circom";\ncomponent main {public [in]} = NotNegative(6);',
    );
    expect(target.system.constraints).toHaveLength(7);
    for (let value = -64n; value < 64n; value++)
      expect(await outputs(target, { in: [toField(value)] }, 1)).toEqual([value >= 0n ? 1n : 0n]);
    for (const value of [64n, R - 65n, (R + 1n) / 2n])
      await expect(target.calculator.calculate({ in: [value] })).rejects.toThrow(
        /a constraint does not hold/,
      );
  });

  it('no boolean digits at all give the other sign', async () => {
    const { system, wire } = await attackSource(
      'sign',
      'include "lib/relu.circom";\ncomponent main {public [in]} = NotNegative(3);',
    );
    expect(wire('in')).toBe(2);
    const digits = system.wires - 3;
    for (let value = -8n; value < 8n; value++) {
      const signs = [0n, 1n].filter((sign) =>
        Array.from({ length: 2 ** digits }, (_, choice) => choice).some((choice) => {
          const bits = Array.from({ length: digits }, (_, i) => BigInt((choice >> i) & 1));
          return violations(system, [1n, sign, toField(value), ...bits]).length === 0;
        }),
      );
      expect(signs).toEqual([value >= 0n ? 1n : 0n]);
    }
  });
});

describe('Features', () => {
  const features = () =>
    attackSource(
      'features',
      'include "lib/features.circom";\ncomponent main {public [in, lower, upper]} = Features(2);',
    );
  const input = (values: readonly bigint[], lower: readonly bigint[], upper: readonly bigint[]) => ({
    in: values.map(toField),
    lower: lower.map(toField),
    upper: upper.map(toField),
  });

  it.each<[string, bigint[], bigint[], bigint[]]>([
    ['in the middle', [1n, -1n], [-5n, -5n], [5n, 5n]],
    ['at the lower bound', [-5n, -5n], [-5n, -5n], [5n, 5n]],
    ['at the upper bound', [5n, 5n], [-5n, -5n], [5n, 5n]],
    ['at the ends of the range', [-32768n, 32767n], [-32768n, -32768n], [32767n, 32767n]],
    ['with one value alone', [9n, 0n], [9n, 0n], [9n, 0n]],
  ])('%s', async (_, values, lower, upper) => {
    const target = await features();
    const lanes = values.map((value) => Number(value) + 2 ** 15);
    const bounds = [...lower, ...upper].map((bound) => Number(bound) + 2 ** 17);
    expect(await outputs(target, input(values, lower, upper), 2)).toEqual([
      ...pack(lanes, 16),
      ...pack(bounds, 18),
    ]);
  });

  it.each<[string, bigint[], bigint[], bigint[], RegExp]>([
    ['one below the lower bound', [-6n, 0n], [-5n, -5n], [5n, 5n], /^above\[0\]\.bit/],
    ['one above the upper bound', [0n, 6n], [-5n, -5n], [5n, 5n], /^below\[1\]\.bit/],
    ['one above the range, with bounds to match', [32768n, 0n], [0n, 0n], [40000n, 0n], /^range\[0\]\.bit/],
    [
      'a fraction of the field',
      [(R + 1n) / 2n, 0n],
      [(R + 1n) / 2n, 0n],
      [(R + 1n) / 2n, 0n],
      /^range\[0\]\.bit/,
    ],
  ])('%s: only its own range stops it', async (_, values, lower, upper, pattern) => {
    const target = await features();
    const given = input(values, lower, upper);
    await expect(target.calculator.calculate(given)).rejects.toThrow(/a constraint does not hold/);
    expect(broken(target, target.forge(given))).toEqual(
      target.digitsOf(pattern).map(({ constraint }) => constraint),
    );
  });

  it('the attack that ranges stop: a carry between features gives one signed element two readings', async () => {
    const target = await features();
    const [signed] = await outputs(target, input([10n, 3n], [0n, 0n], [20n, 20n]), 1);
    const carried = input([10n + 65536n, 2n], [10n + 65536n, 2n], [10n + 65536n, 2n]);
    const witness = target.forge(carried);
    expect(witness[1]).toBe(signed);
    expect(broken(target, witness)).toEqual(
      target.digitsOf(/^range\[0\]\.bit/).map(({ constraint }) => constraint),
    );
  });
});

describe('Hidden', () => {
  it('is a dense layer: two groups of outputs, each packed', async () => {
    // With inputs of 100 bits, sums have 117, and two outputs share an element.
    const target = await attackSource(
      'hidden',
      'include "lib/dense.circom";\ncomponent main = Hidden(2, 3, 100);',
    );
    const weights = [
      [3n, -4n],
      [32767n, 32767n],
      [-5n, 6n],
    ];
    const biases = [1n, -(2n ** 116n), 7n];
    const stride = 118n;
    const columns = [[0, 1], [2]].flatMap((group) => [
      ...[0, 1].map((j) =>
        toField(group.reduce((sum, i, k) => sum + (weights[i]![j]! << (stride * BigInt(k))), 0n)),
      ),
      toField(group.reduce((sum, i, k) => sum + (biases[i]! << (stride * BigInt(k))), 0n)),
    ]);
    for (const values of [
      [2n ** 100n, 2n ** 100n],
      [0n, 0n],
      [5n, 1n],
      [1n, 2n ** 100n],
    ]) {
      const expected = weights.map((row, i) =>
        row.reduce((sum, weight, j) => sum + weight * values[j]!, biases[i]!),
      );
      expect(await outputs(target, { in: values, columns }, 3)).toEqual(
        expected.map((sum) => (sum > 0n ? sum : 0n)),
      );
    }
  });
});

describe('MerkleRoot', () => {
  const tree = () =>
    attackSource(
      'merkle',
      'include "lib/membership.circom";\ncomponent main {public [leaf]} = MerkleRoot(8);',
    );
  const keys = issuersOf('tree', 3).map(({ publicKey }) => publicKey);

  it.each([0, 1, 2])('gives the root from place %i', async (place) => {
    const { siblings, right } = issuerPath(keys, place);
    const leaf = poseidon([keys[place]!.x, keys[place]!.y]);
    const sides = right.map((side) => (side ? 1n : 0n));
    expect(await outputs(await tree(), { leaf: [leaf], siblings, sides }, 1)).toEqual([issuersRoot(keys)]);
  });

  it('a side that is neither: a stranger between two issuers, whom only the sides stop', async () => {
    const target = await tree();
    const { siblings, right } = issuerPath(keys, 0);
    const [own, other] = [0, 1].map((i) => poseidon([keys[i]!.x, keys[i]!.y])) as [bigint, bigint];
    // left = leaf + side (sibling - leaf) = own and leaf + sibling - left = other for any leaf with sibling own + other - leaf.
    const stranger = 12345n;
    const sibling = toField(own + other - stranger);
    const side = toField((own - stranger) * inverse(toField(sibling - stranger)));
    const input = {
      leaf: [stranger],
      siblings: [sibling, ...siblings.slice(1)],
      sides: [side, ...right.slice(1).map((one) => (one ? 1n : 0n))],
    };
    await expect(target.calculator.calculate(input)).rejects.toThrow(/a constraint does not hold/);
    const witness = target.forge(input);
    expect(witness[1]).toBe(issuersRoot(keys));
    expect(broken(target, witness)).toHaveLength(1);
  });
});

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let base = value, left = R - 2n; left > 0n; left >>= 1n, base = (base * base) % R)
    if (left & 1n) result = (result * base) % R;
  return result;
}
