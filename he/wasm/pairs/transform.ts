// The transforms of ../transform.ts, two butterflies at a time. Rows are words before and after, doubles in between; tables of roots are
// doubles in (-q/2, q/2), then the same over q.
//
// Sizes, in units of q. Forward: a product is at most 1/2 + B q / 2^54 for a factor of size B, a sum at most that more than B: below 2^47
// no row of 2^15 comes to 10 in its 15 layers, and nothing is reduced; below 2^50 four layers come from 1 to 4.1, with products of
// 3.2 * 2^49 < 2^51 times q at most. Inverse: sums double, so below 2^47 four layers come to 16 with products of 2^50 times q, below 2^50
// two come to 4, with the same.

import {
  type Code,
  type Func,
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
import { endOf, step, word } from '../modular.ts';
import { type Modulus, modulo, pair } from './modular.ts';

const isSmall = (q: Variable): Code => i64.ltu(q.get, i64.const(1n << 47n));

/** Words 0 and 2 of two vectors, and words 1 and 3. */
const evens = (a: Code, b: Code): Code =>
  v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], a, b);
const odds = (a: Code, b: Code): Code =>
  v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31], a, b);

/** A row, its roots, and how many words each has. */
interface Row {
  readonly a: Variable;
  readonly roots: Variable;
  readonly n: Variable;
}

/** u and v, changed in place; `x` is free. */
type Butterfly = (
  pairs: { readonly u: Variable; readonly v: Variable; readonly x: Variable },
  root: { readonly w: Code; readonly wOverQ: Code },
  modulus: Modulus,
) => Code[];

/** What both transforms are made of. */
interface Parts {
  /** `m` bytes of roots, one for each block of `2 half` bytes. `half` is 16 at least. */
  layer(m: Variable, half: Variable): Code[];
  /** A root for each block of two words. */
  narrowLayer(): Code[];
  /** Every so many layers, reduces the row; `until` counts. */
  reduce(until: Variable, every: Variable): Code[];
}

function partsOf(local: NewLocal, row: Row, modulus: Modulus, butterfly: Butterfly) {
  const { a, roots, n } = row;
  const [p, other, root, end] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const [u, v, x, w, wOverQ] = [local('v128'), local('v128'), local('v128'), local('v128'), local('v128')];
  const bytes = i32.shl(n.get, i32.const(3));
  const added = butterfly({ u, v, x }, { w: w.get, wOverQ: wOverQ.get }, modulus);

  /** Each vector of the row through `change` of u. */
  const eachVector = (...change: Code[]): Code[] => [
    p.set(a.get),
    end.set(endOf(a, n.get)),
    repeat(
      i32.lt(p.get, end.get),
      u.set(v128.load(p.get)),
      ...change,
      v128.store(p.get, u.get),
      step(p, pair),
    ),
  ];
  const reduced = u.set(modulus.reduced(u.get));

  const parts: Parts = {
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
          ...added,
          v128.store(p.get, u.get),
          v128.store(other.get, v.get),
          step(p, pair),
          step(other, pair),
        ),
        p.set(other.get),
        step(root),
      ),
    ],
    narrowLayer: () => [
      p.set(a.get),
      end.set(endOf(a, n.get)),
      root.set(i32.add(roots.get, i32.shr(bytes, i32.const(1)))),
      repeat(
        i32.lt(p.get, end.get),
        w.set(v128.load(p.get)),
        wOverQ.set(v128.load(p.get, 16)),
        u.set(evens(w.get, wOverQ.get)),
        v.set(odds(w.get, wOverQ.get)),
        w.set(v128.load(root.get)),
        wOverQ.set(v128.load(i32.add(root.get, bytes))),
        ...added,
        v128.store(p.get, evens(u.get, v.get)),
        v128.store(p.get, odds(u.get, v.get), 16),
        step(p, i32.const(32)),
        step(root, pair),
      ),
    ],
    reduce: (until, every) => [
      until.set(i32.sub(until.get, i32.const(1))),
      when(i32.eqz(until.get), until.set(every.get), ...eachVector(reduced)),
    ],
  };
  return {
    parts,
    enter: () => eachVector(u.set(modulus.toDoubles(u.get))),
    leave: () => eachVector(reduced, modulus.lift(u), u.set(modulus.toWords(u.get))),
  };
}

/** A transform of a row, in place: words to doubles, its layers, and back. */
const transform = (
  name: string,
  butterfly: Butterfly,
  layers: (parts: Parts, of: { readonly n: Code; readonly q: Variable; readonly local: NewLocal }) => Code[],
): Func =>
  func(name, ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
    const modulus = modulo(local, q);
    const { parts, enter, leave } = partsOf(local, { a, roots, n }, modulus, butterfly);
    return [...modulus.prologue, ...enter(), ...layers(parts, { n: n.get, q, local }), ...leave()];
  });

/** Cooley-Tukey, natural order in, bit-reversed out. */
export const ntt = transform(
  'ntt',
  ({ u, v, x }, { w, wOverQ }, { product }) => [
    ...product(x, v.get, w, wOverQ),
    v.set(f64x2.sub(u.get, x.get)),
    u.set(f64x2.add(u.get, x.get)),
  ],
  ({ layer, narrowLayer, reduce }, { n, q, local }) => {
    const [m, half, until, every] = [local('i32'), local('i32'), local('i32'), local('i32')];
    return [
      every.set(i32.add(i32.const(4), i32.shl(isSmall(q), i32.const(5)))),
      until.set(every.get),
      m.set(word),
      half.set(i32.shl(n, i32.const(2))),
      repeat(
        i32.ge(half.get, pair),
        ...layer(m, half),
        ...reduce(until, every),
        m.set(i32.shl(m.get, i32.const(1))),
        half.set(i32.shr(half.get, i32.const(1))),
      ),
      ...narrowLayer(),
    ];
  },
);

/** Gentleman-Sande, the inverse of `ntt` up to the factor n. */
export const intt = transform(
  'intt',
  ({ u, v, x }, { w, wOverQ }, { product }) => [
    x.set(f64x2.sub(u.get, v.get)),
    u.set(f64x2.add(u.get, v.get)),
    ...product(v, x.get, w, wOverQ),
  ],
  ({ layer, narrowLayer, reduce }, { n, q, local }) => {
    const [m, half, until, every] = [local('i32'), local('i32'), local('i32'), local('i32')];
    return [
      every.set(i32.shl(i32.const(2), isSmall(q))),
      until.set(i32.sub(every.get, i32.const(1))),
      ...narrowLayer(),
      half.set(pair),
      m.set(i32.shl(n, i32.const(1))),
      repeat(
        i32.ge(m.get, word),
        ...layer(m, half),
        ...reduce(until, every),
        m.set(i32.shr(m.get, i32.const(1))),
        half.set(i32.shl(half.get, i32.const(1))),
      ),
    ];
  },
);
