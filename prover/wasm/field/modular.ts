// Integers modulo a prime, for constants and tests.

/** The residue in [0, p). */
export function mod(value: bigint, p: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

/** The residue of least size, in (-p/2, p/2). */
export function centred(value: bigint, p: bigint): bigint {
  const rest = mod(value, p);
  return rest > p / 2n ? rest - p : rest;
}

/** `1 / value mod p` by the extended algorithm of Euclid; p is a prime or a power of two, and value a unit. */
export function inverse(value: bigint, p: bigint): bigint {
  let [a, b, x, y] = [mod(value, p), p, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
  }
  return mod(y, p);
}

/** `base^exponent mod p`. */
export function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  for (let square = mod(base, p), rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % p) {
    if (rest & 1n) result = (result * square) % p;
  }
  return result;
}
