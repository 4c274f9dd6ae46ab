// An update or a probe on its way to the contract: sealed once (blinded, committed, encrypted), then proven at the challenge.
import { type Address, bytesToBigInt, bytesToHex, type Hex, hexToBytes, numberToBytes } from 'viem';
import type { Encryptor } from '../../he/index.ts';
import {
  type Blinding,
  type ChallengeSubject,
  challenge,
  type G1Point,
  type Groth16Proof,
  type Prover,
  proofWords,
  randomBlinding,
  update,
} from '../../prover/index.ts';
import { digestOf } from '../store/index.ts';
import { decodeBundle, encodeBundle } from './bundle.ts';

/** One chunk as its author keeps it, secret: whoever has it can open the commitment. */
export interface SealedChunk {
  readonly coordinates: Int32Array;
  readonly blinding: Blinding;
  /** The ciphertext that goes into the content store; its SHA-256 is the digest `d` of the challenge. */
  readonly ciphertext: Uint8Array;
}

/** Where a proof is bound to (docs/encodings.md, "Challenge"). */
export interface Binding {
  readonly subject: ChallengeSubject;
  readonly chainId: number;
  /** The contract that verifies. */
  readonly contract: Address;
  readonly task: bigint;
  readonly round: number;
  readonly sender: Address;
}

/** A chunk as `submitUpdate` and `submitProbe` take it. */
export interface ProvenChunk {
  readonly commitment: G1Point;
  readonly h: bigint;
  readonly digest: Hex;
  readonly y: bigint;
  readonly opening: G1Point;
  readonly proof: ProofWords;
}

export type ProofWords = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** Blinds and encrypts lanes, chunk by chunk. Persist the result before anything of it leaves the machine. */
export function sealChunks(encryptor: Encryptor, lanes: readonly ArrayLike<number>[]): SealedChunk[] {
  return lanes.map((chunk) => {
    const coordinates = Int32Array.from(chunk);
    const blinding = randomBlinding();
    return { coordinates, blinding, ciphertext: encryptor.encryptChunk(coordinates, blinding) };
  });
}

/** Commits to sealed chunks and proves each at its challenge. `onProof` gets the milliseconds of each proof. */
export async function proveSubmission(
  prover: Prover,
  binding: Binding,
  normBound: bigint,
  chunks: readonly SealedChunk[],
  onProof: (milliseconds: number) => void,
  signal?: AbortSignal,
): Promise<ProvenChunk[]> {
  const proven: ProvenChunk[] = [];
  for (const [index, { coordinates, blinding, ciphertext }] of chunks.entries()) {
    const vector = { coordinates, blinding };
    const { commitment, h } = await prover.commit('update', vector);
    const digest = digestOf(ciphertext);
    const gamma = gammaOf(binding, index, commitment, h, digest);
    const opening = await prover.open('update', vector, gamma);
    const started = performance.now();
    const claim = { h, gamma, y: opening.y, normBound };
    const { proof } = await prover.prove(update, claim, vector, signal && { signal });
    onProof(performance.now() - started);
    proven.push({ commitment, h, digest, y: opening.y, opening: opening.proof, proof: words(proof) });
  }
  return proven;
}

/** The challenge of one chunk, as the contract computes it. */
export function gammaOf(
  binding: Binding,
  chunk: number,
  commitment: G1Point,
  h: bigint,
  digest: Hex,
): bigint {
  const { chainId, round, ...rest } = binding;
  return challenge({
    ...rest,
    chainId: BigInt(chainId),
    round: BigInt(round),
    chunk: BigInt(chunk),
    commitment,
    h,
    digest: hexToBytes(digest),
  });
}

/** A proof as the eight words of docs/encodings.md. */
export const words = (proof: Groth16Proof): ProofWords => proofWords(proof) as unknown as ProofWords;

/** Sealed chunks as bytes, to be kept encrypted. */
export function encodeSealed(chunks: readonly SealedChunk[]): Uint8Array {
  return encodeBundle(
    chunks.flatMap(({ coordinates, blinding, ciphertext }) => [
      new Uint8Array(coordinates.buffer, coordinates.byteOffset, coordinates.byteLength),
      ...blinding.map((value) => numberToBytes(value, { size: 32 })),
      ciphertext,
    ]),
  );
}

/** @throws RangeError unless the bytes are `count` sealed chunks. */
export function decodeSealed(bytes: Uint8Array, count: number): SealedChunk[] {
  const parts = decodeBundle(bytes, count * 4);
  return Array.from({ length: count }, (_, i) => {
    const [coordinates, first, second, ciphertext] = parts.slice(i * 4, i * 4 + 4) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    return {
      coordinates: new Int32Array(coordinates.slice().buffer),
      blinding: [bytesToBigInt(first), bytesToBigInt(second)],
      ciphertext,
    };
  });
}

/** For messages: the first bytes of a digest. */
export const short = (digest: Hex | Uint8Array): string =>
  (typeof digest === 'string' ? digest : bytesToHex(digest)).slice(0, 10);
