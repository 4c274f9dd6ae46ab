// Proving that a ciphertext is an encryption: its bytes, and the responses that only its maker can give.
//
//   header | challenge seed (32) | z_u | z_f | z_g    each z + response bound, at its bit length; z_g in two halves

import { randomBytes } from 'node:crypto';
import { type Blinding, encodeChunk } from '../encoding.ts';
import type { Federation } from '../keys/federation.ts';
import type { Row } from '../ring/ring.ts';
import { type ByteStream, keyedStream } from '../sampling/stream.ts';
import { encodeCiphertext, type RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage } from '../wire/message.ts';
import { encryptWithWitness, type Witness } from './encrypt.ts';
import {
  type Challenge,
  challengeSeed,
  commitmentRows,
  expandChallenge,
  maskBounds,
  type Part,
  parts,
} from './relation.ts';

/** Low bits of z_g that are packed apart from the rest, so that either half is short enough for the kernel. */
export const splitBits = 32;

export interface ProvenCiphertext {
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  readonly proof: Uint8Array<ArrayBuffer>;
}

/** c x, negacyclic; exact, since 42 |x| < 2^53. */
function challengeTimes(challenge: Challenge, x: Float64Array): Float64Array {
  const product = new Float64Array(x.length);
  for (const { place, sign } of challenge)
    for (let index = 0; index < x.length; index++) {
      const at = index + place;
      if (at < x.length) product[at]! += sign * x[index]!;
      else product[at - x.length]! -= sign * x[index]!;
    }
  return product;
}

/** One attempt's responses as z + response bound, or undefined where one of them would tell about the witness. */
function respond(
  mask: Row,
  shift: Float64Array,
  bounds: { mask: bigint; response: bigint },
): Row | undefined {
  const limit = 2n * bounds.response;
  const words = mask.map((y, index) => y - bounds.mask + BigInt(shift[index]!) + bounds.response);
  // A negative sum wraps to above 2^63, which is above the limit too.
  return words.every((word) => word <= limit) ? words : undefined;
}

/** A proof on the wire. @param responses each z + response bound. */
export function encodeProof(
  { params, ring }: RingContext,
  federation: Uint8Array,
  seed: Uint8Array,
  { u, f, g }: Readonly<Record<Part, Row>>,
): Uint8Array<ArrayBuffer> {
  const bounds = maskBounds(params);
  const low = g.map((word) => word & ((1n << BigInt(splitBits)) - 1n));
  const high = g.map((word) => word >> BigInt(splitBits));
  const packed = concat(
    ring.packWords(u, bounds.u.bits),
    ring.packWords(f, bounds.f.bits),
    ring.packWords(low, splitBits),
    ring.packWords(high, bounds.g.bits - splitBits),
  );
  return encodeMessage('encryptionProof', params, federation, seed, packed);
}

/**
 * A proof for `ciphertext`, whose rows come of `witness`. A witness that breaks the relation gives one that does not verify.
 * Attempts are made until the responses tell nothing about the witness: seven on average.
 */
export function proveEncryption(
  context: RingContext,
  federation: Federation,
  ciphertext: Uint8Array,
  witness: Witness,
  binding: Uint8Array,
  stream: ByteStream,
): Uint8Array<ArrayBuffer> {
  const { params, ring } = context;
  const bounds = maskBounds(params);
  const offsets = { u: bounds.u.mask, f: bounds.f.mask, g: bounds.g.mask };
  for (;;) {
    const draw = (part: Part) => ring.uniform(stream, 2n * bounds[part].mask + 1n);
    const masks = { u: draw('u'), f: draw('f'), g: draw('g') };
    const commitment = commitmentRows(context, federation.publicKey, masks, offsets);
    const seed = challengeSeed(context, federation.id, ciphertext, binding, commitment);
    const challenge = expandChallenge(params, seed);
    const responses = parts.map((part) =>
      respond(masks[part], challengeTimes(challenge, witness[part]), bounds[part]),
    );
    const [u, f, g] = responses;
    if (!u || !f || !g) continue;
    return encodeProof(context, federation.id, seed, { u, f, g });
  }
}

/**
 * Encrypts a chunk under the collective key and proves that it did.
 *
 * @param binding what the proof shall be good for and nothing else, at most 1024 bytes: chain, task, round, trainer and
 *   chunk, say. Nobody can use the ciphertext under another binding.
 * @throws HeError `argument` for a chunk or a blinding out of range.
 */
export function encryptProven(
  context: RingContext,
  federation: Federation,
  coordinates: Int32Array,
  rho: Blinding,
  binding: Uint8Array,
): ProvenCiphertext {
  const stream = keyedStream(randomBytes(32));
  const plain = encodeChunk(context.params, coordinates, rho);
  const { rows, witness } = encryptWithWitness(context, federation, plain, stream);
  const ciphertext = encodeCiphertext(context, federation.id, { weight: 1, rows });
  return { ciphertext, proof: proveEncryption(context, federation, ciphertext, witness, binding, stream) };
}
