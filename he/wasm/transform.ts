// The number-theoretic transform and its inverse, in place, in the order that SEAL keeps (Longa, Naehrig
// 2016).

import { f64, func, i32, i64, repeat } from '@murmuration/core/wasm';
import { liftNegative, mulBy, step, word } from './modular.ts';

/** Cooley-Tukey, natural order in, bit-reversed out, as in SEAL: out[j] = a(psi^(2 brv(j) + 1)). */
export const ntt = func('ntt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
  const [m, half, p, root, end] = [local('i32'), local('i32'), local('i32'), local('i32'), local('i32')];
  const [u, v, x, w] = [local('i64'), local('i64'), local('i64'), local('i64')];
  const wOverQ = local('f64');
  const bytes = i32.shl(n!.get, i32.const(3));
  return [
    m.set(word),
    half.set(i32.shl(n!.get, i32.const(2))),
    repeat(
      i32.lt(m.get, bytes),
      p.set(a!.get),
      root.set(i32.add(roots!.get, m.get)),
      repeat(
        i32.lt(root.get, i32.add(roots!.get, i32.shl(m.get, i32.const(1)))),
        w.set(i64.load(root.get)),
        wOverQ.set(f64.load(i32.add(root.get, bytes))),
        end.set(i32.add(p.get, half.get)),
        repeat(
          i32.lt(p.get, end.get),
          u.set(i64.load(p.get)),
          v.set(i64.load(i32.add(p.get, half.get))),
          ...mulBy(x, v.get, w.get, wOverQ.get, q!.get),
          v.set(i64.sub(u.get, x.get)),
          liftNegative(v, q!.get),
          u.set(i64.sub(i64.add(u.get, x.get), q!.get)),
          liftNegative(u, q!.get),
          i64.store(p.get, u.get),
          i64.store(i32.add(p.get, half.get), v.get),
          step(p),
        ),
        step(p, half.get),
        step(root),
      ),
      m.set(i32.shl(m.get, i32.const(1))),
      half.set(i32.shr(half.get, i32.const(1))),
    ),
  ];
});

/** Gentleman-Sande, the inverse of `ntt` up to the factor n. */
export const intt = func('intt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
  const [m, half, p, root, end] = [local('i32'), local('i32'), local('i32'), local('i32'), local('i32')];
  const [u, v, x, w] = [local('i64'), local('i64'), local('i64'), local('i64')];
  const wOverQ = local('f64');
  const bytes = i32.shl(n!.get, i32.const(3));
  return [
    half.set(word),
    m.set(i32.shl(n!.get, i32.const(2))),
    repeat(
      i32.ge(m.get, word),
      p.set(a!.get),
      root.set(i32.add(roots!.get, m.get)),
      repeat(
        i32.lt(root.get, i32.add(roots!.get, i32.shl(m.get, i32.const(1)))),
        w.set(i64.load(root.get)),
        wOverQ.set(f64.load(i32.add(root.get, bytes))),
        end.set(i32.add(p.get, half.get)),
        repeat(
          i32.lt(p.get, end.get),
          u.set(i64.load(p.get)),
          x.set(i64.load(i32.add(p.get, half.get))),
          v.set(i64.sub(u.get, x.get)),
          liftNegative(v, q!.get),
          u.set(i64.sub(i64.add(u.get, x.get), q!.get)),
          liftNegative(u, q!.get),
          ...mulBy(x, v.get, w.get, wOverQ.get, q!.get),
          i64.store(p.get, u.get),
          i64.store(i32.add(p.get, half.get), x.get),
          step(p),
        ),
        step(p, half.get),
        step(root),
      ),
      m.set(i32.shr(m.get, i32.const(1))),
      half.set(i32.shl(half.get, i32.const(1))),
    ),
  ];
});
