// Rows of words and bits: rejection sampling, packing.

import { func, i32, i64, repeat } from '@murmuration/core/wasm';
import { endOf, step } from './modular.ts';

/** Rejection sampling: appends `src & mask` where it is below `bound`, up to dstEnd; returns the new end. */
export const accept = func(
  'accept',
  ['i32', 'i32', 'i32', 'i32', 'i64', 'i64'],
  'i32',
  (local, dst, dstEnd, src, words, mask, bound) => {
    const [end, x] = [local('i32'), local('i64')];
    return [
      end.set(endOf(src!, words!.get)),
      repeat(
        i32.and(i32.lt(src!.get, end.get), i32.lt(dst!.get, dstEnd!.get)),
        x.set(i64.and(i64.load(src!.get), mask!.get)),
        i64.store(dst!.get, x.get),
        step(dst!, i32.shl(i64.ltu(x.get, bound!.get), i32.const(3))),
        step(src!),
      ),
      dst!.get,
    ];
  },
);

/** n words of `bits` <= 50 bits each as a little-endian stream of bits; n * bits is a multiple of 8. */
export const pack = func('pack', ['i32', 'i32', 'i32', 'i64'], undefined, (local, dst, src, n, bits) => {
  const [end, buffer, fill] = [local('i32'), local('i64'), local('i64')];
  return [
    end.set(endOf(src!, n!.get)),
    repeat(
      i32.lt(src!.get, end.get),
      buffer.set(i64.or(buffer.get, i64.shl(i64.load(src!.get), fill.get))),
      fill.set(i64.add(fill.get, bits!.get)),
      repeat(
        i64.geu(fill.get, i64.const(8n)),
        i64.store8(dst!.get, buffer.get),
        step(dst!, i32.const(1)),
        buffer.set(i64.shr(buffer.get, i64.const(8n))),
        fill.set(i64.sub(fill.get, i64.const(8n))),
      ),
      step(src!),
    ),
  ];
});

/** The inverse of `pack`. */
export const unpack = func('unpack', ['i32', 'i32', 'i32', 'i64'], undefined, (local, dst, src, n, bits) => {
  const [end, buffer, fill, mask] = [local('i32'), local('i64'), local('i64'), local('i64')];
  return [
    end.set(endOf(dst!, n!.get)),
    mask.set(i64.sub(i64.shl(i64.const(1n), bits!.get), i64.const(1n))),
    repeat(
      i32.lt(dst!.get, end.get),
      repeat(
        i64.ltu(fill.get, bits!.get),
        buffer.set(i64.or(buffer.get, i64.shl(i64.load8(src!.get), fill.get))),
        step(src!, i32.const(1)),
        fill.set(i64.add(fill.get, i64.const(8n))),
      ),
      i64.store(dst!.get, i64.and(buffer.get, mask.get)),
      buffer.set(i64.shr(buffer.get, bits!.get)),
      fill.set(i64.sub(fill.get, bits!.get)),
      step(dst!),
    ),
  ];
});
