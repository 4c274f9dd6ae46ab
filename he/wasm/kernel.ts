// The arithmetic kernel: loops over rows of 64-bit residues modulo a prime q < 2^50, in WebAssembly.
//
// A product a * b mod q is `a * b - floor(a * b / q) * q` in wrapping 64-bit arithmetic, with the quotient
// estimated in float64. For a, b < q < 2^50 at most three roundings of relative size 2^-53 leave the estimate
// within 1/2 of the real quotient, so its integer part is off by at most one, and the remainder, which lies
// in [-q, 2q), is corrected by two conditional additions without a branch.

import { type Code, type Func, f64, func, i32, i64, repeat, type Variable, when } from './assembler.ts';

const word = i32.const(8);
const step = (pointer: Variable, by: Code = word) => pointer.set(i32.add(pointer.get, by));
const endOf = (pointer: Variable, words: Code) => i32.add(pointer.get, i32.shl(words, i32.const(3)));

/** x in [-q, q) to [0, q). */
const liftNegative = (x: Variable, q: Code) =>
  x.set(i64.add(x.get, i64.and(q, i64.sar(x.get, i64.const(63n)))));

/** x in [-q, 2q) to [0, q). */
const correct = (x: Variable, q: Code): Code[] => [
  liftNegative(x, q),
  x.set(i64.sub(x.get, q)),
  liftNegative(x, q),
];

/** out = a * b mod q, given b / q as a float64. `a` is evaluated twice. */
const mulBy = (out: Variable, a: Code, b: Code, bOverQ: Code, q: Code): Code[] => [
  out.set(i64.sub(i64.mul(a, b), i64.mul(i64.trunc(f64.mul(f64.convert(a), bOverQ)), q))),
  ...correct(out, q),
];

/** Cooley-Tukey, natural order in, bit-reversed out, as in SEAL: out[j] = a(psi^(2 brv(j) + 1)). */
const ntt = func('ntt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
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
const intt = func('intt', ['i32', 'i32', 'i32', 'i64'], undefined, (local, a, roots, n, q) => {
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

/** dst[i] = dst[i] * src[i] mod q; `inverse` is 1 / q. */
const mul = func('mul', ['i32', 'i32', 'i32', 'i64', 'f64'], undefined, (local, dst, src, n, q, inverse) => {
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
});

/** dst[i] = dst[i] * c + src[i] mod q; `cOverQ` is c / q. */
const scaleAdd = func(
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
const add = func('add', ['i32', 'i32', 'i32', 'i64', 'i32'], undefined, (local, dst, src, n, q, negative) => {
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
});

/** How many of the n words, taken as unsigned, are not below `bound`. */
const countFrom = func('countFrom', ['i32', 'i32', 'i64'], 'i32', (local, src, n, bound) => {
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
const reduce = func('reduce', ['i32', 'i32', 'i64', 'i64'], undefined, (local, dst, n, q, offset) => {
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

/** Rejection sampling: appends `src & mask` where it is below `bound`, up to dstEnd; returns the new end. */
const accept = func(
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
const pack = func('pack', ['i32', 'i32', 'i32', 'i64'], undefined, (local, dst, src, n, bits) => {
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
const unpack = func('unpack', ['i32', 'i32', 'i32', 'i64'], undefined, (local, dst, src, n, bits) => {
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

/**
 * BFV decoding over two primes, in place. For x = low + q0 k, in: rows low = x mod q0 and k; out: round(t x / Q)
 * in [0, t] into `low`, and the signed distance of t x / Q from it as a float64 into `k`. Here t x / Q is
 * t k / q1 (exact quotient, remainder over q1) plus low t / Q.
 */
const decode = func(
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

export const kernelFunctions: readonly Func[] = [
  ntt,
  intt,
  mul,
  scaleAdd,
  add,
  countFrom,
  reduce,
  accept,
  pack,
  unpack,
  decode,
];
