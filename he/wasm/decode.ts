// BFV decoding over two primes.

import { f64, func, i32, i64, repeat } from '@murmuration/core/wasm';
import { endOf, step } from './modular.ts';

/**
 * BFV decoding over two primes, in place. For x = low + q0 k, in: rows low = x mod q0 and k; out: round(t x /
 * Q) in [0, t] into `low`, and the signed distance of t x / Q from it as a float64 into `k`. Here t x / Q is
 * t k / q1 (exact quotient, remainder over q1) plus low t / Q.
 */
export const decode = func(
  'decode',
  ['i32', 'i32', 'i32', 'i64', 'f64', 'i64', 'f64'],
  undefined,
  (local, low, k, n, q1, oneOverQ1, t, tOverQ) => {
    const [end, x, quotient, rest] = [local('i32'), local('i64'), local('i64'), local('i64')];
    const [fraction, nearest] = [local('f64'), local('f64')];
    return [
      end.set(endOf(low!, n!.get)),
      repeat(
        i32.lt(low!.get, end.get),
        x.set(i64.mul(i64.load(k!.get), t!.get)),
        quotient.set(
          i64.trunc(f64.mul(f64.mul(f64.convert(i64.load(k!.get)), f64.convert(t!.get)), oneOverQ1!.get)),
        ),
        rest.set(i64.sub(x.get, i64.mul(quotient.get, q1!.get))),
        fraction.set(
          f64.add(
            f64.mul(f64.convert(rest.get), oneOverQ1!.get),
            f64.mul(f64.convert(i64.load(low!.get)), tOverQ!.get),
          ),
        ),
        nearest.set(f64.floor(f64.add(fraction.get, f64.const(0.5)))),
        i64.store(low!.get, i64.add(quotient.get, i64.trunc(nearest.get))),
        f64.store(k!.get, f64.sub(fraction.get, nearest.get)),
        step(low!),
        step(k!),
      ),
    ];
  },
);
