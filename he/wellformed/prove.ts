// Proving that a ciphertext is an encryption: its bytes, and the responses that only its maker can give.
//
//   header | challenge seed (32) | z_u | z_f | z_g
//
// Each z is written plus its response bound, at its bit length; z_g in two halves.

import { randomBytes } from 'node:crypto';
import type { ChunkVector } from '@murmuration/core';
import { encodeChunk } from '../encoding.ts';
import type { KeyGroup } from '../keys/group.ts';
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
  type PartBounds,
  parts,
} from './relation.ts';

/**
 * Low bits of z_g that are packed apart from the rest, so that either half is short enough for the kernel.
 */
export const splitBits = 32;

/** A ciphertext on the wire and the proof that it is an encryption. */
export interface ProvenCiphertext {
  /** `ciphertextBytes` long, of weight 1. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  /** 58,469 bytes in a ring of 4096, 121,957 in one of 8192. */
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

/**
 * One attempt's responses z = y + c x, as z + response bound.
 * @param mask y + mask bound. @param shift c x.
 * @returns undefined where a response is beyond its bound and would tell about the witness.
 */
export function respond(
  mask: Row,
  shift: Float64Array,
  bounds: Pick<PartBounds, 'mask' | 'response'>,
): Row | undefined {
  const limit = 2n * bounds.response;
  const words = mask.map((y, index) => y - bounds.mask + BigInt(shift[index]!) + bounds.response);
  // A negative sum wraps to above 2^63, which is above the limit too.
  return words.every((word) => word <= limit) ? words : undefined;
}

/** A proof on the wire. @param proof with `responses` as z + response bound each. */
export function encodeProof(
  { params, ring }: RingContext,
  proof: { readonly groupId: Uint8Array; readonly seed: Uint8Array; readonly responses: Record<Part, Row> },
): Uint8Array<ArrayBuffer> {
  const { u, f, g } = proof.responses;
  const bounds = maskBounds(params);
  const low = g.map((word) => word & ((1n << BigInt(splitBits)) - 1n));
  const high = g.map((word) => word >> BigInt(splitBits));
  const packed = concat(
    ring.packWords(u, bounds.u.bits),
    ring.packWords(f, bounds.f.bits),
    ring.packWords(low, splitBits),
    ring.packWords(high, bounds.g.bits - splitBits),
  );
  return encodeMessage('encryptionProof', params, proof.groupId, proof.seed, packed);
}

/**
 * A proof for `ciphertext`, whose rows come of `witness`. A witness that breaks the relation gives one that
 * does not verify. Attempts are made until the responses tell nothing about the witness: seven on average.
 */
export function proveEncryption(
  context: RingContext,
  parameters: {
    readonly group: KeyGroup;
    readonly ciphertext: Uint8Array;
    readonly witness: Witness;
    readonly binding: Uint8Array;
    readonly stream: ByteStream;
  },
): Uint8Array<ArrayBuffer> {
  const { params, ring } = context;
  const { group, ciphertext, witness, binding, stream } = parameters;
  const bounds = maskBounds(params);
  const offsets = { u: bounds.u.mask, f: bounds.f.mask, g: bounds.g.mask };
  for (;;) {
    const draw = (part: Part) => ring.uniform(stream, 2n * bounds[part].mask + 1n);
    const masks = { u: draw('u'), f: draw('f'), g: draw('g') };
    const commitment = commitmentRows(context, { publicKey: group.publicKey, values: masks, offsets });
    const seed = challengeSeed(context, { groupId: group.id, ciphertext, binding, commitment });
    const challenge = expandChallenge(params, seed);
    const responses = parts.map((part) =>
      respond(masks[part], challengeTimes(challenge, witness[part]), bounds[part]),
    );
    const [u, f, g] = responses;
    if (!u || !f || !g) continue;
    return encodeProof(context, { groupId: group.id, seed, responses: { u, f, g } });
  }
}

/** What is encrypted, for whom and for what. */
export interface ChunkToProve {
  /** The group under whose key the chunk is encrypted. */
  readonly group: KeyGroup;
  /** The secret chunk: K coordinates, each |u| <= 2^(b-1) - 1, and a fresh blinding. */
  readonly vector: ChunkVector;
  /**
   * What the proof is good for and nothing else, at most 1024 bytes: chain, task, round, trainer and chunk,
   * say. Nobody can use the ciphertext under another binding.
   */
  readonly binding: Uint8Array;
}

/**
 * Encrypts a chunk under the collective key and proves that the ciphertext is an encryption.
 * @throws HeError `argument` for a chunk, a blinding or a binding out of range.
 */
export function encryptProven(
  context: RingContext,
  { group, vector, binding }: ChunkToProve,
): ProvenCiphertext {
  const stream = keyedStream(randomBytes(32));
  const plain = encodeChunk(context.params, vector);
  const { rows, witness } = encryptWithWitness(context, { group, plain, stream });
  const ciphertext = encodeCiphertext(context, group.id, { weight: 1, rows });
  const proof = proveEncryption(context, { group, ciphertext, witness, binding, stream });
  return { ciphertext, proof };
}
