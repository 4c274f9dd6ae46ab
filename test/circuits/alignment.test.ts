// `alignment` from the attacker's side: every witness is judged by the constraints alone.

import { circuitInstance } from '@murmuration/circuits';
import { fieldOrder as R } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { decodeFigures, encodeFigures, type Figures } from '../../prover/figures.ts';
import { totalsHash } from '../../prover/sponge.ts';
import { readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import { hintsOf, type Lies, partsOf } from './support/hints.ts';
import {
  alignmentInput,
  edited,
  type Measured,
  measuredAgainst,
  randomVector,
  type Vector,
  without,
} from './support/honest.ts';
import { type Attacked, attack } from './support/instance.ts';
import { violations } from './support/system.ts';

const instance = circuitInstance('alignment', 'tiny');
const { n } = instance.parameters;
const update = randomVector('alignment/update', n!, 8);
const groups = Array.from({ length: 7 }, (_, g) => randomVector(`alignment/${g}`, n!, 8, -127).coordinates);
const before = { products: [5n, -6n, 7n, 0n, -1n, 2n ** 30n, -(2n ** 30n)], norm: 123_456n, salt: 99n };
const calm = { ...before, products: [1000n, -1000n, 0n, 1n, -1n, 90_000n, -90_000n] };
const middle: Partial<Measured> = { first: false, last: false, before };
const end: Partial<Measured> = { first: false, last: true, before };
let target: Attacked;

beforeAll(async () => {
  target = await attack(instance);
});

const broken = (witness: readonly bigint[]) => violations(target.system, witness);
const forge = (input: WitnessInput, lies?: Lies) => target.forge(input, hintsOf(target, input, lies));
const filled = (value: number): Vector => ({ ...update, coordinates: new Array<number>(n!).fill(value) });
const constant = (value: number) => filled(value).coordinates;
const inputOf = (
  one: Vector = update,
  changes: Partial<Measured> = {},
  references: readonly (readonly number[])[] = groups,
) => alignmentInput(instance, one, measuredAgainst(references, changes));
/** The constraint that ends the range check of a component. */
const last = (pattern: RegExp) => target.digitsOf(pattern).map(({ constraint }) => constraint);
const figures = (...scores: number[]) => [...scores, ...new Array<number>(7 - scores.length).fill(0)];

describe('good and boundary witnesses', () => {
  const accepted = async (input: WitnessInput): Promise<Figures> => {
    const witness = readWitness(await target.calculator.calculate(input));
    expect(broken(witness)).toEqual([]);
    return decodeFigures(input.out![0]! & (2n ** 64n - 1n));
  };

  it.each<[string, Vector, Partial<Measured>, readonly (readonly number[])[]]>([
    ['random vectors', update, {}, groups],
    ['a first chunk of several', update, { last: false }, groups],
    ['a chunk in the middle', update, middle, groups],
    ['the last chunk of several', update, end, groups],
    ['no references at all', update, { squaredLength: 0n }, []],
    ['the largest products', filled(-128), {}, groups.map(() => constant(-127))],
    ['the least products', filled(-128), {}, groups.map(() => constant(127))],
    [
      'the largest totals',
      filled(0),
      {
        ...end,
        squaredLength: 2n ** 32n - 1n,
        before: { products: new Array(7).fill(2n ** 32n - 1n), norm: 2n ** 32n - 1n, salt: R - 1n },
      },
      groups,
    ],
    [
      'the least totals',
      filled(0),
      {
        ...end,
        squaredLength: 1n,
        before: { products: new Array(7).fill(-(2n ** 32n)), norm: 1n, salt: 0n },
      },
      groups,
    ],
  ])('%s', async (_, one, changes, references) => {
    const input = await inputOf(one, changes, references);
    await accepted(input);
    expect(forge(input)).toEqual(readWitness(await target.calculator.calculate(input)));
  });

  it('an update of zeros has figures of zero, whatever the references', async () => {
    expect(await accepted(await inputOf(filled(0)))).toEqual({ scores: figures(), bucket: 0 });
  });

  it('figures are rounded toward zero and capped', async () => {
    // 96 products of 1; the length of the update is sqrt(96): 128 sqrt(96 / L) for the squared length L.
    for (const [squaredLength, figure] of [
      [96n, 127],
      [97n, 127],
      [98n, 126],
      [96n * 4n, 63],
      [96n * 4n - 1n, 64],
      [96n * 16n - 1n, 32],
      [96n * 16n, 31],
      [96n * 128n ** 2n - 1n, 1],
      [96n * 128n ** 2n, 0],
      [1n, 127],
    ] as const) {
      const references = [constant(1), constant(-1)];
      const found = await accepted(await inputOf(filled(1), { squaredLength }, references));
      expect(found).toEqual({ scores: figures(figure, figure === 0 ? 0 : -figure), bucket: 6 });
    }
  });

  it.each([
    [0n, 0],
    [1n, 0],
    [2n, 1],
    [3n, 1],
    [4n, 2],
    [2n ** 20n - 1n, 19],
    [2n ** 20n, 20],
    [2n ** 31n - 1n, 30],
    [2n ** 31n, 31],
    [2n ** 32n - 1n, 31],
  ])('a norm of %s is in bucket %i', async (norm, bucket) => {
    const totals = { products: before.products.map(() => 0n), norm, salt: 1n };
    expect((await accepted(await inputOf(filled(0), { ...end, before: totals }))).bucket).toBe(bucket);
  });
});

describe('bad inputs', () => {
  it.each(['hUpdate', 'before', 'out'])(
    'another %s stops the generator and breaks one constraint',
    async (name) => {
      for (const changes of [{}, middle, end]) {
        const honest = await inputOf(update, changes);
        const input = edited(honest, name, { 0: toField(honest[name]![0]! + 1n) });
        await expect(target.calculator.calculate(input)).rejects.toThrow(/a constraint does not hold/);
        expect(broken(forge(input))).toHaveLength(1);
      }
    },
  );

  it.each(['hUpdate', 'before', 'out', 'squaredLength', 'references'])('the alias %s + r', async (name) => {
    const honest = await inputOf();
    const alias = edited(honest, name, { 0: honest[name]![0]! + R });
    await expect(target.calculator.calculate(alias)).rejects.toThrow(/lies in \[0, r\)/);
  });

  it('references of another round, under the figures of this one', async () => {
    const flattering = await inputOf(
      update,
      {},
      groups.map(() => update.coordinates.map((u) => Math.max(u, -127))),
    );
    const honest = await inputOf();
    expect(decodeFigures(flattering.out![0]!).scores[0]).toBeGreaterThan(100);
    expect(broken(forge({ ...flattering, references: honest.references! })).length).toBeGreaterThan(0);
    expect(broken(forge({ ...honest, out: flattering.out! }))).toHaveLength(1);
  });
});

describe('figures are rounded by constraints', () => {
  const upper = (g: number) => last(new RegExp(`^figures\\.cosine\\[${g}\\]\\.Range_\\d+_\\d+\\.bit\\[0\\]`));

  it.each<[string, Partial<Measured>, 1 | -1]>([
    ['of a round with one chunk', {}, 1],
    ['of a chunk in the middle, which publishes none', { ...middle, before: calm }, -1],
    ['of the last chunk', { ...end, before: calm }, -1],
  ])('a size one above, and one below, breaks one range check each: %s', async (_, changes, sign) => {
    const references = groups.map((group) => group.map((r) => sign * r));
    const honest = await inputOf(update, { ...changes, last: true }, references);
    const sizes = decodeFigures(honest.out![0]!).scores.map(Math.abs);
    expect(sizes.every((size) => size < 127) && sizes.some((size) => size > 0)).toBe(true);
    const input = without(await inputOf(update, changes, references), 'out');
    const lie = (step: number) => ({ sizes: sizes.map((size) => Math.max(0, size + step)) });
    const over = sizes.map((_, g) => upper(g)[0]);
    expect(broken(forge(input, lie(1)))).toEqual(over.toSorted((a, b) => a! - b!));
    const under = sizes.flatMap((size, g) => (size > 0 ? upper(g)[1]! : []));
    expect(broken(forge(input, lie(-1)))).toEqual(under.toSorted((a, b) => a - b));
  });

  it('an update of zeros claims a figure', async () => {
    const input = without(await inputOf(filled(0)), 'out');
    for (const size of [1, 127]) {
      expect(broken(forge(input, { sizes: { 3: size } }))).toEqual([upper(3)[0]]);
    }
  });

  it('a sign turned around has no digits', async () => {
    const honest = await inputOf();
    const witness = forge(honest);
    // The sign is the top digit of the product: another one needs other digits below it.
    const [sign] = target.digitsOf(/^figures\.cosine\[0\]\.bit\[0\]/);
    for (const bit of sign!.bits) {
      const other = [...witness];
      other[bit] = 1n - other[bit]!;
      expect(broken(other)).toContain(sign!.constraint);
    }
  });

  it.each([2n ** 32n, R - 2n ** 32n - 1n, R >> 1n])('a total of %s is out of range', async (product) => {
    const totals = { ...before, products: before.products.with(2, product) };
    const honest = await inputOf(filled(0), { ...end, before: totals });
    const failed = broken(forge(without(honest, 'out')));
    expect(failed).toEqual(expect.arrayContaining(last(/^figures\.cosine\[2\]\.bit\[0\]/)));
  });

  it.each([2n ** 32n, R - 1n])('a norm of %s is out of range', async (norm) => {
    const honest = await inputOf(filled(0), { ...end, before: { ...before, norm } });
    expect(broken(forge(without(honest, 'out')))).toEqual(
      expect.arrayContaining(last(/^figures\.bucket\.bit\[0\]/)),
    );
  });

  it.each([2n ** 32n, R - 1n])('a squared length of %s is out of range', async (squaredLength) => {
    const honest = { ...(await inputOf(filled(0), end)), squaredLength: [squaredLength] };
    const check = last(/^figures\.Range_\d+_\d+\.bit\[0\]/);
    expect(check).toHaveLength(1);
    expect(broken(forge(without(honest, 'out')))).toEqual(expect.arrayContaining(check));
  });

  it('another bucket breaks a constraint', async () => {
    const honest = await inputOf();
    const word = decodeFigures(honest.out![0]!);
    for (const step of [-1, 1]) {
      const out = encodeFigures({ ...word, bucket: word.bucket + step });
      expect(broken(forge({ ...honest, out: [out] }))).toHaveLength(1);
    }
  });
});

describe('groups do not run into one another', () => {
  it('parts out of range carry from group to group: the attack that the range checks stop', async () => {
    const honest = await inputOf();
    const parts = partsOf(honest);
    // The same packed sum: 2^32 more in one group is one less in the next.
    const carried = { parts: { 2: parts[2]! + 2n ** 32n, 3: parts[3]! - 1n } };
    const failed = broken(forge(without(honest, 'out'), carried));
    expect(failed).toEqual(expect.arrayContaining(last(/^split\.range\[2\]\.bit\[0\]/)));
    // And nothing but ranges: neither the packed sum nor a hash.
    const ranges = new Set(target.digits.map(({ constraint }) => constraint));
    expect(failed.filter((index) => !ranges.has(index))).toEqual([]);
  });

  it('each part has a range check of its own', () => {
    expect(last(/^split\.range\[\d\]\.bit\[0\]/)).toHaveLength(7);
    for (const { bits } of target.digitsOf(/^split\.range\[\d\]\.bit\[0\]/)) expect(bits).toHaveLength(27);
  });
});

describe('chunks go on from one another', () => {
  it('a first chunk does not start from totals', async () => {
    const honest = await inputOf(update, { last: false });
    for (let g = 0; g < 7; g++) {
      const products = edited(without(honest, 'out'), 'productsBefore', { [g]: 1000n });
      expect(broken(forge(products))).toHaveLength(1);
    }
    expect(broken(forge(edited(without(honest, 'out'), 'normBefore', { 0: 1000n })))).toHaveLength(1);
    // The salt is nobody's concern: there is nothing to hide.
    expect(broken(forge(edited(honest, 'saltBefore', { 0: 1000n })))).toEqual([]);
  });

  it('a chunk with the wrong flag: the first as a later one, a later one as the first', async () => {
    const first = await inputOf(update, { last: false });
    expect(broken(forge({ ...first, first: [0n] }))).toHaveLength(1);
    const later = await inputOf(update, middle);
    expect(broken(forge({ ...later, first: [1n] })).length).toBeGreaterThan(1);
    // With the hash gone it is still the totals that are not zero.
    expect(broken(forge({ ...later, first: [1n], before: [0n] })).length).toBeGreaterThan(1);
  });

  it('figures come from the last chunk alone, totals never from it', async () => {
    const [inside, final] = [await inputOf(update, middle), await inputOf(update, end)];
    expect(broken(forge({ ...inside, last: [1n] }))).toHaveLength(1);
    expect(broken(forge({ ...final, last: [0n] }))).toHaveLength(1);
  });

  it.each(['first', 'last'])('%s is 0 or 1, nothing between', async (name) => {
    // Totals of zero, which any flag leaves alone.
    const honest = await inputOf(update, { last: false });
    for (const value of [2n, R - 1n, (R + 1n) / 2n]) {
      expect(broken(forge(without({ ...honest, [name]: [value] }, 'before', 'out')))).toHaveLength(1);
    }
  });

  it('totals of another update, in another order, or under another salt do not open the hash', async () => {
    const honest = await inputOf(update, middle);
    const [mine, other] = [before.products, before.products.map((product) => product + 1n)];
    for (const products of [other, mine.toReversed(), mine.with(0, mine[1]!).with(1, mine[0]!)]) {
      const input = { ...honest, productsBefore: products.map(toField) };
      expect(broken(forge(without(input, 'out')))).toHaveLength(1);
    }
    expect(broken(forge(without({ ...honest, normBefore: [1n] }, 'out')))).toHaveLength(1);
    expect(broken(forge(without({ ...honest, saltBefore: [1n] }, 'out')))).toHaveLength(1);
    expect(broken(forge({ ...honest, salt: [1n] }))).toHaveLength(1);
  });

  it('one salt for two chunks tells whether their totals are the same: why it is fresh', async () => {
    const hash = (salt: bigint, product = 0n) => totalsHash(before.products.with(0, product), 1n, salt);
    expect(await hash(7n)).toBe(await hash(7n));
    expect(await hash(7n)).not.toBe(await hash(8n));
    expect(await hash(7n)).not.toBe(await hash(7n, 1n));
  });
});

describe('ranges of the lanes are constraints', () => {
  it.each([256n, R - 1n])('a lane of %s', async (lane) => {
    const input = edited(without(await inputOf(), 'hUpdate', 'out'), 'lanes', { 9: lane });
    const failed = broken(forge(input));
    expect(failed).toContain(target.digitsAt('lanes', 9).constraint);
  });

  it('each lane has a range check of its own, of exactly its 8 bits', () => {
    const checks = Array.from({ length: n! }, (_, j) => target.digitsAt('lanes', j));
    expect(new Set(checks.map(({ constraint }) => constraint)).size).toBe(n);
    // The top digit is no wire of its own.
    expect(new Set(checks.map(({ bits }) => bits.length))).toEqual(new Set([7]));
  });

  it('the attack that the ranges stop: a carry between lanes buys other figures for the same update', async () => {
    const honest = await inputOf();
    const [first, second] = honest.lanes!;
    const carried = [first! + 256n * 40n, second! - 40n, ...honest.lanes!.slice(2)];
    const witness = forge(without({ ...honest, lanes: carried }, 'hUpdate', 'out'));
    expect(witness[target.wire('hUpdate')]).toBe(honest.hUpdate![0]);
    expect(witness[target.wire('out')]).not.toBe(honest.out![0]);
    const checks = [0, 1].map((j) => target.digitsAt('lanes', j).constraint);
    expect(checks).toEqual(expect.arrayContaining(broken(witness)));
  });
});
