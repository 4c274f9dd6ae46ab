// Arithmetic modulo p in doubles: five limbs of 51 bits, balanced around 0, two numbers a vector, with fused multiply-add.
//
// High and low half of a product of limbs come from two fused operations (Emmart, Zheng, Weems 2018, "Faster modular exponentiation using
// double precision floating point arithmetic on the GPU", section III): with `c = 3 2^102`, `high = a b + c` is rounded to a multiple of
// 2^51, and `low = a b + ((c + m) - high)` is exact, m = 3 2^51. Both are exact for `|a b| <= 2^102`; that is what the bounds are for. The
// bits of `high` and `low` are then added as integers.
//
// Reduction: limbs 5 to 9 of the product are folded by the constants `2^(51 (5 + j)) mod p`, all independent of each other, and one
// Montgomery step (Montgomery 1985) divides by 2^51. As many products as five Montgomery steps, at half the latency.
import {
  type Code,
  f64x2,
  i32,
  i64,
  i64x2,
  type NewLocal,
  type Variable,
  v128,
} from '@murmuration/core/wasm';
import { bitsOf, type Constants } from './constants.ts';
import type { FieldCode } from './field_code.ts';
import { centred, inverse } from './modular.ts';
import {
  type Addend,
  type Bounds,
  ceilDivide,
  implies,
  type Num,
  type Operand,
  type Product,
  type Step,
  sumOf,
  within,
} from './number.ts';

export const doubleLimbs = 5;
export const doubleBits = 51n;

const width = doubleBits;
const half = 1n << (width - 1n);
const mask = (1n << width) - 1n;
const shift = i32.const(Number(width));
/** Exactly half-way between two powers of two, where a step of the last bit is 1 or 2^51. */
const low1 = 3 * 2 ** 51;
const high1 = 3 * 2 ** 102;
/** Added before a carry is taken: makes a column positive, and its low part balanced. */
const carryBias = (1n << 60n) + half;
/** What {@link carryBias} leaves in the carry. */
const carryOffset = 1n << 9n;
const exactProduct = 1n << 102n;
const lowLimb = half + carryOffset;

/** Half a limb in each limb but the last: cut into unsigned limbs, a number with it shows its balanced ones. */
export const doublesPackOffset: bigint = [0n, 1n, 2n, 3n].reduce((sum, i) => sum + (half << (width * i)), 0n);

/** Balanced limbs of a signed number; the last takes the rest. */
export function balancedLimbs(value: bigint): number[] {
  const limbs: number[] = [];
  let rest = value;
  for (let i = 0; i < doubleLimbs - 1; i++) {
    const limb = ((rest + half) & mask) - half;
    limbs.push(Number(limb));
    rest = (rest - limb) >> width;
  }
  return [...limbs, Number(rest)];
}

/** The number that limbs make. */
export function valueOfDoubles(limbs: readonly number[]): bigint {
  return limbs.reduceRight((value, limb) => (value << width) + BigInt(limb), 0n);
}

/** Nothing can be done with a number that was not written yet. */
const unwritten: Bounds = { limbs: new Array<bigint>(doubleLimbs).fill(1n << 500n), value: 1n << 500n };
const magnitude = (value: number): bigint => BigInt(Math.abs(value));
/** Bounds of a number of this size whose low limbs are balanced. */
const boundsOf = (value: bigint): Bounds => {
  const top = ceilDivide(value + (lowLimb << (3n * width)) * 2n, 1n << (4n * width));
  return { limbs: [lowLimb, lowLimb, lowLimb, lowLimb, top], value };
};

/** @param vector which of the vectors of a row of lanes this code is for. */
export interface DoublesOptions {
  readonly modulus: bigint;
  readonly constants: Constants;
  readonly local: NewLocal;
  readonly vector: number;
  /** Bytes from one limb of a number in memory to the next: 8 for each lane of all vectors. */
  readonly stride: number;
}

export function createDoubles({ modulus, constants, local, vector, stride }: DoublesOptions): FieldCode {
  const p = modulus;
  const variables = new Map<string, Variable>();
  const prologue: Code[] = [];
  const variable = (name: string): Variable => {
    const known = variables.get(name) ?? local('v128');
    variables.set(name, known);
    return known;
  };
  /** A constant that stays in a local. */
  const kept = (name: string, code: Code): Code => {
    if (!variables.has(`kept ${name}`)) prologue.push(variable(`kept ${name}`).set(code));
    return variable(`kept ${name}`).get;
  };
  const c1 = () => kept('c1', constants.double(high1));
  const c2 = () => kept('c2', constants.double(high1 + low1));
  const magic = () => kept('magic', constants.double(low1));
  const maskCode = () => kept('mask', constants.word(mask));
  const exponent52 = () => kept('2^52', constants.double(2 ** 52));

  const operand = (limbs: readonly number[], value: bigint): Operand => ({
    limbs: limbs.map((limb) => ({ get: constants.double(limb) })),
    bounds: { limbs: limbs.map(magnitude), value: value < 0n ? -value : value },
  });
  const constant = (value: bigint): Operand => operand(balancedLimbs(value), value);
  const folds = [5n, 6n, 7n, 8n, 9n].map((limb) => constant(centred(1n << (width * limb), p)));
  const order = constant(p);
  const negativeInverse = Number(centred(-inverse(p, 1n << width), 1n << width));

  /** What a product of numbers of such sizes leaves; see `multiply`. */
  const afterProduct = (top: bigint): bigint => {
    const folded = folds.reduce((sum, { bounds }, j) => sum + (j < 4 ? lowLimb : top) * bounds.value, 0n);
    // The five low columns, each below 2^60, weigh less than 2^265.
    return ceilDivide(folded + half * p + (1n << 265n), 1n << width);
  };
  /** The highest limb of a product: what the limbs below it leave. */
  const topOf = (total: bigint) => ceilDivide(total, 1n << 459n) + 2n;
  /** The smallest size that products of a number with a difference of two such numbers keep. */
  const stable = () => {
    let size = p;
    for (let i = 0; i < 100; i++) size = afterProduct(topOf(2n * size * size));
    return size + (size >> 10n);
  };
  const product = boundsOf(stable());
  const reduced = boundsOf(p / 2n + (p >> 30n));

  const number = (name: string): Num => ({
    limbs: Array.from({ length: doubleLimbs }, (_, i) => variable(`${name}.${i}`)),
    bounds: unwritten,
  });
  const numbers = new Map<string, Num>();

  const splitAt = (columns: readonly Variable[], k: number, carryFrom: Variable | undefined): Code => {
    const low = v128.and(columns[k]!.get, maskCode());
    const digits = carryFrom ? i64x2.add(low, i64x2.shr(carryFrom.get, shift)) : low;
    const offset = 2 ** 52 + Number(half) + (carryFrom ? Number(carryOffset) : 0);
    return f64x2.sub(v128.or(digits, exponent52()), constants.double(offset));
  };

  const multiply = (to: Num, products: readonly Product[], addends: readonly Addend[] = []): Step => {
    const code: Code[] = [];
    const columns = Array.from({ length: 10 }, (_, k) => variable(`column ${k}`));
    const bias = new Array<bigint>(10).fill(0n);
    const size = new Array<bigint>(10).fill(0n);
    const empty = new Array<boolean>(10).fill(true);
    const high = variable('high');
    const accumulate = (k: number, bits: Code, excess: bigint, bound: bigint) => {
      code.push(columns[k]!.set(empty[k] ? bits : i64x2.add(columns[k]!.get, bits)));
      empty[k] = false;
      bias[k]! -= excess;
      size[k]! += bound;
    };
    /** Adds the product of two limbs to columns k and k + 1. */
    const limbProduct = (a: Code, b: Code, k: number, bound: bigint, minus: boolean) => {
      within('a product of limbs', bound, exactProduct);
      const fused = minus ? f64x2.relaxedNmadd : f64x2.relaxedMadd;
      code.push(high.set(fused(a, b, c1())));
      accumulate(k + 1, high.get, bitsOf(high1), (bound + half) >> width);
      accumulate(k, fused(a, b, f64x2.sub(c2(), high.get)), bitsOf(low1), half);
    };
    const doubled = new Map<Operand, readonly Variable[]>();
    products.forEach(({ a, b }, n) => {
      if (a !== b) return;
      const twice = Array.from({ length: doubleLimbs - 1 }, (_, i) => variable(`twice ${n}.${i}`));
      twice.forEach((limb, i) => void code.push(limb.set(f64x2.add(a.limbs[i]!.get, a.limbs[i]!.get))));
      doubled.set(a, twice);
    });
    const column = (k: number) => {
      for (const { a, b, minus = false } of products) {
        for (let i = Math.max(0, k - 4); i <= Math.min(4, k); i++) {
          const j = k - i;
          if (a === b && i > j) continue;
          const twice = a === b && i < j;
          const bound = (twice ? 2n : 1n) * a.bounds.limbs[i]! * b.bounds.limbs[j]!;
          limbProduct(twice ? doubled.get(a)![i]!.get : a.limbs[i]!.get, b.limbs[j]!.get, k, bound, minus);
        }
      }
    };
    const addend = (i: number) => {
      for (const { a, minus } of addends) {
        within('an addend', a.bounds.limbs[i]!, 1n << width);
        const bits = minus ? f64x2.sub(magic(), a.limbs[i]!.get) : f64x2.add(a.limbs[i]!.get, magic());
        accumulate(i + 1, bits, bitsOf(low1), a.bounds.limbs[i]!);
      }
    };
    /** Makes a column ready for carries. */
    const settle = (k: number) => {
      within(`column ${k}`, size[k]! + (1n << 11n), 1n << 60n);
      code.push(columns[k]!.set(i64x2.add(columns[k]!.get, constants.word(bias[k]! + carryBias))));
      bias[k] = 0n;
    };
    /** The last limb takes all that is left. */
    const topLimb = (k: number, bound: bigint): Code => {
      within('the top limb', bound, 1n << width);
      const biased = i64x2.add(columns[k]!.get, constants.word(bias[k]! + bitsOf(low1) - carryOffset));
      return f64x2.sub(i64x2.add(biased, i64x2.shr(columns[k - 1]!.get, shift)), magic());
    };
    const total =
      products.reduce((sum, { a, b }) => sum + a.bounds.value * b.bounds.value, 0n) +
      (addends.reduce((sum, { a }) => sum + a.bounds.value, 0n) << width);

    // Highest columns first: their limbs are computed while the low columns are multiplied.
    for (let k = 8; k >= 4; k--) column(k);
    addend(4);
    for (let k = 5; k <= 8; k++) settle(k);
    const upper = [0, 1, 2, 3, 4].map((j) => variable(`upper ${j}`));
    for (let j = 0; j < 4; j++) {
      code.push(upper[j]!.set(splitAt(columns, j + 5, j === 0 ? undefined : columns[j + 4])));
    }
    const top = topOf(total);
    code.push(upper[4]!.set(topLimb(9, top)));
    const upperBounds = [lowLimb, lowLimb, lowLimb, lowLimb, top];
    for (let k = 3; k >= 0; k--) column(k);
    for (let i = 3; i >= 0; i--) addend(i);
    [empty[5], bias[5], size[5]] = [true, 0n, 0n];
    const fold = (i: number) => {
      folds.forEach(({ limbs, bounds }, j) => {
        limbProduct(upper[j]!.get, limbs[i]!.get, i, upperBounds[j]! * bounds.limbs[i]!, false);
      });
    };
    fold(0);
    // The Montgomery digit q with column 0 + q p = 0 mod 2^51.
    settle(0);
    const digit = variable('digit');
    const q = variable('q');
    code.push(digit.set(splitAt(columns, 0, undefined)));
    const inverseCode = constants.double(negativeInverse);
    code.push(q.set(f64x2.relaxedMadd(digit.get, inverseCode, c1())));
    code.push(q.set(f64x2.sub(f64x2.relaxedMadd(digit.get, inverseCode, f64x2.sub(c2(), q.get)), magic())));
    for (let i = 1; i < doubleLimbs; i++) fold(i);
    order.limbs.forEach((limb, i) => {
      limbProduct(q.get, limb.get, i, half * order.bounds.limbs[i]!, false);
    });
    // Column 0 keeps its bias, and is a multiple of 2^51 beyond half.
    within('column 0', size[0]! + (1n << 11n), 1n << 60n);
    code.push(columns[0]!.set(i64x2.add(columns[0]!.get, constants.word(bias[0]!))));
    for (let k = 1; k <= 4; k++) settle(k);
    const bounds = boundsOf(afterProduct(top));
    for (let k = 1; k <= 4; k++) code.push(to.limbs[k - 1]!.set(splitAt(columns, k, columns[k - 1])));
    code.push(to.limbs[4]!.set(topLimb(5, bounds.limbs[4]!)));
    to.bounds = bounds;
    return { code };
  };

  const each = (to: Num, limb: (i: number) => Code): Step => ({
    code: to.limbs.map((one, i) => one.set(limb(i))),
  });

  const reduce = (x: Num): Step => {
    // The quotient is at most 2^20 in size and off by far less than 1, so that limbs stay exact.
    within('a number to reduce', x.bounds.value, p << 20n);
    const quotient = ceilDivide(x.bounds.value, p);
    const q = variable('q');
    const carry = variable('carry');
    const scale = constants.double(2 ** 204 / Number(p));
    const code: Code[] = [
      q.set(f64x2.sub(f64x2.relaxedMadd(x.limbs[4]!.get, scale, magic()), magic())),
      order.limbs.map((limb, i) => {
        within('a limb to reduce', x.bounds.limbs[i]! + quotient * order.bounds.limbs[i]!, 1n << 53n);
        return x.limbs[i]!.set(f64x2.relaxedNmadd(q.get, limb.get, x.limbs[i]!.get));
      }),
    ];
    for (let i = 0; i < doubleLimbs - 1; i++) {
      const [limb, next] = [x.limbs[i]!, x.limbs[i + 1]!];
      code.push(
        carry.set(f64x2.sub(f64x2.add(limb.get, c1()), c1())),
        limb.set(f64x2.sub(limb.get, carry.get)),
        next.set(f64x2.relaxedMadd(carry.get, constants.double(2 ** -51), next.get)),
      );
    }
    x.bounds = reduced;
    return { code };
  };

  const chunk = (words: readonly Variable[], i: number): Code => {
    const [from, bit] = [Math.floor((51 * i) / 64), (51 * i) % 64];
    const low = bit === 0 ? words[from]!.get : i64x2.shr(words[from]!.get, i32.const(bit));
    if (bit + 51 <= 64 || from === 3) return low;
    return v128.or(low, i64x2.shl(words[from + 1]!.get, i32.const(64 - bit)));
  };

  return {
    modulus: p,
    radix: 1n << width,
    product,
    reduced,
    prologue,
    packOffset: doublesPackOffset,
    number(name) {
      const known = numbers.get(name) ?? number(name);
      numbers.set(name, known);
      return known;
    },
    load(to, address, offset = 0, bounds = product) {
      to.bounds = bounds;
      return {
        memory: to.limbs.map((limb, i) => limb.set(v128.load(address, offset + stride * i + 16 * vector))),
      };
    },
    loadSplat(to, address, offset, bounds) {
      to.bounds = bounds;
      return { memory: to.limbs.map((limb, i) => limb.set(v128.loadSplat(address, offset + 8 * i))) };
    },
    store(address, from, offset = 0, bounds = product) {
      implies('a stored number', from.bounds, bounds);
      return {
        memory: from.limbs.map((limb, i) => v128.store(address, limb.get, offset + stride * i + 16 * vector)),
      };
    },
    loadLanes(to, [a, b], bounds = product) {
      to.bounds = bounds;
      return each(to, (i) => v128.loadHigh(b!.get, v128.loadLow(a!.get, 8 * i), 8 * i));
    },
    storeLanes(addresses, from, apart, bounds = product) {
      implies('a stored number', from.bounds, bounds);
      return {
        code: from.limbs.flatMap((limb, i) =>
          ([0, 1] as const).map((lane) => v128.storeLane(lane, addresses[lane]!.get, limb.get, apart * i)),
        ),
      };
    },
    crossLanes(to, from) {
      // (x0, -x1) + (x1, x0).
      const negative = v128.constant(0n, 1n << 63n);
      const step = each(to, (i) => {
        const x = from.limbs[i]!.get;
        return f64x2.add(v128.xor(x, negative), v128.shuffle(swappedLanes, x, x));
      });
      to.bounds = sumOf(from.bounds, from.bounds);
      return step;
    },
    set(to, from) {
      to.bounds = from.bounds;
      return each(to, (i) => from.limbs[i]!.get);
    },
    add(to, a, b) {
      const step = each(to, (i) => f64x2.add(a.limbs[i]!.get, b.limbs[i]!.get));
      to.bounds = sumOf(a.bounds, b.bounds);
      for (const limb of to.bounds.limbs) within('a limb of a sum', limb, 1n << 53n);
      return step;
    },
    subtract(to, a, b) {
      const step = each(to, (i) => f64x2.sub(a.limbs[i]!.get, b.limbs[i]!.get));
      to.bounds = sumOf(a.bounds, b.bounds);
      for (const limb of to.bounds.limbs) within('a limb of a difference', limb, 1n << 53n);
      return step;
    },
    multiply,
    reduce,
    constant,
    words: (name) => Array.from({ length: 4 }, (_, i) => variable(`${name}.word ${i}`)),
    loadWords(to, [a, b], offset) {
      const [x, y] = [variable('words x'), variable('words y')];
      const code: Code[] = [];
      for (const pair of [0, 2]) {
        code.push(
          x.set(v128.load(a!.get, offset + 8 * pair)),
          y.set(v128.load(b!.get, offset + 8 * pair)),
          to[pair]!.set(v128.shuffle(lowLanes, x.get, y.get)),
          to[pair + 1]!.set(v128.shuffle(highLanes, x.get, y.get)),
        );
      }
      return { code };
    },
    storeWords([a, b], from, offset) {
      return {
        code: [0, 2].flatMap((pair) => [
          v128.store(a!.get, v128.shuffle(lowLanes, from[pair]!.get, from[pair + 1]!.get), offset + 8 * pair),
          v128.store(
            b!.get,
            v128.shuffle(highLanes, from[pair]!.get, from[pair + 1]!.get),
            offset + 8 * pair,
          ),
        ]),
      };
    },
    fromWords(to, words, value) {
      to.bounds = { limbs: [mask, mask, mask, mask, value >> (4n * width)], value };
      within('a number from words', value, 1n << 255n);
      return each(to, (i) => {
        const digits = i === 4 ? chunk(words, i) : v128.and(chunk(words, i), maskCode());
        return f64x2.sub(v128.or(digits, exponent52()), exponent52());
      });
    },
    toWords(words, from, offset) {
      const [carry, limb] = [variable('carry'), variable('limb')];
      const code: Code[] = [];
      for (let i = 0; i < doubleLimbs; i++) {
        within('a limb to pack', from.bounds.limbs[i]!, 1n << width);
        const part = i === 4 ? offset >> (4n * width) : (offset >> (width * BigInt(i))) & mask;
        const integer = i64x2.add(
          f64x2.add(from.limbs[i]!.get, magic()),
          constants.word(part - bitsOf(low1)),
        );
        code.push(limb.set(i === 0 ? integer : i64x2.add(integer, carry.get)));
        if (i < 4) {
          code.push(carry.set(i64x2.sar(limb.get, shift)), limb.set(v128.and(limb.get, maskCode())));
        }
        const [into, bit] = [Math.floor((51 * i) / 64), (51 * i) % 64];
        const shifted = bit === 0 ? limb.get : i64x2.shl(limb.get, i32.const(bit));
        code.push(words[into]!.set(bit === 0 ? shifted : v128.or(words[into]!.get, shifted)));
        if (bit + 51 > 64 && into < 3)
          code.push(words[into + 1]!.set(i64x2.shr(limb.get, i32.const(64 - bit))));
      }
      return { code };
    },
    unpack(to, words) {
      to.bounds = reduced;
      const offset = constants.double(2 ** 52 + Number(half));
      return each(to, (i) => {
        if (i < 4) return f64x2.sub(v128.or(v128.and(chunk(words, i), maskCode()), exponent52()), offset);
        const top = i64x2.sar(words[3]!.get, i32.const(12));
        return f64x2.sub(i64x2.add(top, constants.word(bitsOf(low1))), magic());
      });
    },
    negateWhere(number, signs) {
      const sign = variable('sign');
      return {
        code: [
          sign.set(i64x2.shl(signs.get, i32.const(63))),
          number.limbs.map((limb) => limb.set(v128.xor(limb.get, sign.get))),
        ],
      };
    },
    gatherSigns(to, [a, b]) {
      return { code: to.set(i64x2.replaceLane(1, i64x2.splat(i64.extend(a!.get)), i64.extend(b!.get))) };
    },
  };
}

const lowLanes = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highLanes = lowLanes.map((byte) => byte + 8);
const swappedLanes = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
