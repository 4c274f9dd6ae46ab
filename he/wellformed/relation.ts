// The relation that an encryption proof is about, its bounds, and the challenge.
//
// A ciphertext (c0, c1) under the key (b, a) is well formed if there are small u, f, g with
//
//   P c1 = a u + f,      t P c0 = t b u + g      (mod Q)
//
// |u| <= 1, |f| <= P / 2 + 21, |g| <= t P + 21 t: then c0 + c1 s is a plaintext's multiple of Q / t plus small noise.
// The proof is Lyubashevsky's identification with aborts (ASIACRYPT 2009) made non-interactive: masks y uniform
// in [-B, B], commitment w = (a y_u + y_f, t b y_u + y_g), a challenge c of 16 signs at 16 places, response
// z = y + c x, refused unless |z| <= B - 16 bound, which makes z uniform whatever x is. B = 4 N * 16 bound, so
// about half of all attempts pass.

import { createHash } from 'node:crypto';
import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import { publicStream } from '../sampling/stream.ts';
import type { RingContext } from '../wire/ciphertext.ts';
import { concat, packRows, u16 } from '../wire/message.ts';

/** Signs in a challenge: at N = 4096 there are 2^163 challenges. */
export const challengeWeight = 16;

export const parts = ['u', 'f', 'g'] as const;
export type Part = (typeof parts)[number];

/** Largest absolute value of each part of an honest witness. */
export function witnessBounds(p: Parameters): Record<Part, number> {
  const [t, special] = [Number(p.plainModulus), Number(p.specialPrime)];
  return { u: 1, f: special / 2 + 21, g: t * special + 21 * t };
}

/** B, the mask of each part, and the largest |z| that a proof may show: both integers below 2^62. */
export function maskBounds(p: Parameters): Record<Part, { mask: bigint; response: bigint; bits: number }> {
  const bounds = witnessBounds(p);
  const of = (part: Part) => {
    const shift = BigInt(challengeWeight) * BigInt(Math.ceil(bounds[part]));
    const mask = 4n * BigInt(p.ringDegree) * shift;
    const response = mask - shift;
    return { mask, response, bits: (2n * response).toString(2).length };
  };
  return { u: of('u'), f: of('f'), g: of('g') };
}

/** A challenge: signs at distinct places. */
export type Challenge = readonly { readonly place: number; readonly sign: 1 | -1 }[];

/** Derives the challenge from 32 bytes. */
export function expandChallenge(p: Parameters, seed: Uint8Array): Challenge {
  const stream = publicStream(concat(new TextEncoder().encode('murmuration/v1/he/challenge'), seed));
  const signs = new Map<number, 1 | -1>();
  while (signs.size < challengeWeight) {
    const [low, high, sign] = stream(3);
    const place = (low! | (high! << 8)) % p.ringDegree;
    if (!signs.has(place)) signs.set(place, sign! & 1 ? 1 : -1);
  }
  return Array.from(signs, ([place, sign]) => ({ place, sign }));
}

/** The Fiat-Shamir hash over everything that the proof is about. */
export function challengeSeed(
  { params, ring }: RingContext,
  federation: Uint8Array,
  ciphertext: Uint8Array,
  binding: Uint8Array,
  commitment: readonly Row[],
): Uint8Array<ArrayBuffer> {
  ensure(binding.length <= 1024, 'argument', () => `binding: ${binding.length} bytes, expected at most 1024`);
  const hash = createHash('sha256')
    .update('murmuration/v1/he/encryption-proof')
    .update(params.id)
    .update(federation)
    .update(createHash('sha256').update(ciphertext).digest())
    .update(u16(binding.length))
    .update(binding)
    .update(packRows(ring, commitment, [0, 1, 0, 1]));
  return new Uint8Array(hash.digest());
}

/** w0 mod q0, q1, then w1 mod q0, q1, from responses or masks as words plus offset. Without a ciphertext, c x is absent. */
export function commitmentRows(
  { params, ring }: RingContext,
  publicKey: readonly Row[],
  values: Record<Part, Row>,
  offsets: Record<Part, bigint>,
  claim?: { readonly challenge: Challenge; readonly rows: readonly Row[] },
): Row[] {
  const signs = new Int32Array(ring.n);
  for (const { place, sign } of claim?.challenge ?? []) signs[place] = sign;
  const rows = [0, 1].map((prime) => {
    const q = ring.primes[prime]!;
    const small = (part: Part) => ring.reduceFrom(values[part], offsets[part], prime);
    const u = ring.forward(small('u'), prime);
    const c = claim && ring.forward(ring.fromSigned(signs, prime), prime);
    return (['g', 'f'] as const).map((part, half) => {
      const sum = ring.multiply(u.slice(), publicKey[3 * half + prime]!, prime);
      if (c && claim) {
        const claimed = ring.multiply(ring.forward(claim.rows[2 * half + prime]!.slice(), prime), c, prime);
        const scaled = ring.scaleAdd(claimed, params.specialPrime % q, ring.zero(), prime);
        ring.subtract(sum, scaled, prime);
      }
      const scale = half === 0 ? params.plainModulus : 1n;
      return ring.scaleAdd(ring.inverse(sum, prime), scale, small(part), prime);
    });
  });
  return [rows[0]![0]!, rows[1]![0]!, rows[0]![1]!, rows[1]![1]!];
}
