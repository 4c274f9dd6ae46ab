// What trainers call to encrypt, and what anyone calls to check an encryption.

import type { ChunkVector } from '@murmuration/core';
import type { KeyGroup } from '../keys/group.ts';
import type { ChunksToProve, ProvenCiphertexts } from '../wellformed/prove.ts';
import type { ProvenEncryption } from '../wellformed/verify.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Encrypts chunks under a key group's collective key by SEAL itself, without a proof. */
export interface Encryptor {
  /**
   * One chunk as a ciphertext on the wire, `ciphertextBytes` long and of weight 1.
   * @throws HeError `argument` for a chunk or a blinding out of range, or after {@link close}.
   */
  encryptChunk(vector: ChunkVector): Bytes;

  /** Frees what SEAL holds. An encryptor that is not closed holds some 1 MiB of WebAssembly memory. */
  close(): void;
}

/**
 * Encryption under the collective key. Rounds use {@link encryptProven}: our own BFV encryption in SEAL's
 * form, whose randomness is at hand for the proof. SEAL does not hand out its own, so {@link createEncryptor}
 * is for where no proof is wanted.
 *
 * @example
 * ```ts
 * import { createHe } from '@murmuration/he';
 * import { centralKeyGroup } from '@murmuration/he/testing';
 *
 * const he = await createHe('tiny');
 * const { group } = centralKeyGroup(he, 3, 2);
 * const [coordinates] = he.splitChunks(Int32Array.of(5, -127, 9)); // 96 of them, padded with zeros
 * // In earnest the blinding is fresh and random.
 * const vector = { coordinates: coordinates!, blinding: [1n, 2n, 3n] } as const;
 *
 * const binding = new TextEncoder().encode('task 7, round 1, trainer 2');
 * const { ciphertexts, proof } = he.encryptProven({ group, vectors: [vector], binding });
 * he.checkEncryption({ group, ciphertexts, proof, binding }); // throws unless all of it fits
 * console.log(ciphertexts[0]!.length, he.checkCiphertext(group, ciphertexts[0]!).weight); // 92231 1
 *
 * const encryptor = await he.createEncryptor(group);
 * console.log(encryptor.encryptChunk(vector).length); // 92231
 * encryptor.close();
 * ```
 */
export interface Encryption {
  /**
   * Encrypts the chunks of an update or a probe and proves that the ciphertexts are encryptions whose
   * plaintexts their sender knows, for one binding alone. Trainers and validators call it once a round; it takes
   * some 30 ms in `base` for one chunk, 120 for 32.
   * @throws HeError `argument` for a chunk, a blinding or a binding out of range, or no or more than 32 chunks.
   */
  encryptProven(chunks: ChunksToProve): ProvenCiphertexts;

  /**
   * Checks a submission's ciphertexts with their proof. Every party that adds ciphertexts up calls it first,
   * for each submission, with the binding that it expects: one malformed ciphertext in a sum makes the members
   * decrypt their own key. It takes some 10 ms in `base` for one chunk, 40 for 32.
   * @throws HeError `wire` or `mismatch` for malformed or foreign bytes, `proof` where the proof does not
   *   hold.
   */
  checkEncryption(encryption: ProvenEncryption): void;

  /**
   * An encryptor by SEAL, without proofs: for parties that are trusted to be honest but curious. Close it
   * after use.
   * @throws HeError `parameter` where SEAL refuses the parameters.
   */
  createEncryptor(group: KeyGroup): Promise<Encryptor>;

  /** Cuts a vector into chunks of K coordinates, the last padded with zeros; at least one chunk. */
  splitChunks(values: Int32Array): Int32Array[];

  /**
   * The first `length` values of the chunks, one after the other: the inverse of {@link splitChunks}, for
   * sums as well.
   * @throws HeError `argument` where the chunks hold fewer.
   */
  joinChunks(chunks: readonly Int32Array[], length: number): Int32Array;

  /**
   * Reads a ciphertext's weight: 1 of a fresh one, of a sum the sum of its addends'. The check is of form
   * alone; that it is an encryption says {@link checkEncryption}.
   * @throws HeError `wire` or `mismatch` unless it is a canonical ciphertext of these parameters and this key
   *   group.
   */
  checkCiphertext(group: Pick<KeyGroup, 'id'>, bytes: Uint8Array): { weight: number };
}
