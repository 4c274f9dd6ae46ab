// Entry-wise arithmetic on rows of residues.

import { f64, func, i32, i64, repeat, when } from '@murmuration/core/wasm';
import { endOf, liftNegative, mulBy, step } from './modular.ts';

/** dst[i] = dst[i] * src[i] mod q; `inverse` is 1 / q. */
export const mul = func(
  'mul',
  ['i32', 'i32', 'i32', 'i64', 'f64'],
  undefined,
  (local, dst, src, n, q, inverse) => {
    const [end, a, b, x] = [local('i32'), local('i64'), local('i64'), local('i64')];
    return [
      end.set(endOf(dst!, n!.get)),
      repeat(
        i32.lt(dst!.get, end.get),
        a.set(i64.load(dst!.get)),
        b.set(i64.load(src!.get)),
        ...mulBy(x, a.get, b.get, f64.mul(f64.convert(b.get), inverse!.get), q!.get),
        i64.store(dst!.get, x.get),
        step(dst!),
        step(src!),
      ),
    ];
  },
);

/** dst[i] = dst[i] * c + src[i] mod q; `cOverQ` is c / q. */
export const scaleAdd = func(
  'scaleAdd',
  ['i32', 'i32', 'i32', 'i64', 'i64', 'f64'],
  undefined,
  (local, dst, src, n, q, c, cOverQ) => {
    const [end, a, x] = [local('i32'), local('i64'), local('i64')];
    return [
      end.set(endOf(dst!, n!.get)),
      repeat(
        i32.lt(dst!.get, end.get),
        a.set(i64.load(dst!.get)),
        ...mulBy(x, a.get, c!.get, cOverQ!.get, q!.get),
        x.set(i64.sub(i64.add(x.get, i64.load(src!.get)), q!.get)),
        liftNegative(x, q!.get),
        i64.store(dst!.get, x.get),
        step(dst!),
        step(src!),
      ),
    ];
  },
);

/** dst[i] = dst[i] + src[i] mod q, or the difference where `negative` is not zero. */
export const add = func(
  'add',
  ['i32', 'i32', 'i32', 'i64', 'i32'],
  undefined,
  (local, dst, src, n, q, negative) => {
    const [end, x, y] = [local('i32'), local('i64'), local('i64')];
    return [
      end.set(endOf(dst!, n!.get)),
      repeat(
        i32.lt(dst!.get, end.get),
        y.set(i64.load(src!.get)),
        when(negative!.get, y.set(i64.sub(q!.get, y.get))),
        x.set(i64.sub(i64.add(i64.load(dst!.get), y.get), q!.get)),
        liftNegative(x, q!.get),
        i64.store(dst!.get, x.get),
        step(dst!),
        step(src!),
      ),
    ];
  },
);

/** How many of the n words, taken as unsigned, are not below `bound`. */
export const countFrom = func('countFrom', ['i32', 'i32', 'i64'], 'i32', (local, src, n, bound) => {
  const [end, count] = [local('i32'), local('i32')];
  return [
    end.set(endOf(src!, n!.get)),
    repeat(
      i32.lt(src!.get, end.get),
      count.set(i32.add(count.get, i64.geu(i64.load(src!.get), bound!.get))),
      step(src!),
    ),
    count.get,
  ];
});

/** Signed words, each less `offset`, to residues in [0, q). */
export const reduce = func('reduce', ['i32', 'i32', 'i64', 'i64'], undefined, (local, dst, n, q, offset) => {
  const [end, x] = [local('i32'), local('i64')];
  return [
    end.set(endOf(dst!, n!.get)),
    repeat(
      i32.lt(dst!.get, end.get),
      x.set(i64.rem(i64.sub(i64.load(dst!.get), offset!.get), q!.get)),
      liftNegative(x, q!.get),
      i64.store(dst!.get, x.get),
      step(dst!),
    ),
  ];
});
