// The door: everything a node does with homomorphic encryption, bound to one set of parameters.

import { combineDecryptionShares, type DecryptionShare, decodeDecryptionShare } from './decrypt/combine.ts';
import type { DecryptionLog } from './decrypt/log.ts';
import { decryptionShare } from './decrypt/share.ts';
import { type Blinding, encodeChunk, joinChunks, type OpenedSum, splitChunks } from './encoding.ts';
import { acceptShare, checkReceipt, dealShares } from './keys/dealing.ts';
import { type Federation, type FederationInput, federate } from './keys/federation.ts';
import { decodeMemberKey, encodeMemberKey, finishKey, type MemberKey } from './keys/member.ts';
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
import type { PresetName } from './presets.ts';
import { Ring } from './ring/ring.ts';
import { sealContext } from './seal/context.ts';
import { sealEncryptor } from './seal/encryptor.ts';
import { type Chunk, checkSelfTest, selfTestChunk, selfTestSets, selfTestSum } from './selftest.ts';
import { Accumulator } from './sum/accumulator.ts';
import {
  addSegments,
  assembleSegments,
  decodeSegment,
  encodeSegment,
  type Segment,
  type SegmentRange,
  segmentRanges,
  takeSegment,
} from './sum/segment.ts';
import { encryptProven, type ProvenCiphertext } from './wellformed/prove.ts';
import { maskBounds } from './wellformed/relation.ts';
import { verifyEncryption } from './wellformed/verify.ts';
import { ciphertextBytes, decodeCiphertext, encodeCiphertext, type RingContext } from './wire/ciphertext.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Encrypts chunks under a federation's collective key. */
export interface Encryptor {
  /** One chunk of K coordinates with its blinding, as a ciphertext on the wire. Its SHA-256 is `d`. */
  encryptChunk(coordinates: Int32Array, rho: Blinding): Bytes;
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
  federate(input: FederationInput): Federation;
  dealShares(party: PartySecret, federation: Federation): Bytes[];
  acceptShare(party: PartySecret, federation: Federation, sealed: Uint8Array): Bytes;
  checkReceipt(
    party: PartySecret,
    federation: Federation,
    to: number,
    sealed: Uint8Array,
    receipt: Uint8Array,
  ): void;
  finishKey(party: PartySecret, federation: Federation, sealed: readonly Uint8Array[]): MemberKey;
  encodeMemberKey(key: MemberKey): Bytes;
  decodeMemberKey(bytes: Uint8Array): MemberKey;
  createEncryptor(federation: Federation): Promise<Encryptor>;
  encryptProven(
    federation: Federation,
    coordinates: Int32Array,
    rho: Blinding,
    binding: Uint8Array,
  ): ProvenCiphertext;
  verifyEncryption(
    federation: Federation,
    ciphertext: Uint8Array,
    proof: Uint8Array,
    binding: Uint8Array,
  ): void;
  splitChunks(values: Int32Array): Int32Array[];
  joinChunks(chunks: readonly Int32Array[], length: number): Int32Array;
  readonly ciphertextBytes: number;
  checkCiphertext(federation: Uint8Array, bytes: Uint8Array): { weight: number };
  createAccumulator(federation: Uint8Array): Accumulator;
  segmentRanges(parts: number): SegmentRange[];
  takeSegment(federation: Uint8Array, ciphertext: Uint8Array, range: SegmentRange, weight?: number): Segment;
  addSegments(a: Segment, b: Segment): Segment;
  encodeSegment(federation: Uint8Array, segment: Segment): Bytes;
  decodeSegment(federation: Uint8Array, bytes: Uint8Array): Segment;
  assembleSegments(federation: Uint8Array, segments: readonly Segment[]): Bytes;
  decryptionShare(key: MemberKey, sum: Uint8Array, set: readonly number[], log: DecryptionLog): Bytes;
  decodeDecryptionShare(bytes: Uint8Array): DecryptionShare;
  combineDecryptionShares(
    federation: Federation,
    sum: Uint8Array,
    set: readonly number[],
    shares: readonly Uint8Array[],
  ): OpenedSum;
  selfTestChunk(federation: Federation, index: number): Chunk;
  selfTestSum(federation: Federation, dealt: Uint8Array, which: number): Bytes;
  selfTestSets(federation: Federation): number[][];
  checkSelfTest(federation: Federation, members: readonly number[], opened: OpenedSum): void;
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
    federate: bind(federate),
    dealShares: bind(dealShares),
    acceptShare: bind(acceptShare),
    checkReceipt: bind(checkReceipt),
    finishKey: bind(finishKey),
    encodeMemberKey: bind(encodeMemberKey),
    decodeMemberKey: bind(decodeMemberKey),
    async createEncryptor({ id, publicKey }) {
      const encryptor = await sealEncryptor(params, publicKey);
      return {
        encryptChunk: (coordinates, rho) =>
          encodeCiphertext(context, id, {
            weight: 1,
            rows: encryptor.encrypt(encodeChunk(params, coordinates, rho)),
          }),
        close: encryptor.close,
      };
    },
    encryptProven: bind(encryptProven),
    verifyEncryption: bind(verifyEncryption),
    splitChunks: (values) => splitChunks(params, values),
    joinChunks: (chunks, length) => joinChunks(params, chunks, length),
    ciphertextBytes: ciphertextBytes(params),
    checkCiphertext: (federation, bytes) => ({ weight: decodeCiphertext(context, federation, bytes).weight }),
    createAccumulator: (federation) => new Accumulator(context, federation),
    segmentRanges: (parts) => segmentRanges(params, parts),
    takeSegment: bind(takeSegment),
    addSegments: bind(addSegments),
    encodeSegment: bind(encodeSegment),
    decodeSegment: bind(decodeSegment),
    assembleSegments: bind(assembleSegments),
    decryptionShare: bind(decryptionShare),
    decodeDecryptionShare: bind(decodeDecryptionShare),
    combineDecryptionShares: bind(combineDecryptionShares),
    selfTestChunk: (federation, index) => selfTestChunk(params, federation, index),
    selfTestSum: bind(selfTestSum),
    selfTestSets,
    checkSelfTest: (federation, members, opened) => checkSelfTest(params, federation, members, opened),
  });
}
