// Basis hashes: the chain state that a call's author saw (docs/encodings.md, "Basis"). Where the contract's
// basis differs, after a reorganisation, the call reverts, and its author is not judged by a history that it
// did not see.
import type { G1Point } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const opened = parseAbiParameters('bytes32, bytes32, uint256');
const proposed = parseAbiParameters('bytes32, address, bytes32');
const digestList = parseAbiParameters('bytes32[]');
const words = parseAbiParameters('bytes32, bytes32, bytes32');
const points = parseAbiParameters('(uint256 x, uint256 y)[]');
const sponges = parseAbiParameters('uint256[], uint256[]');

/**
 * A round's basis when it opens.
 * @param previous the last basis of the round before; of the first round the collective key's digest.
 * @param model digest of the model that the round starts from.
 * @param scale of the round, in units of 2^-48.
 */
export const basisOfOpening = (previous: Hex, model: Hex, scale: bigint): Hex =>
  keccak256(encodeAbiParameters(opened, [previous, model, scale]));

/** The basis after one more proposal. After the last proposal it is the basis of updates and probes. */
export const basisOfProposal = (previous: Hex, proposer: Hex, digest: Hex): Hex =>
  keccak256(encodeAbiParameters(proposed, [previous, proposer, digest]));

/** The basis of a sum's proof. @param totals running sums of the commitments, one a chunk. */
export const basisOfSum = (totals: readonly G1Point[]): Hex =>
  keccak256(encodeAbiParameters(points, [totals]));

/** The sponges that an alignment proof is about, one a chunk, each in [0, r). */
export interface AlignmentInputs {
  readonly hUpdate: readonly bigint[];
  readonly hReference: readonly bigint[];
}

/** The basis of an alignment proof. */
export const basisOfAlignment = ({ hUpdate, hReference }: AlignmentInputs): Hex =>
  keccak256(encodeAbiParameters(sponges, [hUpdate, hReference]));

/**
 * The basis of a vote.
 * @param basis of the round, after its last proposal.
 * @param update digests of the published sum of the updates, one a chunk.
 * @param probe digests of the published sum of the probes, one a chunk.
 */
export function basisOfVote(basis: Hex, update: readonly Hex[], probe: readonly Hex[]): Hex {
  const of = (digests: readonly Hex[]) => keccak256(encodeAbiParameters(digestList, [digests]));
  return keccak256(encodeAbiParameters(words, [basis, of(update), of(probe)]));
}
