// Encryption whose randomness is known to the one who encrypts, so that it can be proven. It is SEAL's
// algorithm, in SEAL's form, but not SEAL's code, which does not hand out u, e0 and e1:
//
//   x0 = b u + e0, x1 = a u + e1 modulo Q P;   c_k = (x_k - [x_k]_P) / P + (k = 0: round(Q m / t))   modulo Q
//
// with u ternary, e_k centred binomial and [.]_P the centred residue. For equal u, e0 and e1 the ciphertext
// is SEAL's, bit for bit (test/he/same_as_seal.test.ts).

import type { KeyGroup } from '../keys/group.ts';
import { keyPrimes } from '../keys/party.ts';
import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import { centredBinomial, ternary } from '../sampling/small.ts';
import type { ByteStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';

/** What makes an encryption differ from any other of the same plaintext: N small integers each. */
export interface Randomness {
  /** -1, 0 or 1. */
  readonly u: Int32Array;
  /** |e0| <= 21. */
  readonly e0: Int32Array;
  /** |e1| <= 21. */
  readonly e1: Int32Array;
}

/** The small integers that make a ciphertext what it is; all below 2^44 in size. See relation.ts. */
export interface Witness {
  /** Ternary. */
  readonly u: Float64Array;
  /** f = e1 - [x1]_P. */
  readonly f: Float64Array;
  /** g = t (e0 - [x0]_P) - P [Q m]_t. */
  readonly g: Float64Array;
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

/** Centred representative of each residue modulo P. */
function centred(row: Row, modulus: bigint): Int32Array {
  const p = Number(modulus);
  return Int32Array.from(row, (value) => (Number(value) > p / 2 ? Number(value) - p : Number(value)));
}

/** Encrypts with the given randomness. @param parameters with `plain`: N plaintext coefficients in [0, t). */
export function encryptUsing(
  { params, ring }: RingContext,
  parameters: {
    readonly group: Pick<KeyGroup, 'publicKey'>;
    readonly plain: Uint32Array;
    readonly randomness: Randomness;
  },
): WitnessedEncryption {
  const { plain, randomness } = parameters;
  const { publicKey } = parameters.group;
  const { u, e0, e1 } = randomness;
  const special = params.specialPrime;
  const t = params.plainModulus;
  const uRows = keyPrimes.map((prime) => ring.forward(ring.fromSigned(u, prime), prime));
  const half = (e: Int32Array, which: 0 | 1) => {
    const x = keyPrimes.map((prime) => {
      const product = ring.multiply(uRows[prime]!.slice(), publicKey[3 * which + prime]!, prime);
      return ring.add(ring.inverse(product, prime), ring.fromSigned(e, prime), prime);
    });
    const dropped = centred(x[2]!, special);
    const rows = [0, 1].map((prime) => {
      const exact = ring.subtract(x[prime]!, ring.fromSigned(dropped, prime), prime);
      return ring.scaleAdd(exact, inverse(special, ring.primes[prime]!), ring.zero(), prime);
    });
    return { rows, residual: e.map((value, index) => value - dropped[index]!) };
  };
  const [first, second] = [half(e0, 0), half(e1, 1)];
  // round(Q m / t) = (Q m - [Q m]_t) / t, of which modulo q only -[Q m]_t / t remains.
  const tNumber = Number(t);
  const remainder = Number(params.modulus % t);
  const rest = Int32Array.from(plain, (m) => {
    const product = Number((BigInt(m) * BigInt(remainder)) % t);
    return product >= tNumber / 2 ? product - tNumber : product;
  });
  for (const prime of [0, 1]) {
    const q = ring.primes[prime]!;
    const scaled = ring.scaleAdd(ring.fromSigned(rest, prime), inverse(t, q), ring.zero(), prime);
    ring.subtract(first.rows[prime]!, scaled, prime);
  }
  const g = Float64Array.from(
    first.residual,
    (value, index) => tNumber * value - Number(special) * rest[index]!,
  );
  return {
    rows: [...first.rows, ...second.rows],
    witness: { u: Float64Array.from(u), f: Float64Array.from(second.residual), g },
  };
}

/**
 * Encrypts with randomness from a stream.
 * @param parameters with `plain`: N plaintext coefficients in [0, t).
 */
export function encryptWithWitness(
  context: RingContext,
  parameters: {
    readonly group: Pick<KeyGroup, 'publicKey'>;
    readonly plain: Uint32Array;
    readonly stream: ByteStream;
  },
): WitnessedEncryption {
  const { group, plain, stream } = parameters;
  return encryptUsing(context, { group, plain, randomness: drawRandomness(stream, context.ring.n) });
}
