// Encryption whose randomness is known to the one who encrypts, so that it can be proven. It is SEAL's algorithm:
//
//   x0 = b u + e0, x1 = a u + e1 modulo Q P;   c_k = (x_k - [x_k]_P) / P + (k = 0: round(Q m / t))   modulo Q
//
// with u ternary, e_k centred binomial and [.]_P the centred residue: decryption, noise and wire form are the same.

import type { KeyGroup } from '../keys/group.ts';
import { keyPrimes } from '../keys/party.ts';
import { inverse } from '../ring/primes.ts';
import type { Row } from '../ring/ring.ts';
import { centredBinomial, ternary } from '../sampling/small.ts';
import type { ByteStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';

/** The small integers that make a ciphertext what it is; all below 2^44 in size. See relation.ts. */
export interface Witness {
  /** Ternary. */
  readonly u: Float64Array;
  /** f = e1 - [x1]_P. */
  readonly f: Float64Array;
  /** g = t (e0 - [x0]_P) - P [Q m]_t. */
  readonly g: Float64Array;
}

/** Centred representative of each residue modulo P. */
function centred(row: Row, modulus: bigint): Int32Array {
  const p = Number(modulus);
  return Int32Array.from(row, (value) => (Number(value) > p / 2 ? Number(value) - p : Number(value)));
}

/** What an encryption is made of. */
export interface EncryptionParameters {
  readonly group: Pick<KeyGroup, 'publicKey'>;
  /** N plaintext coefficients in [0, t). */
  readonly plain: Uint32Array;
  /** Where u, e0 and e1 are drawn from, in this order. */
  readonly stream: ByteStream;
}

/** Encrypts N plaintext coefficients in [0, t). @returns the four rows of the ciphertext and its witness. */
export function encryptWithWitness(
  { params, ring }: RingContext,
  { group: { publicKey }, plain, stream }: EncryptionParameters,
): { rows: Row[]; witness: Witness } {
  const special = params.specialPrime;
  const t = params.plainModulus;
  const u = ternary(stream, ring.n);
  const uRows = keyPrimes.map((prime) => ring.forward(ring.fromSigned(u, prime), prime));
  const halves = [0, 1].map((half) => {
    const e = centredBinomial(stream, ring.n);
    const x = keyPrimes.map((prime) => {
      const product = ring.multiply(uRows[prime]!.slice(), publicKey[3 * half + prime]!, prime);
      return ring.add(ring.inverse(product, prime), ring.fromSigned(e, prime), prime);
    });
    const dropped = centred(x[2]!, special);
    const rows = [0, 1].map((prime) => {
      const exact = ring.subtract(x[prime]!, ring.fromSigned(dropped, prime), prime);
      return ring.scaleAdd(exact, inverse(special, ring.primes[prime]!), ring.zero(), prime);
    });
    return { rows, residual: e.map((value, index) => value - dropped[index]!) };
  });
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
    ring.subtract(halves[0]!.rows[prime]!, scaled, prime);
  }
  const g = Float64Array.from(
    halves[0]!.residual,
    (value, index) => tNumber * value - Number(special) * rest[index]!,
  );
  return {
    rows: [...halves[0]!.rows, ...halves[1]!.rows],
    witness: { u: Float64Array.from(u), f: Float64Array.from(halves[1]!.residual), g },
  };
}
