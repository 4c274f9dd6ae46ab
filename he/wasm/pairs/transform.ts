// The transforms of ../transform.ts, two butterflies at a time. Rows are words before and after, doubles in between; tables of roots are
// doubles in (-q/2, q/2), then the same over q.
//
// Sizes, in units of q. Forward: a product is at most 1/2 + B q / 2^54 for a factor of size B, a sum at most that more than B: below 2^47
// no row of 2^15 comes to 10 in its 15 layers, and nothing is reduced; below 2^50 four layers come from 1 to 4.1, with products of
// 3.2 * 2^49 < 2^51 times q at most. Inverse: sums double, so below 2^47 four layers come to 16 with products of 2^50 times q, below 2^50
// two come to 4, with the same.

import {
  type Code,
  f64x2,
  func,
  i32,
  i64,
  type NewLocal,
  repeat,
  type Variable,
  v128,
  when,
} from '@murmuration/core/wasm';
import { word } from '../modular.ts';
import { type Modulus, modulo } from './modular.ts';

const pair = i32.const(16);
const step = (pointer: Variable, by: Code = pair) => pointer.set(i32.add(pointer.get, by));
const isSmall = (q: Variable): Code => i64.ltu(q.get, i64.const(1n << 47n));

/** Words 0 and 2 of two vectors, and words 1 and 3. */
const evens = (a: Code, b: Code): Code =>
  v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], a, b);
const odds = (a: Code, b: Code): Code =>
  v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31], a, b);

/** What both transforms are made of. */
interface Parts {
  /** Each vector of the row through `change`. */
  eachVector(change: (vector: Variable) => Code[]): Code[];
  /** A layer of blocks of `2 half` bytes, `m` bytes of roots. `half` is 16 at least. */
  layer(m: Variable, half: Variable): Code[];
  /** The layer of blocks of two words. */
  lastLayer(): Code[];
}

interface Row {
  readonly a: Variable;
  readonly roots: Variable;
  /** Bytes. */
  readonly bytes: Code;
}

type Butterfly = (u: Variable, v: Variable, root: { readonly w: Code; readonly wOverQ: Code }) => Code[];

function parts(local: NewLocal, { a, roots, bytes }: Row, butterfly: Butterfly): Parts {
  const [p, root, end] = [local('i32'), local('i32'), local('i32')];
  const [u, v, w, wOverQ] = [local('v128'), local('v128'), local('v128'), local('v128')];
  const other = local('i32');
  return {
    eachVector: (change) => [
      p.set(a.get),
      end.set(i32.add(a.get, bytes)),
      repeat(
        i32.lt(p.get, end.get),
        u.set(v128.load(p.get)),
        ...change(u),
        v128.store(p.get, u.get),
        step(p),
      ),
    ],
    layer: (m, half) => [
      p.set(a.get),
      root.set(i32.add(roots.get, m.get)),
      repeat(
        i32.lt(root.get, i32.add(roots.get, i32.shl(m.get, i32.const(1)))),
        w.set(v128.loadSplat(root.get)),
        wOverQ.set(v128.loadSplat(i32.add(root.get, bytes))),
        other.set(i32.add(p.get, half.get)),
        end.set(other.get),
        repeat(
          i32.lt(p.get, end.get),
          u.set(v128.load(p.get)),
          v.set(v128.load(other.get)),
          ...butterfly(u, v, { w: w.get, wOverQ: wOverQ.get }),
          v128.store(p.get, u.get),
          v128.store(other.get, v.get),
          step(p),
          step(other),
        ),
        p.set(other.get),
        step(root, i32.const(8)),
      ),
    ],
    lastLayer: () => [
      p.set(a.get),
      end.set(i32.add(a.get, bytes)),
      root.set(i32.add(roots.get, i32.shr(bytes, i32.const(1)))),
      repeat(
        i32.lt(p.get, end.get),
        w.set(v128.load(p.get)),
        wOverQ.set(v128.load(p.get, 16)),
        u.set(evens(w.get, wOverQ.get)),
        v.set(odds(w.get, wOverQ.get)),
        w.set(v128.load(root.get)),
        wOverQ.set(v128.load(i32.add(root.get, bytes))),
        ...butterfly(u, v, { w: w.get, wOverQ: wOverQ.get }),
        v128.store(p.get, evens(u.get, v.get)),
        v128.store(p.get, odds(u.get, v.get), 16),
        step(p, i32.const(32)),
        step(root),
      ),
    ],
  };
}

/** Every so many layers, `reduce`; `until` counts. */
const now = (until: Variable, every: Code, reduce: Code[]): Code[] => [
  until.set(i32.sub(until.get, i32.const(1))),
  when(i32.eqz(until.get), until.set(every), ...reduce),
];

const enter =
  (modulus: Modulus) =>
  (x: Variable): Code[] => [x.set(modulus.toDoubles(x.get))];
const reduceEach =
  (modulus: Modulus) =>
  (x: Variable): Code[] => [x.set(modulus.reduced(x.get))];
const leave =
  (modulus: Modulus) =>
  (x: Variable): Code[] => [x.set(modulus.reduced(x.get)), modulus.lift(x), x.set(modulus.toWords(x.get))];

/** Cooley-Tukey, natural order in, bit-reversed out. */
export const ntt = func('ntt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
  const modulus = modulo(local, q!);
  const x = local('v128');
  const [m, half, until, every] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const bytes = i32.shl(n!.get, i32.const(3));
  const { eachVector, layer, lastLayer } = parts(local, { a: a!, roots: roots!, bytes }, (u, v, root) => [
    ...modulus.product(x, v.get, root.w, root.wOverQ),
    v.set(f64x2.sub(u.get, x.get)),
    u.set(f64x2.add(u.get, x.get)),
  ]);
  return [
    ...modulus.prologue,
    every.set(i32.add(i32.const(4), i32.shl(isSmall(q!), i32.const(5)))),
    until.set(every.get),
    ...eachVector(enter(modulus)),
    m.set(i32.const(8)),
    half.set(i32.shl(n!.get, i32.const(2))),
    repeat(
      i32.ge(half.get, pair),
      ...layer(m, half),
      ...now(until, every.get, eachVector(reduceEach(modulus))),
      m.set(i32.shl(m.get, i32.const(1))),
      half.set(i32.shr(half.get, i32.const(1))),
    ),
    ...lastLayer(),
    ...eachVector(leave(modulus)),
  ];
});

/** Gentleman-Sande, the inverse of `ntt` up to the factor n. */
export const intt = func('intt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
  const modulus = modulo(local, q!);
  const x = local('v128');
  const [m, half, until, every] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const bytes = i32.shl(n!.get, i32.const(3));
  const { eachVector, layer, lastLayer } = parts(local, { a: a!, roots: roots!, bytes }, (u, v, root) => [
    x.set(f64x2.sub(u.get, v.get)),
    u.set(f64x2.add(u.get, v.get)),
    ...modulus.product(v, x.get, root.w, root.wOverQ),
  ]);
  return [
    ...modulus.prologue,
    every.set(i32.shl(i32.const(2), isSmall(q!))),
    until.set(i32.sub(every.get, i32.const(1))),
    ...eachVector(enter(modulus)),
    ...lastLayer(),
    half.set(pair),
    m.set(i32.shl(n!.get, i32.const(1))),
    repeat(
      i32.ge(m.get, word),
      ...layer(m, half),
      ...now(until, every.get, eachVector(reduceEach(modulus))),
      m.set(i32.shr(m.get, i32.const(1))),
      half.set(i32.shl(half.get, i32.const(1))),
    ),
    ...eachVector(leave(modulus)),
  ];
});
