// Products of rows, as in ../rows.ts, two entries at a time. Factors are below q, so a product is estimated within 1/4, and its
// remainder lies in (-q, q).

import { f64, f64x2, func, i32, repeat, v128 } from '@murmuration/core/wasm';
import { endOf, step } from '../modular.ts';
import { modulo, pair } from './modular.ts';

/** dst[i] = dst[i] * src[i] mod q. */
export const mul = func('mul', ['i32', 'i32', 'i32', 'i64', 'f64'], undefined, (local, dst, src, n, q) => {
  const modulus = modulo(local, q!);
  const [end, a, b, x] = [local('i32'), local('v128'), local('v128'), local('v128')];
  return [
    ...modulus.prologue,
    end.set(endOf(dst!, n!.get)),
    repeat(
      i32.lt(dst!.get, end.get),
      a.set(modulus.toDoubles(v128.load(dst!.get))),
      b.set(modulus.toDoubles(v128.load(src!.get))),
      ...modulus.product(x, a.get, b.get, f64x2.mul(b.get, modulus.oneOverQ)),
      modulus.lift(x),
      v128.store(dst!.get, modulus.toWords(x.get)),
      step(dst!, pair),
      step(src!, pair),
    ),
  ];
});

/** dst[i] = dst[i] * c + src[i] mod q; `cOverQ` is c / q. */
export const scaleAdd = func(
  'scaleAdd',
  ['i32', 'i32', 'i32', 'i64', 'i64', 'f64'],
  undefined,
  (local, dst, src, n, q, c, cOverQ) => {
    const modulus = modulo(local, q!);
    const [end, a, x] = [local('i32'), local('v128'), local('v128')];
    const [factor, overQ] = [local('v128'), local('v128')];
    return [
      ...modulus.prologue,
      factor.set(f64x2.splat(f64.convert(c!.get))),
      overQ.set(f64x2.splat(cOverQ!.get)),
      end.set(endOf(dst!, n!.get)),
      repeat(
        i32.lt(dst!.get, end.get),
        a.set(modulus.toDoubles(v128.load(dst!.get))),
        ...modulus.product(x, a.get, factor.get, overQ.get),
        modulus.lift(x),
        x.set(f64x2.sub(f64x2.add(x.get, modulus.toDoubles(v128.load(src!.get))), modulus.q)),
        modulus.lift(x),
        v128.store(dst!.get, modulus.toWords(x.get)),
        step(dst!, pair),
        step(src!, pair),
      ),
    ];
  },
);
