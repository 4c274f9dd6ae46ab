// Number theory over small primes, in bigint: used once, when parameters and tables are built.

/** base^exponent mod modulus. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}

/** The inverse of `value` modulo the prime `q`. */
export const inverse = (value: bigint, q: bigint): bigint => power(((value % q) + q) % q, q - 2n, q);

/**
 * Whether `n` is prime: Miller-Rabin with the bases that are a proof below 3.3 * 10^24 (Sorenson, Webster
 * 2015).
 */
export function isPrime(n: bigint): boolean {
  const bases = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n];
  if (n < 2n) return false;
  for (const base of bases) if (n % base === 0n) return n === base;
  let odd = n - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return bases.every((base) => {
    let x = power(base, odd, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
}

/**
 * The least primitive 2n-th root of unity modulo `q`, which is the one SEAL takes; q = 1 mod 2n, n a power of
 * 2.
 */
export function leastRoot(q: bigint, n: number): bigint {
  const order = BigInt(2 * n);
  let root = 0n;
  for (let x = 2n; root === 0n; x++) {
    const candidate = power(x, (q - 1n) / order, q);
    if (power(candidate, order / 2n, q) === q - 1n) root = candidate;
  }
  const square = (root * root) % q;
  let least = root;
  for (let i = 1; i < n; i++) {
    root = (root * square) % q;
    if (root < least) least = root;
  }
  return least;
}
