// Arithmetic modulo p in integers: nine signed limbs of 29 bits in 64-bit locals, one number at a time. Needs nothing but WebAssembly 1.0,
// so it is what remains where fused multiply-add is missing.
//
// Products by the coarsely integrated operand scanning of Montgomery (Koc, Acar, Kaliski 1996, section 5) with radix 2^29: up to 64
// products of 58 bits fit a 64-bit column, so no carry is taken inside. Limbs may be negative: sums and differences need no correction.
import { type Code, i64, type NewLocal, type Variable } from '@murmuration/core/wasm';
import type { FieldCode } from './field_code.ts';
import { inverse } from './modular.ts';
import {
  type Addend,
  BoundError,
  type Bounds,
  ceilDivide,
  implies,
  type Num,
  type Operand,
  type Product,
  type Step,
  stepCode,
  sumOf,
  within,
} from './number.ts';

export const integerLimbs = 9;
export const integerBits = 29n;

const width = integerBits;
const last = integerLimbs - 1;
const radix = 1n << (width * BigInt(integerLimbs));
const mask = (1n << width) - 1n;
const shift = i64.const(width);
const maskCode = i64.const(mask);
const exact = (1n << 63n) - 1n;

/** Limbs in [0, 2^29); the last is signed and takes the rest. */
export function integerLimbsOf(value: bigint): number[] {
  const low = Array.from({ length: last }, (_, i) => Number((value >> (width * BigInt(i))) & mask));
  return [...low, Number(value >> (width * BigInt(last)))];
}

/** The number that limbs make. */
export function valueOfIntegers(limbs: readonly number[]): bigint {
  return limbs.reduceRight((value, limb) => (value << width) + BigInt(limb), 0n);
}

const boundsOf = (value: bigint): Bounds => ({
  limbs: [...new Array<bigint>(last).fill(mask), (value >> (width * BigInt(last))) + 1n],
  value,
});
const unwritten: Bounds = { limbs: new Array<bigint>(integerLimbs).fill(1n << 500n), value: 1n << 500n };

export function createIntegers(modulus: bigint, local: NewLocal): FieldCode {
  const p = modulus;
  const variables = new Map<string, Variable>();
  const variable = (name: string): Variable => {
    const known = variables.get(name) ?? local('i64');
    variables.set(name, known);
    return known;
  };
  const numbers = new Map<string, Num>();
  const constant = (value: bigint): Operand => {
    const limbs = integerLimbsOf(value);
    return {
      limbs: limbs.map((limb) => ({ get: i64.const(BigInt(limb)) })),
      bounds: { limbs: limbs.map((limb) => BigInt(Math.abs(limb))), value: value < 0n ? -value : value },
    };
  };
  const order = constant(p);
  const negativeInverse = i64.const((-inverse(p, 1n << width) + (1n << width)) & mask);
  const afterProduct = (total: bigint): bigint => p + ceilDivide(total, radix);
  // A product of numbers or differences of such sizes is well below p / 16 beside the p that Montgomery's reduction adds.
  const product = boundsOf(p + (p >> 4n));
  // The quotient of `reduce` is off by less than 2^-15.
  const reduced = boundsOf(p / 2n + (p >> 14n));
  const each = (to: Num, limb: (i: number) => Code): Step => ({
    code: to.limbs.map((one, i) => one.set(limb(i))),
  });

  /** Carries from limb to limb; every limb but the last comes to lie in [0, 2^29). */
  const carryAll = (x: Num): Code => {
    const carry = variable('carry');
    const code = x.limbs
      .slice(0, last)
      .map((limb, i) => [
        i === 0 ? [] : limb.set(i64.add(limb.get, carry.get)),
        carry.set(i64.sar(limb.get, shift)),
        limb.set(i64.and(limb.get, maskCode)),
      ]);
    return [code, x.limbs[last]!.set(i64.add(x.limbs[last]!.get, carry.get))];
  };

  const multiply = (to: Num, products: readonly Product[], addends: readonly Addend[] = []): Step => {
    const code: Code[] = [];
    const columns = Array.from({ length: integerLimbs }, (_, j) => variable(`column ${j}`));
    const [q, carry] = [variable('q'), variable('carry')];
    let size = new Array<bigint>(integerLimbs).fill(0n);
    const doubled = products.map(({ a, b }, n) => {
      if (a !== b) return [];
      const twice = Array.from({ length: integerLimbs }, (_, i) => variable(`twice ${n}.${i}`));
      for (let i = 1; i < integerLimbs; i++)
        code.push(twice[i]!.set(i64.add(a.limbs[i]!.get, a.limbs[i]!.get)));
      return twice;
    });
    for (let i = 0; i < integerLimbs; i++) {
      // Column j holds what belongs to limb i + j.
      const terms = Array.from({ length: integerLimbs }, (): { code: Code; minus: boolean }[] => []);
      const bound = size.map((_, j) => (j === last ? 0n : i === 0 ? 0n : size[j + 1]!));
      products.forEach(({ a, b, minus = false }, n) => {
        const add = (j: number, x: Code, y: Code, limit: bigint) => {
          terms[j]!.push({ code: i64.mul(x, y), minus });
          bound[j]! += limit;
        };
        for (let j = a === b ? i : 0; j < integerLimbs; j++) {
          const limit = a.bounds.limbs[i]! * b.bounds.limbs[j]!;
          if (a !== b || i === j) add(j, a.limbs[i]!.get, b.limbs[j]!.get, limit);
          else add(j, a.limbs[i]!.get, doubled[n]![j]!.get, 2n * limit);
        }
      });
      const sum = (j: number): Code => {
        const start = i > 0 && j < last ? columns[j + 1]!.get : undefined;
        const total = terms[j]!.reduce<Code | undefined>((all, { code: term, minus }) => {
          if (!all) return minus ? i64.sub(i64.const(0n), term) : term;
          return (minus ? i64.sub : i64.add)(all, term);
        }, start);
        return total ?? i64.const(0n);
      };
      code.push(columns[0]!.set(i === 0 ? sum(0) : i64.add(sum(0), carry.get)));
      bound[0]! += i === 0 ? 0n : 1n << 34n;
      code.push(q.set(i64.and(i64.mul(columns[0]!.get, negativeInverse), maskCode)));
      code.push(carry.set(i64.sar(i64.add(columns[0]!.get, i64.mul(q.get, order.limbs[0]!.get)), shift)));
      for (let j = 1; j < integerLimbs; j++) {
        code.push(columns[j]!.set(i64.add(sum(j), i64.mul(q.get, order.limbs[j]!.get))));
      }
      size = bound.map((limit, j) => limit + mask * order.bounds.limbs[j]!);
      for (const limit of size) within('a column', limit + (1n << 35n), exact);
    }
    const total = products.reduce((sum, { a, b }) => sum + a.bounds.value * b.bounds.value, 0n);
    const value = addends.reduce((sum, { a }) => sum + a.bounds.value, afterProduct(total));
    // Column j is limb j - 1 of the result, the last limb has no column yet.
    for (let j = 0; j < integerLimbs; j++) {
      let limb: Code = j === last ? carry.get : columns[j + 1]!.get;
      if (j > 0 && j < last) limb = i64.add(limb, carry.get);
      if (j === 0) limb = i64.add(limb, carry.get);
      for (const { a, minus } of addends) limb = (minus ? i64.sub : i64.add)(limb, a.limbs[j]!.get);
      const column = columns[j]!;
      code.push(column.set(limb));
      if (j < last)
        code.push(carry.set(i64.sar(column.get, shift)), column.set(i64.and(column.get, maskCode)));
    }
    code.push(to.limbs.map((limb, j) => limb.set(columns[j]!.get)));
    to.bounds = boundsOf(value);
    // Addends are not divided by the radix, so they do not shrink with the product.
    return addends.length === 0 ? { code } : { code: [code, stepCode(reduce(to))] };
  };

  const reduce = (x: Num): Step => {
    // The quotient is read off the highest limb; the limbs below change it by less than 2^-16, and its rounding by less than 2^-21.
    within('a number to reduce', x.bounds.value, p << 5n);
    x.bounds.limbs.forEach((limb) => void within('a limb to reduce', limb, 1n << 33n));
    const q = variable('q');
    const scale = (1n << 284n) / p;
    within('a quotient', x.bounds.limbs[last]! * scale + (1n << 51n), exact);
    const scaled = i64.mul(x.limbs[last]!.get, i64.const(scale));
    const code: Code[] = [q.set(i64.sar(i64.add(scaled, i64.const(1n << 51n)), i64.const(52n)))];
    for (const [i, limb] of x.limbs.entries()) {
      code.push(limb.set(i64.sub(limb.get, i64.mul(q.get, order.limbs[i]!.get))));
    }
    code.push(carryAll(x));
    x.bounds = reduced;
    return { code };
  };

  return {
    modulus: p,
    radix,
    product,
    reduced,
    prologue: [],
    packOffset: 0n,
    number(name) {
      const known = numbers.get(name) ?? {
        limbs: Array.from({ length: integerLimbs }, (_, i) => variable(`${name}.${i}`)),
        bounds: unwritten,
      };
      numbers.set(name, known);
      return known;
    },
    load(to, address, offset = 0, bounds = product) {
      to.bounds = bounds;
      return { memory: to.limbs.map((limb, i) => limb.set(i64.load32(address, offset + 4 * i))) };
    },
    loadSplat(to, address, offset, bounds) {
      to.bounds = bounds;
      return { memory: to.limbs.map((limb, i) => limb.set(i64.load32(address, offset + 4 * i))) };
    },
    store(address, from, offset = 0, bounds = product) {
      implies('a stored number', from.bounds, bounds);
      for (const limb of from.bounds.limbs) within('a limb in 32 bits', limb, (1n << 31n) - 1n);
      return { memory: from.limbs.map((limb, i) => i64.store32(address, limb.get, offset + 4 * i)) };
    },
    loadLanes(to, [address], bounds = product) {
      to.bounds = bounds;
      return each(to, (i) => i64.load32(address!.get, 4 * i));
    },
    storeLanes([address], from, _, bounds = product) {
      implies('a stored number', from.bounds, bounds);
      return { code: from.limbs.map((limb, i) => i64.store32(address!.get, limb.get, 4 * i)) };
    },
    crossLanes() {
      throw new BoundError('integers have one lane, so no lanes to cross');
    },
    set(to, from) {
      to.bounds = from.bounds;
      return each(to, (i) => from.limbs[i]!.get);
    },
    add(to, a, b) {
      const step = each(to, (i) => i64.add(a.limbs[i]!.get, b.limbs[i]!.get));
      to.bounds = sumOf(a.bounds, b.bounds);
      return step;
    },
    subtract(to, a, b) {
      const step = each(to, (i) => i64.sub(a.limbs[i]!.get, b.limbs[i]!.get));
      to.bounds = sumOf(a.bounds, b.bounds);
      return step;
    },
    multiply,
    reduce,
    constant,
    words: (name) => Array.from({ length: 4 }, (_, i) => variable(`${name}.word ${i}`)),
    loadWords: (to, [address], offset) => ({
      code: to.map((word, i) => word.set(i64.load(address!.get, offset + 8 * i))),
    }),
    storeWords: ([address], from, offset) => ({
      code: from.map((word, i) => i64.store(address!.get, word.get, offset + 8 * i)),
    }),
    fromWords(to, words, value) {
      within('a number from words', value, 1n << 256n);
      to.bounds = { limbs: [...new Array<bigint>(last).fill(mask), value >> 232n], value };
      return each(to, (i) => chunk(words, i));
    },
    toWords(words, from, offset) {
      const code: Code[] = [];
      const limb = variable('limb');
      const carry = variable('carry');
      from.limbs.forEach((one, i) => {
        const bit = 29 * i;
        const part = i === last ? offset >> 232n : (offset >> BigInt(bit)) & mask;
        code.push(limb.set(i64.add(one.get, i64.const(part))));
        if (i > 0) code.push(limb.set(i64.add(limb.get, carry.get)));
        if (i < last) code.push(carry.set(i64.sar(limb.get, shift)), limb.set(i64.and(limb.get, maskCode)));
        const [into, at] = [bit >> 6, bit & 63];
        const shifted = i64.shl(limb.get, i64.const(BigInt(at)));
        code.push(words[into]!.set(at === 0 ? shifted : i64.or(words[into]!.get, shifted)));
        if (at + 29 > 64 && into < 3) {
          code.push(words[into + 1]!.set(i64.shr(limb.get, i64.const(BigInt(64 - at)))));
        }
      });
      return { code };
    },
    unpack(to, words) {
      const step = each(to, (i) => (i === last ? i64.sar(words[3]!.get, i64.const(40n)) : chunk(words, i)));
      to.bounds = reduced;
      return step;
    },
    negateWhere(number, signs) {
      const sign = variable('sign');
      return {
        code: [
          sign.set(i64.sub(i64.const(0n), i64.and(signs.get, i64.const(1n)))),
          number.limbs.map((limb) => limb.set(i64.sub(i64.xor(limb.get, sign.get), sign.get))),
        ],
      };
    },
    gatherSigns: (to, [lane]) => ({ code: to.set(i64.extend(lane!.get)) }),
  };
}

/** Bits 29 i to 29 i + 28 of four words; the last takes all that is left. */
function chunk(words: readonly Variable[], i: number): Code {
  const [from, bit] = [(29 * i) >> 6, (29 * i) & 63];
  const low = bit === 0 ? words[from]!.get : i64.shr(words[from]!.get, i64.const(BigInt(bit)));
  if (i === last) return low;
  const all = bit + 29 > 64 ? i64.or(low, i64.shl(words[from + 1]!.get, i64.const(BigInt(64 - bit)))) : low;
  return i64.and(all, maskCode);
}
