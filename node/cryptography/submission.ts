// An update or a probe on its way to the contract: sealed once (blinded, committed, encrypted), then proven at the challenge.

import { type Blinding, blindingCoefficients, blindingOf } from '@murmuration/core';
import type { He, KeyGroup } from '@murmuration/he';
import {
  type ChallengeSubject,
  challenge,
  fieldBytes,
  fieldFromBytes,
  fieldToBytes,
  type G1Point,
  type ProofWords,
  type Prover,
  proofWords,
  randomBlinding,
  update,
} from '@murmuration/prover';
import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
} from 'viem';
import { decodeBundle, encodeBundle } from '../protocol/bundle.ts';
import { digestOf } from '../store/index.ts';

/** One chunk as its author keeps it, secret: whoever has it can open the commitment. */
export interface SealedChunk {
  readonly coordinates: Int32Array;
  readonly blinding: Blinding;
  /** Ciphertext and encryption proof, as they go into the content store; their SHA-256 is `d` of the challenge. */
  readonly content: Uint8Array;
}

/** Where a ciphertext is bound to (docs/encodings.md, "Digests and content addresses"). */
export interface Place {
  readonly subject: ChallengeSubject | 'statistics';
  readonly chainId: number;
  readonly contract: Address;
  readonly task: bigint;
  /** The round; of statistics the epoch of the key. */
  readonly round: number;
  readonly sender: Address;
}

/** Where a proof is bound to (docs/encodings.md, "Challenge"); `contract` is the one that verifies. */
export interface Binding extends Place {
  readonly subject: ChallengeSubject;
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

/** Blinds and encrypts lanes for one place, chunk by chunk. Persist the result before anything of it leaves the machine. */
export function sealChunks(
  he: He,
  group: KeyGroup,
  binding: Place,
  lanes: readonly ArrayLike<number>[],
): SealedChunk[] {
  return lanes.map((chunk, index) => {
    const coordinates = Int32Array.from(chunk);
    const blinding = randomBlinding();
    const { ciphertext, proof } = he.encryptProven({
      group,
      vector: { coordinates, blinding },
      binding: placeOf(binding, index),
    });
    return { coordinates, blinding, content: encodeBundle([ciphertext, proof]) };
  });
}

/** What a ciphertext's encryption proof is bound to: nobody else, and no other round, can use it. */
export function placeOf(
  { subject, chainId, contract, task, round, sender }: Place,
  chunk: number,
): Uint8Array {
  const layout = parseAbiParameters('string, uint256, address, uint256, uint256, address, uint256');
  return hexToBytes(
    keccak256(
      encodeAbiParameters(layout, [
        subject,
        BigInt(chainId),
        contract,
        task,
        BigInt(round),
        sender,
        BigInt(chunk),
      ]),
    ),
  );
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
  for (const [index, { coordinates, blinding, content }] of chunks.entries()) {
    const vector = { coordinates, blinding };
    const { commitment, h } = await prover.commit('update', vector);
    const digest = digestOf(content);
    const gamma = gammaOf(binding, index, commitment, h, digest);
    const opening = await prover.open('update', vector, gamma);
    const claim = { h, gamma, y: opening.y, normBound };
    const { proof, witnessMs, proveMs } = await prover.prove(update, { claim, secret: vector, signal });
    onProof(witnessMs + proveMs);
    proven.push({ commitment, h, digest, y: opening.y, opening: opening.proof, proof: proofWords(proof) });
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

/** Sealed chunks as bytes, to be kept encrypted. */
export function encodeSealed(chunks: readonly SealedChunk[]): Uint8Array {
  return encodeBundle(
    chunks.flatMap(({ coordinates, blinding, content }) => [
      new Uint8Array(coordinates.buffer, coordinates.byteOffset, coordinates.byteLength),
      concat(blinding.map(fieldToBytes)),
      content,
    ]),
  );
}

/** @throws RangeError unless the bytes are `count` sealed chunks. */
export function decodeSealed(bytes: Uint8Array, count: number): SealedChunk[] {
  const parts = decodeBundle(bytes, count * 3);
  return Array.from({ length: count }, (_, i) => {
    const [coordinates, rho, content] = parts.slice(i * 3, i * 3 + 3) as [Uint8Array, Uint8Array, Uint8Array];
    if (rho.length !== blindingCoefficients * fieldBytes)
      throw new RangeError(
        `sealed chunk ${i}: a blinding of ${rho.length} bytes; it has ${blindingCoefficients * fieldBytes}`,
      );
    const blinding = blindingOf((k) =>
      fieldFromBytes(`rho_${k} of sealed chunk ${i}`, rho.subarray(k * fieldBytes, (k + 1) * fieldBytes)),
    );
    return { coordinates: new Int32Array(coordinates.slice().buffer), blinding, content };
  });
}
