// A validator's vote on a round (docs/encodings.md, "Secrets that are committed to first").
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

/** A vote; secret until it is revealed. */
export interface Vote {
  /** The round's basis after its last proven sum: what the vote was made on. */
  readonly basis: Hex;
  /** Digest of the model that the round's sum gives. */
  readonly model: Hex;
  /** `digestOfReferences` of the round's references. */
  readonly references: Hex;
  /** Accuracy of that model on the validator's hold-out data, in basis points. */
  readonly quality: number;
  /** Accuracy of the model before, in basis points. */
  readonly before: number;
  /** 32 random bytes, without which the few possible votes could be tried. */
  readonly salt: Hex;
}

/** Whose vote it is, on which round. */
export interface Ballot {
  readonly task: bigint;
  readonly round: number;
  readonly validator: Address;
}

const layout = parseAbiParameters('uint256, uint256, address, bytes32, bytes32, uint16, uint16, bytes32');

/** The commitment to a vote, stated in `commitVote` and opened by `revealVote`. */
export function voteCommitment({ task, round, validator }: Ballot, vote: Omit<Vote, 'basis'>): Hex {
  const { model, references, quality, before, salt } = vote;
  const fields = [task, BigInt(round), validator, model, references, quality, before, salt] as const;
  return keccak256(encodeAbiParameters(layout, fields));
}
