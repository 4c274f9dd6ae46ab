// The door: everything a node does with homomorphic encryption, bound to one set of parameters.

import type { ChunkVector, PresetName } from '@murmuration/core';
import {
  combineDecryptionShares,
  type DecryptionShare,
  decodeDecryptionShare,
  type SharedSum,
} from './decrypt/combine.ts';
import { type DecryptionRequest, decryptionShare } from './decrypt/share.ts';
import { encodeChunk, joinChunks, splitChunks } from './encoding.ts';
import {
  acceptShare,
  checkReceipt,
  dealShares,
  type ReceivedReceipt,
  type ReceivedShare,
} from './keys/dealing.ts';
import { formKeyGroup, type KeyGroup, type KeyGroupInput } from './keys/group.ts';
import {
  type DealtShares,
  decodeMemberKey,
  encodeMemberKey,
  finishKey,
  type MemberKey,
} from './keys/member.ts';
import {
  createParty,
  decodeKeyShare,
  decodeParty,
  encodeParty,
  type KeyShare,
  keyShare,
  type PartySecret,
} from './keys/party.ts';
import { type Parameters, preset } from './parameters.ts';
import { Ring } from './ring/ring.ts';
import { sealContext } from './seal/context.ts';
import { sealEncryptor } from './seal/encryptor.ts';
import {
  checkSelfTest,
  type OpenedSelfTest,
  type SelfTest,
  selfTestChunk,
  selfTestSets,
  selfTestSum,
} from './selftest.ts';
import { Accumulator } from './sum/accumulator.ts';
import {
  addSegments,
  assembleSegments,
  decodeSegment,
  encodeSegment,
  type Segment,
  type SegmentRange,
  type SegmentSource,
  segmentRanges,
  takeSegment,
} from './sum/segment.ts';
import { type ChunkToProve, encryptProven, type ProvenCiphertext } from './wellformed/prove.ts';
import { maskBounds } from './wellformed/relation.ts';
import { checkEncryption, type ProvenEncryption } from './wellformed/verify.ts';
import { ciphertextBytes, decodeCiphertext, encodeCiphertext, type RingContext } from './wire/ciphertext.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Encrypts chunks under a key group's collective key. */
export interface Encryptor {
  /** One chunk as a ciphertext on the wire. Its SHA-256 is `d`. */
  encryptChunk(vector: ChunkVector): Bytes;
  /** Frees what SEAL holds. */
  close(): void;
}

/** See the functions of the same names for ranges and errors; all bytes are this folder's wire form. */
export interface He {
  readonly params: Parameters;
  createParty(epoch: Uint8Array, identity: Uint8Array): PartySecret;
  encodeParty(party: PartySecret): Bytes;
  decodeParty(bytes: Uint8Array): PartySecret;
  keyShare(party: PartySecret): Bytes;
  decodeKeyShare(bytes: Uint8Array): KeyShare;
  formKeyGroup(input: KeyGroupInput): KeyGroup;
  dealShares(party: PartySecret, group: KeyGroup): Bytes[];
  acceptShare(received: ReceivedShare): Bytes;
  checkReceipt(received: ReceivedReceipt): void;
  finishKey(dealt: DealtShares): MemberKey;
  encodeMemberKey(key: MemberKey): Bytes;
  decodeMemberKey(bytes: Uint8Array): MemberKey;
  createEncryptor(group: KeyGroup): Promise<Encryptor>;
  encryptProven(chunk: ChunkToProve): ProvenCiphertext;
  checkEncryption(encryption: ProvenEncryption): void;
  splitChunks(values: Int32Array): Int32Array[];
  joinChunks(chunks: readonly Int32Array[], length: number): Int32Array;
  readonly ciphertextBytes: number;
  checkCiphertext(group: Pick<KeyGroup, 'id'>, bytes: Uint8Array): { weight: number };
  createAccumulator(group: Pick<KeyGroup, 'id'>): Accumulator;
  segmentRanges(parts: number): SegmentRange[];
  takeSegment(source: SegmentSource): Segment;
  addSegments(a: Segment, b: Segment): Segment;
  encodeSegment(group: Pick<KeyGroup, 'id'>, segment: Segment): Bytes;
  decodeSegment(group: Pick<KeyGroup, 'id'>, bytes: Uint8Array): Segment;
  assembleSegments(group: Pick<KeyGroup, 'id'>, segments: readonly Segment[]): Bytes;
  decryptionShare(request: DecryptionRequest): Bytes;
  decodeDecryptionShare(bytes: Uint8Array): DecryptionShare;
  combineDecryptionShares(shared: SharedSum): ChunkVector;
  selfTestChunk(group: KeyGroup, index: number): ChunkVector;
  selfTestSum(test: SelfTest): Bytes;
  selfTestSets(group: KeyGroup): number[][];
  checkSelfTest(test: OpenedSelfTest): void;
}

/**
 * Opens the scheme for a preset, or for parameters from `checkParameters`.
 * @throws HeError `parameter` for an unknown preset, or where SEAL refuses the parameters or encryption proofs do not fit them.
 */
export async function createHe(which: PresetName | Parameters): Promise<He> {
  const params = typeof which === 'string' ? preset(which) : which;
  maskBounds(params);
  await sealContext(params);
  const context: RingContext = {
    params,
    ring: new Ring(params.ringDegree, [...params.primes, params.specialPrime]),
  };
  /** Binds the context as first argument. */
  const bind =
    <Rest extends unknown[], Result>(f: (context: RingContext, ...rest: Rest) => Result) =>
    (...rest: Rest): Result =>
      f(context, ...rest);
  return Object.freeze<He>({
    params,
    createParty,
    encodeParty: bind(encodeParty),
    decodeParty: bind(decodeParty),
    keyShare: bind(keyShare),
    decodeKeyShare: bind(decodeKeyShare),
    formKeyGroup: bind(formKeyGroup),
    dealShares: bind(dealShares),
    acceptShare: bind(acceptShare),
    checkReceipt: bind(checkReceipt),
    finishKey: bind(finishKey),
    encodeMemberKey: bind(encodeMemberKey),
    decodeMemberKey: bind(decodeMemberKey),
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
    encryptProven: bind(encryptProven),
    checkEncryption: bind(checkEncryption),
    splitChunks: (values) => splitChunks(params, values),
    joinChunks: (chunks, length) => joinChunks(params, chunks, length),
    ciphertextBytes: ciphertextBytes(params),
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
    selfTestChunk: (group, index) => selfTestChunk(params, group, index),
    selfTestSum: bind(selfTestSum),
    selfTestSets,
    checkSelfTest: (test) => checkSelfTest(params, test),
  });
}
