// The door: everything that a party does with homomorphic encryption, bound to one set of parameters.

import type { PresetName } from '@murmuration/core';
import { combineDecryptionShares, decodeDecryptionShare } from './decrypt/combine.ts';
import { jointOpenings, jointSharesAgree, strayMembers } from './decrypt/joint_opening.ts';
import { decodeJointShare, jointShare } from './decrypt/joint_share.ts';
import { decryptionShare } from './decrypt/share.ts';
import { encodeChunk, joinChunks, splitChunks } from './encoding.ts';
import type { Decryption } from './face/decryption.ts';
import type { Encryption } from './face/encryption.ts';
import type { KeyGeneration } from './face/key_generation.ts';
import type { SelfTesting } from './face/self_test.ts';
import type { Sums } from './face/sums.ts';
import { acceptShare, checkReceipt, dealShares } from './keys/dealing.ts';
import { checkKeyShare, formKeyGroup } from './keys/group.ts';
import { sharingOf } from './keys/joint.ts';
import { decodeMemberKey, encodeMemberKey, finishKey } from './keys/member.ts';
import { createParty, decodeKeyShare, decodeParty, encodeParty, keyShare, sealingKey } from './keys/party.ts';
import { type Parameters, preset } from './parameters.ts';
import { Ring } from './ring/ring.ts';
import { sealContext } from './seal/context.ts';
import { sealEncryptor } from './seal/encryptor.ts';
import { checkSelfTest, selfTestChunk, selfTestSets, selfTestSum } from './self_test.ts';
import { jointKeys } from './sharing.ts';
import { Accumulator } from './sum/accumulator.ts';
import {
  addSegments,
  assembleSegments,
  decodeSegment,
  encodeSegment,
  segmentRanges,
  takeSegment,
} from './sum/segment.ts';
import type { KernelName } from './wasm/kernel.ts';
import { encryptProven } from './wellformed/prove.ts';
import { maxCiphertexts, proofShape } from './wellformed/shape.ts';
import { checkEncryption, encryptionProofBytes } from './wellformed/verify.ts';
import { ciphertextBytes, decodeCiphertext, encodeCiphertext, type RingContext } from './wire/ciphertext.ts';

/**
 * Threshold BFV with one set of parameters, in the order of its use: key generation, encryption, sums,
 * decryption, and before all of it the self-test of the key. It has no state but SEAL's context and the
 * kernel's memory; everything that it gives is plain data or bytes in this package's wire form, which each
 * file that defines a message draws.
 */
export interface He extends KeyGeneration, Encryption, Sums, Decryption, SelfTesting {
  /** The checked parameters that everything here is bound to. */
  readonly params: Parameters;
  /** The arithmetic that runs here: `pairs` where the processor fuses multiply and add, else `integers`. */
  readonly kernel: KernelName;
  /** Bytes of a ciphertext on the wire, fresh or a sum: 92,231, in `wide` 204,871. */
  readonly ciphertextBytes: number;
  /** Bytes of an encryption proof for so many ciphertexts, 1 to 32: 87,141 for one, in `wide` 184,421. */
  encryptionProofBytes(ciphertexts: number): number;
}

/**
 * Opens the scheme for a preset, or for parameters from `checkParameters`. It loads SEAL once a process and
 * compiles the arithmetic kernel, some 0.4 s in `base`.
 * @throws HeError `parameter` for an unknown preset, or where SEAL refuses the parameters or encryption
 *   proofs do not fit them.
 */
export async function createHe(which: PresetName | Parameters): Promise<He> {
  const params = typeof which === 'string' ? preset(which) : which;
  proofShape(params, maxCiphertexts);
  await sealContext(params);
  const ring = new Ring(params.ringDegree, [...params.primes, params.specialPrime]);
  const context: RingContext = { params, ring };
  /** Binds the context as first argument. */
  const bind =
    <Rest extends unknown[], Result>(f: (context: RingContext, ...rest: Rest) => Result) =>
    (...rest: Rest): Result =>
      f(context, ...rest);
  return Object.freeze<He>({
    params,
    kernel: ring.kernel,
    ciphertextBytes: ciphertextBytes(params),

    createParty,
    encodeParty: bind(encodeParty),
    decodeParty: bind(decodeParty),
    sealingKey,
    keyShare: bind(keyShare),
    decodeKeyShare: bind(decodeKeyShare),
    checkKeyShare: bind(checkKeyShare),
    formKeyGroup: bind(formKeyGroup),
    dealShares: bind(dealShares),
    acceptShare: bind(acceptShare),
    checkReceipt: bind(checkReceipt),
    finishKey: bind(finishKey),
    encodeMemberKey: bind(encodeMemberKey),
    decodeMemberKey: bind(decodeMemberKey),

    encryptProven: bind(encryptProven),
    checkEncryption: bind(checkEncryption),
    async createEncryptor({ id, publicKey }) {
      const encryptor = await sealEncryptor(params, publicKey);
      return {
        encryptChunk: (vector) =>
          encodeCiphertext(context, id, {
            weight: 1,
            rows: encryptor.encrypt(encodeChunk(params, vector)),
          }),
        close: encryptor.close,
      };
    },
    splitChunks: (values) => splitChunks(params, values),
    joinChunks: (chunks, length) => joinChunks(params, chunks, length),
    encryptionProofBytes: (ciphertexts) => encryptionProofBytes(params, ciphertexts),
    checkCiphertext: ({ id }, bytes) => ({ weight: decodeCiphertext(context, id, bytes).weight }),

    createAccumulator: (group) => new Accumulator(context, group),
    segmentRanges: (parts) => segmentRanges(params, parts),
    takeSegment: bind(takeSegment),
    addSegments: bind(addSegments),
    encodeSegment: bind(encodeSegment),
    decodeSegment: bind(decodeSegment),
    assembleSegments: bind(assembleSegments),

    decryptionShare: bind(decryptionShare),
    decodeDecryptionShare: bind(decodeDecryptionShare),
    combineDecryptionShares: bind(combineDecryptionShares),
    jointKeys: (group) => jointKeys(sharingOf(group)),
    jointShare: bind(jointShare),
    decodeJointShare: bind(decodeJointShare),
    jointOpenings: bind(jointOpenings),
    strayMembers: bind(strayMembers),
    jointSharesAgree: bind(jointSharesAgree),

    selfTestChunk: (group, index) => selfTestChunk(params, group, index),
    selfTestSum: bind(selfTestSum),
    selfTestSets,
    checkSelfTest: (test) => checkSelfTest(params, test),
  });
}
