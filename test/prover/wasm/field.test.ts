// Arithmetic modulo p and r in every kernel against big integers, at the edges of numbers and limbs; and the bounds that generators keep.
import { fieldOrder as r } from '@murmuration/core';
import { assemble, func, i32s } from '@murmuration/core/wasm';
import { describe, expect, it } from 'vitest';
import { baseFieldOrder as p } from '../../../prover/kzg/points.ts';
import { advance, times } from '../../../prover/wasm/curve/index.ts';
import {
  BoundError,
  createConstants,
  createDoubles,
  createIntegers,
  type FieldCode,
  inverse,
  mod,
  type Num,
  type Step,
} from '../../../prover/wasm/field/index.ts';
import { kernels, numberBytes, readNumber, vectorised, writeNumber } from '../../../prover/wasm/kernel.ts';
import {
  compileOptimised,
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
} from '../../../prover/wasm/module.ts';
import { usableKernels } from './support/kernels.ts';

/** Values around 0, p, p / 2 and every limb, then many more of all sizes. */
function samples(modulus: bigint): bigint[] {
  const around = (value: bigint) => [-2n, -1n, 0n, 1n, 2n].map((step) => mod(value + step, modulus));
  const limbs = [29n, 51n].flatMap((width) =>
    Array.from({ length: 9 }, (_, i) => width * BigInt(i)).flatMap((bit) => [
      1n << bit,
      1n << (bit + width - 1n),
    ]),
  );
  const values = [0n, modulus, modulus / 2n, ...limbs, ...limbs.map((limb) => -limb)].flatMap(around);
  for (let value = 5n, i = 0; i < 300; i++, value = (value * value + 11n) % modulus)
    values.push(value >> BigInt(i % 250));
  return values;
}

type Binary = (field: FieldCode, to: Num, a: Num, b: Num) => readonly Step[];

const operations: Record<string, { code: Binary; expected: (a: bigint, b: bigint) => bigint }> = {
  'a b': { code: (f, to, a, b) => [f.multiply(to, [{ a, b }])], expected: (a, b) => a * b },
  'a^2': { code: (f, to, a) => [f.multiply(to, [{ a, b: a }])], expected: (a) => a * a },
  '-a b': { code: (f, to, a, b) => [f.multiply(to, [{ a, b, minus: true }])], expected: (a, b) => -a * b },
  'a into itself': {
    code: (f, to, a, b) => [f.multiply(a, [{ a, b }]), f.set(to, a)],
    expected: (a, b) => a * b,
  },
  '(a - b) b - a + b': {
    code: (f, to, a, b) => [
      f.subtract(to, a, b),
      f.multiply(
        to,
        [{ a: to, b }],
        [
          { a, minus: true },
          { a: b, minus: false },
        ],
      ),
    ],
    expected: (a, b) => (a - b) * b - a + b,
  },
  'a^2 - b^2': {
    code: (f, to, a, b) => [
      f.multiply(to, [
        { a, b: a },
        { a: b, b, minus: true },
      ]),
    ],
    expected: (a, b) => a * a - b * b,
  },
  'reduced a + b': { code: (f, to, a, b) => [f.add(to, a, b), f.reduce(to)], expected: (a, b) => a + b },
  'reduced 3 a - b': {
    code: (f, to, a, b) => [f.add(to, a, a), f.add(to, to, a), f.subtract(to, to, b), f.reduce(to)],
    expected: (a, b) => 3n * a - b,
  },
  'packed and unpacked': {
    code: (f, to, a) => {
      const words = f.words('words');
      return [f.reduce(a), f.toWords(words, a, f.packOffset), f.unpack(to, words)];
    },
    expected: (a) => a,
  },
};

for (const name of usableKernels) {
  describe(`${name}`, () => {
    const kernel = kernels[name];
    const { lanes } = kernel;

    function run(modulus: bigint, code: Binary, left: readonly bigint[], right: readonly bigint[]): bigint[] {
      const constants = createConstants(1024);
      const apply = func('apply', i32s(4), undefined, (local, a, b, rows, to) => {
        const { prologue, steps } = vectorised({ kernel, constants }, modulus, local);
        const body = steps((field) => {
          const [x, y, z] = [field.number('x'), field.number('y'), field.number('z')];
          return [
            field.load(x, a.get),
            field.load(y, b.get),
            ...code(field, z, x, y),
            field.store(to.get, z),
          ];
        });
        const move = [a, b, to].map((pointer) => advance(pointer, numberBytes * lanes));
        return [prologue(), times(rows, body, ...move)];
      });
      const bytes = assemble([apply], { shared: true, pages: 1, maxPages: 0x10000 });
      const module = {
        name,
        module: compileOptimised(bytes, name === 'quads'),
        constants: BigUint64Array.from(constants.words),
        constantsAt: constants.address,
      };
      const count = Math.ceil(left.length / lanes) * lanes;
      const memory = createKernelMemory(firstFreeAddress + 3 * numberBytes * count);
      const { call } = instantiateKernel(module, memory);
      const view = new DataView(memory.buffer);
      const [a, b, to] = [0, 1, 2].map((i) => firstFreeAddress + numberBytes * count * i) as [
        number,
        number,
        number,
      ];
      const place = (data: number, i: number) => ({
        address: data + numberBytes * lanes * Math.floor(i / lanes),
        lane: i % lanes,
        lanes,
      });
      left.forEach((value, i) => {
        writeNumber(kernel, view, place(a, i), value, modulus);
        writeNumber(kernel, view, place(b, i), right[i]!, modulus);
      });
      call.apply!(a, b, count / lanes, to);
      return left.map((_, i) => readNumber(kernel, view, place(to, i), modulus));
    }

    describe.each([
      ['p', p],
      ['r', r],
    ])('modulo %s', (_, modulus) => {
      const values = samples(modulus);
      // Numbers as they lie in memory are multiplied by the radix; these are such that the limbs themselves are at the edge, too.
      const unscaled = values.map((value) => (value * inverse(kernel.radix, modulus)) % modulus);
      const left = [...values, ...unscaled];
      it.each(Object.keys(operations))('%s', (operation) => {
        const { code, expected } = operations[operation]!;
        for (const shift of [0, 1, 7, 61]) {
          const right = left.map((_, i) => left[(i + shift) % left.length]!);
          const wanted = left.map((a, i) => mod(expected(a, right[i]!), modulus));
          expect(run(modulus, code, left, right)).toEqual(wanted);
        }
      });
    });
  });
}

describe('bounds', () => {
  const local = () => ({ type: 'v128' as const, get: [], set: () => [] });
  const fields = {
    doubles: () =>
      createDoubles({ modulus: p, constants: createConstants(1024), local, vector: 0, stride: 16 }),
    integers: () => createIntegers(p, local),
  };
  describe.each(['doubles', 'integers'] as const)('%s', (kind) => {
    const start = () => {
      const field = fields[kind]();
      const number = (name: string) => {
        const one = field.number(name);
        field.load(one, []);
        return one;
      };
      return { field, a: number('a'), b: number('b'), to: field.number('to') };
    };
    it('let a difference be multiplied by a number', () => {
      const { field, a, b, to } = start();
      field.subtract(to, a, b);
      expect(() => field.multiply(to, [{ a: to, b }])).not.toThrow();
      expect(() => field.store([], to)).not.toThrow();
    });
    it('refuse products of limbs that could be inexact', () => {
      const { field, a, b, to } = start();
      field.add(to, a, b);
      for (let i = 0; i < 3; i++) field.add(to, to, a);
      expect(() => field.multiply(to, [{ a: to, b: to }])).toThrow(BoundError);
    });
    it('refuse to store what is larger than a reader expects', () => {
      const { field, a, b, to } = start();
      field.add(to, a, b);
      expect(() => field.store([], to)).toThrow(BoundError);
      field.reduce(to);
      expect(() => field.store([], to, 0, field.reduced)).not.toThrow();
    });
    it('refuse words that may hold more than a number', () => {
      const { field, to } = start();
      const words = field.words('words');
      const most = 1n << (kind === 'doubles' ? 255n : 256n);
      expect(() => field.fromWords(to, words, most)).not.toThrow();
      expect(() => field.fromWords(to, words, most + 1n)).toThrow(BoundError);
    });
    it('refuse what was never written', () => {
      const { field, a, to } = start();
      expect(() => field.multiply(to, [{ a, b: field.number('nothing') }])).toThrow(BoundError);
    });
    it('refuse more products than columns hold', () => {
      const { field, a, b, to } = start();
      const many = Array.from({ length: 300 }, () => ({ a, b }));
      expect(() => field.multiply(to, many)).toThrow(BoundError);
    });
  });
  it.each(['add', 'subtract'] as const)(
    'of doubles refuse to %s what could be inexact by then',
    (operation) => {
      const field = fields.doubles();
      const to = field.number('to');
      field.load(to, []);
      const doubled = () => field[operation](to, to, to);
      expect(() => Array.from({ length: 64 }, doubled)).toThrow(BoundError);
    },
  );
  it('of integers know no lanes to cross', () => {
    const field = fields.integers();
    expect(() => field.crossLanes(field.number('to'), field.number('from'))).toThrow(BoundError);
  });
});
