// Encryption whose randomness is known to the one who encrypts, so that it can be proven. It is SEAL's
// algorithm, in SEAL's form, but not SEAL's code, which does not hand out u, e0 and e1:
//
//   x0 = b u + e0, x1 = a u + e1 modulo Q P;   c_k = (x_k - [x_k]_P) / P + (k = 0: round(Q m / T))   modulo Q
//
// with u ternary, e_k centred binomial and [.]_P the centred residue. T = 2 t, since sums are doubled
// before they are decrypted (docs/proofs/encryption.md). For equal u, e0 and e1 the ciphertext is SEAL's,
// bit for bit (test/he/same_as_seal.test.ts).

import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import { centredBinomial, ternary } from '../sampling/small.ts';
import type { ByteStream } from '../sampling/stream.ts';
import { keyPrimes, type PublicKey, type RingContext } from '../wire/ciphertext.ts';

/** What makes an encryption differ from any other of the same plaintext: N small integers each. */
export interface Randomness {
  /** -1, 0 or 1. */
  readonly u: Int32Array;
  /** |e0| <= 21. */
  readonly e0: Int32Array;
  /** |e1| <= 21. */
  readonly e1: Int32Array;
}

/** The small integers that make a ciphertext what it is; N of each. */
export interface Witness {
  /** -1, 0 or 1. */
  readonly u: Int32Array;
  /** d_k = e_k - [x_k]_P for k = 0, 1, at most P / 2 + 21 in size: P c1 = a u + d_1. */
  readonly residuals: readonly [Int32Array, Int32Array];
  /** [Q m]_T in [-T / 2, T / 2): T P c0 = T (b u + d_0) - P [Q m]_T. */
  readonly rounding: Int32Array;
}

/** A ciphertext's rows and what they are made of. */
export interface WitnessedEncryption {
  /** c0 mod q0, c0 mod q1, c1 mod q0, c1 mod q1. */
  readonly rows: Row[];
  readonly witness: Witness;
}

/** Randomness of N coefficients as SEAL distributes it, drawn in the order u, e0, e1. */
export const drawRandomness = (stream: ByteStream, n: number): Randomness => ({
  u: ternary(stream, n),
  e0: centredBinomial(stream, n),
  e1: centredBinomial(stream, n),
});

/** Centred representative of each residue modulo P < 2^31. */
function centred(row: Row, modulus: bigint): Int32Array {
  const p = Number(modulus);
  const halves = new Int32Array(row.buffer, row.byteOffset, 2 * row.length);
  const values = new Int32Array(row.length);
  for (let j = 0; j < values.length; j++) {
    const value = halves[2 * j]!;
    values[j] = value > p / 2 ? value - p : value;
  }
  return values;
}

/**
 * (x - [x]_P) / P modulo q0 and q1, and [x]_P, centred.
 * @param x over the three primes, in coefficient form; overwritten.
 */
export function divideBySpecial({ params, ring }: RingContext, x: readonly Row[]) {
  const dropped = centred(x[2]!, params.specialPrime);
  const rows = [0, 1].map((prime) => {
    const exact = ring.subtract(x[prime]!, ring.fromSigned(dropped, prime), prime);
    return ring.scaleAdd(exact, inverse(params.specialPrime, ring.primes[prime]!), ring.zero(), prime);
  });
  return { rows, dropped };
}

/** Encrypts with the given randomness. @param parameters with `plain`: N plaintext coefficients in [0, t). */
export function encryptUsing(
  { params, ring }: RingContext,
  parameters: {
    readonly group: Pick<PublicKey, 'publicKey'>;
    readonly plain: Uint32Array;
    readonly randomness: Randomness;
  },
): WitnessedEncryption {
  const { plain, randomness } = parameters;
  const { publicKey } = parameters.group;
  const { u, e0, e1 } = randomness;
  const T = params.encodingModulus;
  const uRows = keyPrimes.map((prime) => ring.forward(ring.fromSigned(u, prime), prime));
  const half = (e: Int32Array, which: 0 | 1) => {
    const x = keyPrimes.map((prime) => {
      const product = ring.multiply(uRows[prime]!.slice(), publicKey[3 * which + prime]!, prime);
      return ring.add(ring.inverse(product, prime), ring.fromSigned(e, prime), prime);
    });
    const { rows, dropped } = divideBySpecial({ params, ring }, x);
    return { rows, residual: e.map((value, index) => value - dropped[index]!) };
  };
  const [first, second] = [half(e0, 0), half(e1, 1)];
  // round(Q m / T) = (Q m - [Q m]_T) / T, of which modulo q only -[Q m]_T / T remains.
  const remainder = params.modulus % T;
  const rounding = Int32Array.from(plain, (m) => {
    const product = (BigInt(m) * remainder) % T;
    return Number(2n * product >= T ? product - T : product);
  });
  for (const prime of [0, 1]) {
    const q = ring.primes[prime]!;
    const scaled = ring.scaleAdd(ring.fromSigned(rounding, prime), inverse(T, q), ring.zero(), prime);
    ring.subtract(first.rows[prime]!, scaled, prime);
  }
  return {
    rows: [...first.rows, ...second.rows],
    witness: { u, residuals: [first.residual, second.residual], rounding },
  };
}

/**
 * Encrypts with randomness from a stream.
 * @param parameters with `plain`: N plaintext coefficients in [0, t).
 */
export function encryptWithWitness(
  context: RingContext,
  parameters: {
    readonly group: Pick<PublicKey, 'publicKey'>;
    readonly plain: Uint32Array;
    readonly stream: ByteStream;
  },
): WitnessedEncryption {
  const { group, plain, stream } = parameters;
  return encryptUsing(context, { group, plain, randomness: drawRandomness(stream, context.ring.n) });
}
