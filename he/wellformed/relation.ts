// The relation that an encryption proof is about, its bounds, and the challenge.
//
// A ciphertext (c0, c1) under the key (b, a) is well formed if there are small u, f, g with
//
//   P c1 = a u + f,      t P c0 = t b u + g      modulo Q P, so that both right sides are 0 modulo P
//
// |u| <= 1, |f| <= P / 2 + 21, |g| <= t P + 21 t. With b = -(a s + e),
//
//   t P (c0 + c1 s) = S = -t e u + g + t s f;
//
// S is small and a multiple of P, so c0 + c1 s is a multiple of Q / t, which g alone fixes, plus the noise
// S / (t P). Modulo Q alone the relation would say nothing: f = 1 "proves" c1 = 1 / P, whose phase is s times
// a multiple of Q / P.
//
// The proof is Lyubashevsky's identification with aborts (ASIACRYPT 2009) made non-interactive: masks y are
// uniform in [-B, B], commitment w = (t b y_u + y_g, a y_u + y_f) modulo Q P, a challenge c, response
// z = y + c x, refused unless |z| <= B - 42 bound, which makes z uniform whatever x is, since
// |c x| <= 42 |x|. B is 64 N bound, so about exp(-3 * 42 / 64) = 14 % of all attempts pass.
//
// The challenge is 64 coefficients of -1, 0 or 1 in front, of which at most 36 are not 0, and 6 signs at
// distinct places above. A cheater who cannot answer two challenges may still answer all of one residue class
// modulo an ideal: with c1 off by (1 + X)^(N - m) / 2, those of a class modulo (2, (1 + X)^m), as X^N + 1 is
// (1 + X)^N there; opened, such a c1 shows m parities of the key. Sixteen signs anywhere, a usual challenge,
// fall into one class with 2^-27.6 for m = 64 and 2^-75 for m = 2048. Here the first 64 parities are uniform
// but for the limit of 36, so a class has at most 1.15 * 2^-m, and beyond m = 64 not more than for 64: 2^k
// hashes buy k bits of this kind while k <= 64. No challenge is more likely than 2^-132.

import { createHash } from 'node:crypto';
import { ensure } from '../errors.ts';
import { keyPrimes } from '../keys/party.ts';
import type { Parameters } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import { publicStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, packRows, u16 } from '../wire/message.ts';

/** Coefficients of the challenge whose parities are uniform. */
export const denseLength = 64;
/** How many of the dense coefficients are not zero, at most. */
export const denseWeight = 36;
/** Further signs, at distinct places above the dense ones. */
export const sparseWeight = 6;
/** Sum of a challenge's absolute values, at most. */
export const challengeNorm = denseWeight + sparseWeight;

/** The parts of a witness. */
export const parts = ['u', 'f', 'g'] as const;
export type Part = (typeof parts)[number];

/** Largest absolute value of each part of an honest witness. */
export function witnessBounds(p: Parameters): Record<Part, number> {
  const [t, special] = [Number(p.plainModulus), Number(p.specialPrime)];
  return { u: 1, f: special / 2 + 21, g: t * special + 21 * t };
}

/** Bounds of one part. */
export interface PartBounds {
  /** B: masks are uniform in [-B, B]. */
  readonly mask: bigint;
  /** The largest |z| that a proof may show. */
  readonly response: bigint;
  /** Bits of z + response. */
  readonly bits: number;
}

/**
 * The bounds of each part.
 * @throws HeError `parameter` where the kernel's words are too short for them.
 */
export function maskBounds(p: Parameters): Record<Part, PartBounds> {
  const bounds = witnessBounds(p);
  const of = (part: Part) => {
    const bound = BigInt(Math.ceil(bounds[part]));
    const mask = 64n * BigInt(p.ringDegree) * bound;
    const response = mask - BigInt(challengeNorm) * bound;
    return { mask, response, bits: (2n * response).toString(2).length };
  };
  const all = { u: of('u'), f: of('f'), g: of('g') };
  ensure(
    all.g.mask < 1n << 62n && all.f.bits <= 50,
    'parameter',
    () =>
      `specialPrime is ${p.specialPrime}, but encryption proofs at N = ${p.ringDegree} need ` +
      '64 N t P below 2^62 and 64 N P below 2^50',
    'Take a smaller prime.',
  );
  return all;
}

/** A challenge: signs at distinct places, all other coefficients zero. */
export type Challenge = readonly { readonly place: number; readonly sign: 1 | -1 }[];

/** Derives the challenge from 32 bytes. */
export function expandChallenge(p: Parameters, seed: Uint8Array): Challenge {
  const stream = publicStream(concat(new TextEncoder().encode('murmuration/v1/he/challenge'), seed));
  const sign = (bit: number) => (bit & 1 ? 1 : -1);
  for (;;) {
    // Of each pair of bits, the lower says whether there is a sign, the upper which.
    const dense = Array.from(stream(denseLength / 4), (byte) => [byte, byte >> 2, byte >> 4, byte >> 6])
      .flat()
      .flatMap((bits, place) => (bits & 1 ? [{ place, sign: sign(bits >> 1) } as const] : []));
    if (dense.length > denseWeight) continue;
    const sparse = new Map<number, 1 | -1>();
    while (sparse.size < sparseWeight) {
      const [low, high, bit] = stream(3);
      const place = (low! | (high! << 8)) % p.ringDegree;
      if (place >= denseLength && !sparse.has(place)) sparse.set(place, sign(bit!));
    }
    return [...dense, ...Array.from(sparse, ([place, sign]) => ({ place, sign }))];
  }
}

/** Everything that a proof is about. */
export interface ProofSubject {
  readonly groupId: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** At most 1024 bytes. */
  readonly binding: Uint8Array;
  /** w0, then w1, each modulo q0, q1 and P. */
  readonly commitment: readonly Row[];
}

/** The Fiat-Shamir hash over everything that the proof is about. */
export function challengeSeed(
  { params, ring }: RingContext,
  { groupId, ciphertext, binding, commitment }: ProofSubject,
): Uint8Array<ArrayBuffer> {
  ensure(
    binding.length <= 1024,
    'argument',
    () => `binding is of ${binding.length} bytes, but it has at most 1024`,
  );
  const hash = createHash('sha256')
    .update('murmuration/v1/he/encryption-proof')
    .update(params.id)
    .update(groupId)
    .update(createHash('sha256').update(ciphertext).digest())
    .update(u16(binding.length))
    .update(binding)
    .update(packRows(ring, commitment, [...keyPrimes, ...keyPrimes]));
  return new Uint8Array(hash.digest());
}

/**
 * What a commitment is computed from: by the prover from masks, by the verifier from responses and the claim.
 */
export interface CommitmentParameters {
  readonly publicKey: readonly Row[];
  /** Masks or responses as words, each plus its offset. */
  readonly values: Readonly<Record<Part, Row>>;
  readonly offsets: Readonly<Record<Part, bigint>>;
  /** The challenge and the ciphertext's rows; absent for the prover's commitment. */
  readonly claim?: { readonly challenge: Challenge; readonly rows: readonly Row[] };
}

/**
 * w0, then w1, each modulo q0, q1 and P, from responses or masks as words plus offset. Without a ciphertext,
 * c x is absent; modulo P it is absent anyway, P c1 and t P c0 being 0.
 */
export function commitmentRows(
  { params, ring }: RingContext,
  { publicKey, values, offsets, claim }: CommitmentParameters,
): Row[] {
  const signs = new Int32Array(ring.n);
  for (const { place, sign } of claim?.challenge ?? []) signs[place] = sign;
  const rows = keyPrimes.map((prime) => {
    const q = ring.primes[prime]!;
    const small = (part: Part) => ring.reduceFrom(values[part], offsets[part], prime);
    const u = ring.forward(small('u'), prime);
    const claimed = q === params.specialPrime ? undefined : claim;
    const c = claimed && ring.forward(ring.fromSigned(signs, prime), prime);
    return (['g', 'f'] as const).map((part, half) => {
      const sum = ring.multiply(u.slice(), publicKey[3 * half + prime]!, prime);
      if (c && claimed) {
        const row = ring.forward(claimed.rows[2 * half + prime]!.slice(), prime);
        const product = ring.multiply(row, c, prime);
        ring.subtract(sum, ring.scaleAdd(product, params.specialPrime % q, ring.zero(), prime), prime);
      }
      const scale = half === 0 ? params.plainModulus % q : 1n;
      return ring.scaleAdd(ring.inverse(sum, prime), scale, small(part), prime);
    });
  });
  return [0, 1].flatMap((half) => rows.map((row) => row[half]!));
}
