// Many additions of affine points with one inversion (Montgomery's trick): `forward` multiplies the denominators one after the other and
// keeps the products so far, `invert` inverts the last product, `backward` takes the factors off again and adds.
//
// P1 + P2 with lambda = (y2 - y1) / (x2 - x1): x3 = lambda^2 - x1 - x2, y3 = lambda (x1 - x3) - y1; six products, one of them a square.
// 2 P1 with lambda = 3 x1^2 / (2 y1), x2 = x1.
// Equal x in an addition makes its denominator, and with it the product of all, 0: the caller looks for that before it inverts.
import {
  type Code,
  type Func,
  func,
  i32,
  i32s,
  type NewLocal,
  repeat,
  type Variable,
} from '@murmuration/core/wasm';
import type { FieldCode, Step } from '../field/index.ts';
import { type Build, numberBytes, vectorised } from '../kernel.ts';
import { type Degree, entryBytes, rowBytes } from './layout.ts';
import { createTower, type Tower } from './tower.ts';

export const advance = (pointer: Variable, bytes: number): Code =>
  pointer.set(i32.add(pointer.get, i32.const(bytes)));
/** Runs the body `count` times. */
export const times = (count: Variable, ...body: Code[]): Code =>
  repeat(count.get, ...body, advance(count, -1));

/** Bits of the exponent p - 2 that one step of {@link inversion} takes, as digits in memory. */
export const inversionWindow = 4;
const powers = 1 << inversionWindow;

/** Digits of p - 2, most significant first. */
export function inversionDigits(modulus: bigint): Uint8Array {
  const digits: number[] = [];
  for (let rest = modulus - 2n; rest > 0n; rest >>= BigInt(inversionWindow)) {
    digits.unshift(Number(rest & BigInt(powers - 1)));
  }
  return Uint8Array.from(digits);
}

/** The functions of a curve. `name` stands before each function's name. */
export function additionFunctions(build: Build, name: string, degree: Degree, modulus: bigint): Func[] {
  return [...passes(build, name, degree, modulus).additions(), ...inversion(build, name, degree, modulus)];
}

/** The functions that double points. */
export function doublingFunctions(build: Build, name: string, degree: Degree, modulus: bigint): Func[] {
  return passes(build, name, degree, modulus).doublings();
}

function passes(build: Build, name: string, degree: Degree, modulus: bigint) {
  const { kernel } = build;
  const row = rowBytes(kernel, degree);
  const entry = entryBytes(kernel, degree);
  const parts = (local: NewLocal) => {
    const { fields, prologue, steps } = vectorised(build, modulus, local);
    const towers = fields.map((field) => createTower(field, degree, kernel.lanes));
    return {
      prologue,
      towers: (write: (tower: Tower) => readonly Step[]) => steps((_, vector) => write(towers[vector]!)),
    };
  };

  /** (data, entries, prefix, product): `prefix` gets the products before each entry; `product` is read and written. */
  const forward = (what: string, denominator: (tower: Tower, data: Code) => Step[]) =>
    func(`${name}${what}`, i32s(4), undefined, (local, data, entries, prefix, product) => {
      const { prologue, towers } = parts(local);
      const start = towers((t) => t.load(t.element('product'), product.get));
      const body = towers((t) => [
        ...t.store(prefix.get, t.element('product')),
        ...denominator(t, data.get),
        ...t.multiply(t.element('product'), t.element('denominator'), t.element('product')),
      ]);
      // The loop's end must be what its beginning assumes.
      const end = towers((t) => t.store(product.get, t.element('product')));
      return [prologue(), start, times(entries, body, advance(data, entry), advance(prefix, row)), end];
    });

  /** (data end, entries, prefix end, inverse): from the last entry to the first. */
  const backward = (what: string, write: (tower: Tower, data: Code) => Step[]) =>
    func(`${name}${what}`, i32s(4), undefined, (local, data, entries, prefix, inverse) => {
      const { prologue, towers } = parts(local);
      const start = towers((t) => t.load(t.element('inverse'), inverse.get));
      const body = towers((t) => [
        ...t.load(t.element('slope'), prefix.get),
        ...t.multiply(t.element('slope'), t.element('slope'), t.element('inverse')),
        ...write(t, data.get),
      ]);
      const end = towers((t) => t.store(inverse.get, t.element('inverse')));
      return [prologue(), start, times(entries, advance(data, -entry), advance(prefix, -row), body), end];
    });

  /** x3 and y3 from the slope, to the place of x1 and y1. */
  const finish = (t: Tower, data: Code, x2: string): Step[] => {
    const [x1, y1, slope] = [t.element('x1'), t.element('y1'), t.element('slope')];
    const [x3, run] = [t.element('x3'), t.element('run')];
    return [
      ...t.square(x3, slope, [x1, t.element(x2)]),
      ...t.subtract(run, x1, x3),
      ...t.multiply(run, run, slope, [y1]),
      ...t.store(data, x3),
      ...t.store(data, run, row),
    ];
  };

  const additions = () => [
    forward('forward', (t, data) => [
      ...t.load(t.element('x1'), data),
      ...t.load(t.element('x2'), data, 2 * row),
      ...t.subtract(t.element('denominator'), t.element('x2'), t.element('x1')),
    ]),
    backward('backward', (t, data) => [
      ...t.load(t.element('x1'), data),
      ...t.load(t.element('x2'), data, 2 * row),
      ...t.subtract(t.element('denominator'), t.element('x2'), t.element('x1')),
      ...t.multiply(t.element('inverse'), t.element('denominator'), t.element('inverse')),
      ...t.load(t.element('y1'), data, row),
      ...t.load(t.element('y2'), data, 3 * row),
      ...t.subtract(t.element('rise'), t.element('y2'), t.element('y1')),
      ...t.multiply(t.element('slope'), t.element('rise'), t.element('slope')),
      ...finish(t, data, 'x2'),
    ]),
  ];
  const doublings = () => [
    forward('forwardDouble', (t, data) => [
      ...t.load(t.element('y1'), data, row),
      ...t.double(t.element('denominator'), t.element('y1')),
    ]),
    backward('backwardDouble', (t, data) => [
      ...t.load(t.element('y1'), data, row),
      ...t.double(t.element('denominator'), t.element('y1')),
      ...t.multiply(t.element('inverse'), t.element('denominator'), t.element('inverse')),
      ...t.load(t.element('x1'), data),
      ...t.square(t.element('rise'), t.element('x1')),
      ...t.element('rise').flatMap((number) => {
        const once = t.field.number('x1 squared');
        return [
          t.field.set(once, number),
          t.field.add(number, once, once),
          t.field.add(number, number, once),
          t.field.reduce(number),
        ];
      }),
      ...t.multiply(t.element('slope'), t.element('rise'), t.element('slope')),
      ...finish(t, data, 'x1'),
    ]),
  ];
  return { additions, doublings };
}

/**
 * invert(x, digits, count, table, to): `to = 1 / x`, 0 for 0, by Fermat: x^(p-2) in windows of {@link inversionWindow} bits over a table
 * of powers. In Fp2 the same for the norm: `norm(x, to)`, and `1 / (a + b u) = (a - b u) / (a^2 + b^2)` by `conjugate(x, inverse, to)`.
 */
function inversion(build: Build, name: string, degree: Degree, modulus: bigint): Func[] {
  const row = numberBytes * build.kernel.lanes;
  if (degree === 2) {
    const norm = func(`${name}norm`, i32s(2), undefined, (local, x, to) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const body = steps((field) => {
        const [a, b] = [field.number('a'), field.number('b')];
        return [
          field.load(a, x.get),
          field.load(b, x.get, row),
          field.multiply(a, [
            { a, b: a },
            { a: b, b },
          ]),
          field.store(to.get, a),
        ];
      });
      return [prologue(), body];
    });
    const conjugate = func(`${name}conjugate`, i32s(3), undefined, (local, x, inverse, to) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const body = steps((field) => {
        const [a, b, factor] = [field.number('a'), field.number('b'), field.number('factor')];
        return [
          field.load(a, x.get),
          field.load(b, x.get, row),
          field.load(factor, inverse.get),
          field.multiply(a, [{ a, b: factor }]),
          field.multiply(b, [{ a: b, b: factor, minus: true }]),
          field.store(to.get, a),
          field.store(to.get, b, row),
        ];
      });
      return [prologue(), body];
    });
    return [norm, conjugate];
  }
  const invert = func(`${name}invert`, i32s(5), undefined, (local, x, digits, count, table, to) => {
    const [entry, turns] = [local('i32'), local('i32')];
    const { prologue, steps } = vectorised(build, modulus, local);
    const power = (field: FieldCode) => field.number('power');
    const factor = (field: FieldCode) => field.number('factor');
    // Each loop ends by storing what its next turn loads: the bounds that it assumes are checked, and code stays short.
    const one = steps((field) => [
      field.multiply(power(field), [{ a: field.constant(1n), b: field.constant(squareOf(field)) }]),
      field.store(to.get, power(field)),
      field.store(table.get, power(field)),
    ]);
    const tabulate = steps((field) => [
      field.load(power(field), entry.get),
      field.load(factor(field), x.get),
      field.multiply(power(field), [{ a: power(field), b: factor(field) }]),
      field.store(entry.get, power(field), row),
    ]);
    const squared = steps((field) => [
      field.load(power(field), to.get),
      field.multiply(power(field), [{ a: power(field), b: power(field) }]),
      field.store(to.get, power(field)),
    ]);
    const multiplied = steps((field) => [
      field.load(power(field), to.get),
      field.load(factor(field), entry.get),
      field.multiply(power(field), [{ a: power(field), b: factor(field) }]),
      field.store(to.get, power(field)),
    ]);
    const window = [
      turns.set(i32.const(inversionWindow)),
      times(turns, squared),
      entry.set(i32.add(table.get, i32.mul(i32.load8(digits.get), i32.const(row)))),
      multiplied,
      advance(digits, 1),
    ];
    return [
      prologue(),
      one,
      entry.set(table.get),
      turns.set(i32.const(powers - 1)),
      times(turns, tabulate, advance(entry, row)),
      times(count, window),
    ];
  });
  return [invert];
}

/** `radix^2 mod p`, whose product with 1 is the number 1. */
const squareOf = (field: FieldCode): bigint => (field.radix * field.radix) % field.modulus;
