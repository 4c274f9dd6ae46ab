// What a call's author worked on, as one hash (docs/encodings.md, "Basis"). The contract refuses, without judging, what was made
// on another one: a proof that a reorganisation made false costs nothing.

import type { G1Point } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const opened = parseAbiParameters('bytes32, bytes32, uint256');
const proposed = parseAbiParameters('bytes32, address, bytes32');
const digestList = parseAbiParameters('bytes32[]');
const words = parseAbiParameters('bytes32, bytes32, bytes32');
const points = parseAbiParameters('(uint256 x, uint256 y)[]');
const sponges = parseAbiParameters('uint256[], uint256[]');

/** A round's basis when it opens. @param previous the round before's, at last; the first round's is the collective key. */
export const basisOfOpening = (previous: Hex, model: Hex, scale: bigint): Hex =>
  keccak256(encodeAbiParameters(opened, [previous, model, scale]));

/** The basis after one more proposal; after the last one it is what updates and probes rest on. */
export const basisOfProposal = (previous: Hex, proposer: Hex, digest: Hex): Hex =>
  keccak256(encodeAbiParameters(proposed, [previous, proposer, digest]));

/** What a proof of a sum rests on. @param totals the commitments' running sums, chunk by chunk. */
export const basisOfSum = (totals: readonly G1Point[]): Hex =>
  keccak256(encodeAbiParameters(points, [totals]));

/** The sponges that an alignment proof is about, chunk by chunk. */
export interface AlignmentInputs {
  readonly hUpdate: readonly bigint[];
  readonly hReference: readonly bigint[];
}

/** What an alignment proof rests on. */
export const basisOfAlignment = ({ hUpdate, hReference }: AlignmentInputs): Hex =>
  keccak256(encodeAbiParameters(sponges, [hUpdate, hReference]));

/** What a vote rests on. @param basis the round's. @param update, probe the digests of each proven sum's files, chunk by chunk. */
export function basisOfVote(basis: Hex, update: readonly Hex[], probe: readonly Hex[]): Hex {
  const of = (digests: readonly Hex[]) => keccak256(encodeAbiParameters(digestList, [digests]));
  return keccak256(encodeAbiParameters(words, [basis, of(update), of(probe)]));
}
