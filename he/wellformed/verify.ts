// Checking that ciphertexts are encryptions, before anything is added up or decrypted.

import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { decodeCiphertext, type PublicKey, type RingContext } from '../wire/ciphertext.ts';
import { equalBytes, headerBytes, MessageReader } from '../wire/message.ts';
import { cellsOf } from './cells.ts';
import { beginHash, expandChallenge } from './challenge.ts';
import { unpackResponse } from './response.ts';
import { maxCiphertexts, proofShape, repetitions, responseBytes } from './shape.ts';

/** Bytes of a proof for so many ciphertexts on the wire. */
export const encryptionProofBytes = (p: Parameters, ciphertexts: number): number =>
  headerBytes + 32 + responseBytes(p, proofShape(p, ciphertexts));

/** Ciphertexts of one submission, their proof and what the proof must be bound to. */
export interface ProvenEncryption {
  /** Under whose collective key. */
  readonly group: PublicKey;
  /** One to 32, in the order of their chunks. */
  readonly ciphertexts: readonly Uint8Array[];
  /** `encryptProven` gave it with the ciphertexts. */
  readonly proof: Uint8Array;
  /** The bytes that the proof must be bound to, which the verifier states itself. */
  readonly binding: Uint8Array;
}

/**
 * Checks that `ciphertexts` are fresh encryptions under the group's key, by someone who knows what is in
 * them and meant them for `binding`. docs/proofs/encryption.md says what that excludes exactly.
 * @throws HeError `wire` or `mismatch` for malformed or foreign bytes, `proof` where the proof does not hold.
 */
export function checkEncryption(
  context: RingContext,
  { group, ciphertexts, proof, binding }: ProvenEncryption,
): void {
  const { params, ring } = context;
  ensure(
    ciphertexts.length >= 1 && ciphertexts.length <= maxCiphertexts,
    'proof',
    () => `ciphertexts: ${ciphertexts.length} of them, but a proof is about 1 to ${maxCiphertexts}`,
  );
  const decoded = ciphertexts.map((bytes) => decodeCiphertext(context, group.id, bytes));
  for (const { weight } of decoded)
    ensure(weight === 1, 'proof', () => `ciphertext: weight ${weight}, but a fresh encryption has weight 1`);
  const shape = proofShape(params, ciphertexts.length);
  const reader = new MessageReader(proof, {
    kind: 'encryptionProof',
    params,
    bytes: encryptionProofBytes(params, ciphertexts.length),
  });
  reader.expectContext(group.id, 'key group');
  const cells = cellsOf(context, group);
  const seed = reader.take(32);
  const challenge = expandChallenge(params, seed, ciphertexts.length);
  const tables = decoded.map(({ rows }) => cells.shiftTable(rows));
  const hash = beginHash(params, { groupId: group.id, ciphertexts, binding });
  const [least, most] = [shape.ciphertexts, 2 ** shape.maskBits - 1 - shape.ciphertexts];
  for (let l = 0; l < repetitions; l++) {
    const packed = reader.take((ring.n * shape.maskBits) / 8);
    const words = unpackResponse(ring, packed, shape.maskBits);
    ensure(
      words.every((word) => word >= least && word <= most),
      'proof',
      () => `encryptionProof: a response of repetition ${l + 1} is out of range`,
    );
    cells.hash(shape, { words, hash, claim: { tables, exponents: challenge[l]! } });
  }
  reader.end();
  ensure(
    equalBytes(hash.digest(), seed),
    'proof',
    () => 'encryptionProof: does not hold for these ciphertexts and this binding; reject them',
  );
}
