// An update or a probe on its way to the contract: sealed once (blinded, encrypted), then committed to and
// proven at its challenge.

import type { ProvenChunk } from '@murmuration/contracts';
import { blindingCoefficients, blindingOf, type ChunkVector } from '@murmuration/core';
import type { He, KeyGroup } from '@murmuration/he';
import {
  type ChallengeSubject,
  fieldBytes,
  fieldFromBytes,
  fieldToBytes,
  proofWords,
  randomBlinding,
  update,
} from '@murmuration/prover';
import { concat } from 'viem';
import { NodeError } from '../errors.ts';
import {
  type Binding,
  decodeBundle,
  digestOf,
  encodeBundle,
  encryptionBinding,
  gammaOf,
} from '../protocol/index.ts';
import { eachChunk, type ProvingContext, proveClaim } from './proving.ts';

/** One chunk as its author keeps it secret: a holder of it can open the commitment. */
export interface SealedChunk extends ChunkVector {
  /**
   * The ciphertext as it goes into the content store, of the first chunk in a bundle with the encryption
   * proof of all chunks. Its SHA-256 is `d` of the challenge.
   */
  readonly content: Uint8Array;
}

/** Who encrypts, under which key. */
export interface EncryptionContext {
  readonly he: He;
  readonly group: KeyGroup;
}

/** What is sealed, for which purpose. */
export interface Sealing {
  readonly binding: Binding;
  /** K coordinates each, |u| <= 2^(b-1) - 1. */
  readonly chunks: readonly ArrayLike<number>[];
}

/**
 * Blinds and encrypts coordinates for one binding, with one proof for all chunks. Persist the result before
 * anything of it leaves the machine: a second sealing of other coordinates for the same round would show
 * their difference.
 * @throws HeError for coordinates out of range or not K of them, or no or more than 32 chunks.
 */
export function sealChunks({ he, group }: EncryptionContext, { binding, chunks }: Sealing): SealedChunk[] {
  const vectors = chunks.map((chunk) => ({
    coordinates: Int32Array.from(chunk),
    blinding: randomBlinding(),
  }));
  const { ciphertexts, proof } = he.encryptProven({ group, vectors, binding: encryptionBinding(binding) });
  return vectors.map((vector, index) => {
    const ciphertext = ciphertexts[index]!;
    return { ...vector, content: index === 0 ? encodeBundle([ciphertext, proof]) : ciphertext };
  });
}

/** An update or a probe to be proven. */
export interface Submission {
  readonly binding: Binding<ChallengeSubject>;
  /** Largest squared norm of a chunk, of the task. */
  readonly normBound: bigint;
  readonly chunks: readonly SealedChunk[];
}

/**
 * Commits to sealed chunks and proves each at its challenge. Rejects when the signal aborts, or a chunk
 * exceeds the bound.
 */
export async function proveSubmission(
  context: ProvingContext,
  { binding, normBound, chunks }: Submission,
): Promise<ProvenChunk[]> {
  return eachChunk(context, chunks, async (each, vector, index) => {
    const { prover } = each;
    const { commitment, h } = await prover.commit('update', vector);
    const digest = digestOf(vector.content);
    const gamma = gammaOf(binding, { chunk: index, commitment, h, digest });
    const { y, proof: opening } = await prover.open('update', vector, gamma);
    const claim = { h, gamma, y, normBound };
    const proof = await proveClaim(each, update, { claim, secret: vector });
    return { commitment, h, digest, y, opening, proof: proofWords(proof) };
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

/** @throws NodeError `wire` unless the bytes are `count` sealed chunks. */
export function decodeSealed(bytes: Uint8Array, count: number): SealedChunk[] {
  const parts = decodeBundle(bytes, count * 3);
  return Array.from({ length: count }, (_, i) => {
    const [coordinates, packed, content] = parts.slice(i * 3, i * 3 + 3) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const length = blindingCoefficients * fieldBytes;
    if (packed.length !== length)
      throw new NodeError(
        'wire',
        `sealed chunk ${i}: a blinding of ${packed.length} bytes; it has ${length}`,
      );
    const blinding = blindingOf((k) =>
      fieldFromBytes(`rho_${k} of sealed chunk ${i}`, packed.subarray(k * fieldBytes, (k + 1) * fieldBytes)),
    );
    return { coordinates: new Int32Array(coordinates.slice().buffer), blinding, content };
  });
}
