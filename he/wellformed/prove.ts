// Proving that ciphertexts are encryptions: one proof for all chunks of a submission, which only their
// maker can give.
//
//   header | challenge seed (32) | z_1 | ... | z_r      each N words z + 2^(maskBits - 1) - 1 at maskBits each
//
// docs/proofs/encryption.md has the protocol, its theorem, and why an attempt that is repeated tells nothing.

import { randomBytes } from 'node:crypto';
import type { ChunkVector } from '@murmuration/core';
import { encodeChunk } from '../encoding.ts';
import { ensure } from '../errors.ts';
import { type ByteStream, keyedStream } from '../sampling/stream.ts';
import { encodeCiphertext, type PublicKey, type RingContext } from '../wire/ciphertext.ts';
import { encodeMessage } from '../wire/message.ts';
import { cellsOf } from './cells.ts';
import { beginHash, type Exponents, expandChallenge } from './challenge.ts';
import { encryptWithWitness, type Witness } from './encrypt.ts';
import { Margins } from './margins.ts';
import { addShifted } from './monomial.ts';
import { packResponse } from './response.ts';
import { maxCiphertexts, type ProofShape, proofShape, repetitions } from './shape.ts';

/** Freshly encrypted chunks, and one proof for all of them. */
export interface ProvenCiphertexts {
  /** One a chunk, of weight 1, on the wire. */
  readonly ciphertexts: readonly Uint8Array<ArrayBuffer>[];
  /** `encryptionProofBytes` long. */
  readonly proof: Uint8Array<ArrayBuffer>;
}

/** Uniform masks as words y + 2^(maskBits - 1) - 1. */
function drawMask(stream: ByteStream, n: number, { maskBits }: ProofShape): Uint32Array {
  const bytes = stream(4 * n);
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 4 * n));
  const mask = 2 ** maskBits - 1;
  return words.map((word) => word & mask);
}

/**
 * The response words of one repetition.
 * @returns undefined where one of them would tell about u: the masks' ends, which not every u can reach.
 */
export function respond(
  mask: Uint32Array,
  secret: {
    readonly us: readonly Int32Array[];
    readonly exponents: Exponents;
    readonly shape: ProofShape;
  },
): Uint32Array | undefined {
  const { us, exponents } = secret;
  const { maskBits, ciphertexts } = secret.shape;
  const shift = new Int32Array(mask.length);
  for (const [j, u] of us.entries()) addShifted(shift, u, exponents[j]!);
  const top = 2 ** maskBits - 1 - ciphertexts;
  const words = new Uint32Array(mask.length);
  for (let j = 0; j < mask.length; j++) {
    const word = mask[j]! + shift[j]!;
    if (word < ciphertexts || word > top) return undefined;
    words[j] = word;
  }
  return words;
}

/**
 * A proof for the claim's ciphertexts, whose rows come of `witnesses`. Witnesses that break the relation
 * give a proof that does not verify. Attempts are made until the responses tell nothing about the
 * witnesses: two to three on average.
 */
export function proveEncryption(
  context: RingContext,
  parameters: {
    readonly group: PublicKey;
    readonly ciphertexts: readonly Uint8Array[];
    readonly witnesses: readonly Witness[];
    readonly binding: Uint8Array;
    readonly stream: ByteStream;
  },
): Uint8Array<ArrayBuffer> {
  const { params, ring } = context;
  const { group, ciphertexts, witnesses, binding, stream } = parameters;
  const shape = proofShape(params, witnesses.length);
  const cells = cellsOf(context, group);
  const us = witnesses.map(({ u }) => u);
  for (;;) {
    const hash = beginHash(params, { groupId: group.id, ciphertexts, binding });
    const margins = Array.from({ length: repetitions }, () => new Margins(params, shape));
    const masks = margins.map((margin) => {
      const mask = drawMask(stream, ring.n, shape);
      cells.hash(shape, { words: mask, hash, visit: (half, values) => margin.note(half, values) });
      return mask;
    });
    const seed = new Uint8Array(hash.digest());
    const challenge = expandChallenge(params, seed, witnesses.length);
    const responses = masks.map((mask, l) => respond(mask, { us, exponents: challenge[l]!, shape }));
    if (!responses.every((words) => words !== undefined)) continue;
    if (!margins.every((margin, l) => margin.hold(witnesses, challenge[l]!))) continue;
    const packed = responses.map((words) => packResponse(ring, words, shape.maskBits));
    return encodeMessage('encryptionProof', params, group.id, seed, ...packed);
  }
}

/** What is encrypted, for whom and for what. */
export interface ChunksToProve {
  /** Under whose collective key. */
  readonly group: PublicKey;
  /** One to 32 chunks of one submission, each of K coordinates |u| <= 2^(b-1) - 1 and a fresh blinding. */
  readonly vectors: readonly ChunkVector[];
  /**
   * What the proof shall be good for and nothing else, at most 1024 bytes: chain, task, round and trainer,
   * say. Nobody can use the ciphertexts under another binding, nor some of them without the others.
   */
  readonly binding: Uint8Array;
}

/**
 * Encrypts the chunks of a submission under the collective key and proves that it did.
 * @throws HeError `argument` for a coordinate or a blinding out of range, or no or too many chunks.
 */
export function encryptProven(
  context: RingContext,
  { group, vectors, binding }: ChunksToProve,
): ProvenCiphertexts {
  ensure(
    vectors.length >= 1 && vectors.length <= maxCiphertexts,
    'argument',
    () => `vectors: ${vectors.length} chunks, but a proof is about 1 to ${maxCiphertexts}`,
  );
  const stream = keyedStream(randomBytes(32));
  const encrypted = vectors.map((vector) =>
    encryptWithWitness(context, { group, plain: encodeChunk(context.params, vector), stream }),
  );
  const ciphertexts = encrypted.map(({ rows }) => encodeCiphertext(context, group.id, { weight: 1, rows }));
  const witnesses = encrypted.map(({ witness }) => witness);
  return { ciphertexts, proof: proveEncryption(context, { group, ciphertexts, witnesses, binding, stream }) };
}
