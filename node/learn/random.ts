// Seeded randomness for data, batches and stochastic rounding: xoshiro128** (Blackman and Vigna, "Scrambled
// linear pseudorandom number generators", 2021), its state expanded from a seed and labels by SHA-256. It
// repeats by design. Nothing of privacy may come from here: noise, blinding and keys use the system's CSPRNG.
import { createHash } from 'node:crypto';

/**
 * A source of numbers. Each label path has its own stream, so that adding a consumer shifts nobody else's
 * numbers.
 */
export interface Random {
  /** A 32-bit unsigned integer. */
  uint32(): number;
  /** A float in [0, 1) with 32 random bits. */
  uniform(): number;
  /** An integer in [0, bound), without modulo bias (rejection). `1 <= bound <= 2^32`. */
  below(bound: number): number;
  /** A standard normal deviate (Box and Muller). */
  normal(): number;
}

/** The stream of `seed` under `labels`, for example `seeded(7, 'batches', trainer, round)`. */
export function seeded(seed: number | string, ...labels: (number | string)[]): Random {
  const digest = createHash('sha256')
    .update(JSON.stringify(['murmuration/v1/random', seed, ...labels]))
    .digest();
  return xoshiro128([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as State);
}

type State = [number, number, number, number];

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** xoshiro128** from its four words of state, which must not all be zero. */
export function xoshiro128([a, b, c, d]: State): Random {
  if ((a | b | c | d) === 0)
    throw new RangeError('xoshiro128: the state is all zero; give at least one set bit');
  const uint32 = (): number => {
    const out = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return out;
  };
  const uniform = (): number => uint32() / 4294967296;
  const below = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 4294967296)
      throw new RangeError(`below: bound is ${bound}; it must be an integer from 1 to 2^32`);
    const limit = 4294967296 - (4294967296 % bound);
    let x = uint32();
    while (x >= limit) x = uint32();
    return x % bound;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log((uint32() + 1) / 4294967296)) * Math.cos(2 * Math.PI * uniform());
  return { uint32, uniform, below, normal };
}

/** The integers 0 to n - 1 in a random order (Fisher and Yates). */
export function permutation(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
