// Basis hashes: the chain state that a call's author saw (docs/encodings.md, "Basis"). Where the contract's
// basis differs, after a reorganisation, the call reverts, and its author is not judged by a history that it
// did not see.
import type { G1Point } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const opened = parseAbiParameters('bytes32, bytes32, uint256');
const proposed = parseAbiParameters('bytes32, address, bytes32');
const proven = parseAbiParameters('bytes32, uint256, bytes32[]');
const points = parseAbiParameters('(uint256 x, uint256 y)[]');
const aligned = parseAbiParameters('uint256[], bytes32');

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

/**
 * The basis after one more proven sum. After the last it is the basis of votes, and what the next round opens
 * on.
 * @param sum number of the sum: `sumNumber`.
 * @param digests of the published sum, one a chunk.
 */
export const basisOfProvenSum = (previous: Hex, sum: number, digests: readonly Hex[]): Hex =>
  keccak256(encodeAbiParameters(proven, [previous, BigInt(sum), digests]));

/** What a vote names of the round's references. @param references a point a chunk. */
export const digestOfReferences = (references: readonly G1Point[]): Hex =>
  keccak256(encodeAbiParameters(points, [references]));

/** What an alignment proof is about. */
export interface AlignmentInputs {
  /** Sponges of the accepted update, one a chunk, each in [0, r). */
  readonly hUpdate: readonly bigint[];
  /** The `digestOfReferences` that the vote named. */
  readonly references: Hex;
}

/** The basis of an alignment proof. */
export const basisOfAlignment = ({ hUpdate, references }: AlignmentInputs): Hex =>
  keccak256(encodeAbiParameters(aligned, [hUpdate, references]));
