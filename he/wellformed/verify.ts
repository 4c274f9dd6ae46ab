// Verifying that a ciphertext is an encryption: two milliseconds, before anything is added up or decrypted.

import { ensure } from '../errors.ts';
import type { KeyGroup } from '../keys/group.ts';
import type { Parameters } from '../parameters.ts';
import type { Row } from '../ring/ring.ts';
import { decodeCiphertext, type RingContext } from '../wire/ciphertext.ts';
import { equalBytes, headerBytes, MessageReader } from '../wire/message.ts';
import { splitBits } from './prove.ts';
import { challengeSeed, commitmentRows, expandChallenge, maskBounds, parts } from './relation.ts';

/** Bytes of a proof on the wire. */
export function encryptionProofBytes(p: Parameters): number {
  const bounds = maskBounds(p);
  return headerBytes + 32 + (p.ringDegree * parts.reduce((sum, part) => sum + bounds[part].bits, 0)) / 8;
}

/** A ciphertext, its proof and what the proof must be bound to. */
export interface ProvenEncryption {
  /** The group under whose key the ciphertext must be. */
  readonly group: KeyGroup;
  /** A ciphertext on the wire, of weight 1. */
  readonly ciphertext: Uint8Array;
  /** What `encryptProven` gave with it. */
  readonly proof: Uint8Array;
  /** The bytes that the proof must be bound to, which the verifier states itself. */
  readonly binding: Uint8Array;
}

/**
 * Checks that `ciphertext` is a fresh encryption under the key group's key, made for `binding` by a party
 * that knows its plaintext. The README says what that excludes exactly.
 * @throws HeError `wire` or `mismatch` for malformed or foreign bytes, `proof` where the proof does not hold.
 */
export function checkEncryption(
  context: RingContext,
  { group, ciphertext, proof, binding }: ProvenEncryption,
): void {
  const { params, ring } = context;
  const { weight, rows } = decodeCiphertext(context, group.id, ciphertext);
  ensure(
    weight === 1,
    'proof',
    () => `the weight of the ciphertext is ${weight}, but a fresh encryption has weight 1`,
  );
  const reader = new MessageReader(proof, {
    kind: 'encryptionProof',
    params,
    bytes: encryptionProofBytes(params),
  });
  reader.expectContext(group.id, 'key group');
  const seed = reader.take(32);
  const bounds = maskBounds(params);
  const read = (bits: number): Row => ring.unpackWords(reader.take((ring.n * bits) / 8), ring.n, bits);
  const [u, f, low, high] = [bounds.u.bits, bounds.f.bits, splitBits, bounds.g.bits - splitBits].map(read);
  reader.end();
  const g = low!.map((word, index) => word | (high![index]! << BigInt(splitBits)));
  const responses = { u: u!, f: f!, g };
  for (const part of parts) {
    const limit = 2n * bounds[part].response;
    ensure(
      responses[part].every((word) => word <= limit),
      'proof',
      () =>
        `a response z_${part} of the proof is too large, but |z_${part}| is at most ${bounds[part].response}`,
    );
  }
  const offsets = { u: bounds.u.response, f: bounds.f.response, g: bounds.g.response };
  const challenge = expandChallenge(params, seed);
  const commitment = commitmentRows(context, {
    publicKey: group.publicKey,
    values: responses,
    offsets,
    claim: { challenge, rows },
  });
  ensure(
    equalBytes(challengeSeed(context, { groupId: group.id, ciphertext, binding, commitment }), seed),
    'proof',
    () => 'the encryption proof does not hold for this ciphertext and binding',
    'Reject the ciphertext.',
  );
}
