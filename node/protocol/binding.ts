// What a proof or a ciphertext is bound to, so that nobody else, and no other round, can use it:
// docs/encodings.md, "Challenge" and "Encryption proofs".
import { type ChallengeSubject, challenge, type G1Point } from '@murmuration/prover';
import { type Address, encodeAbiParameters, type Hex, hexToBytes, keccak256, parseAbiParameters } from 'viem';

/**
 * What can be bound: an update or a probe, a sum of either, or a trainer's statistics, which no contract
 * verifies.
 */
export type BindingSubject = ChallengeSubject | 'statistics';

/** Who made something, for what: the fields that a challenge and an encryption proof share. */
export interface Binding<Subject extends BindingSubject = BindingSubject> {
  readonly subject: Subject;
  readonly chainId: number;
  /** The contract that verifies: `Rounds`. */
  readonly contract: Address;
  readonly task: bigint;
  /** The round; of statistics the epoch of the key. */
  readonly round: number;
  /** The account that sends it: a trainer, a validator, or the prover of a sum. */
  readonly sender: Address;
}

const layout = parseAbiParameters('string, uint256, address, uint256, uint256, address');

/** The 32 bytes that the encryption proof of a submission, of all its chunks, covers. */
export function encryptionBinding(binding: Binding): Uint8Array {
  const { subject, chainId, contract, task, round, sender } = binding;
  const fields = [subject, BigInt(chainId), contract, task, BigInt(round), sender] as const;
  return hexToBytes(keccak256(encodeAbiParameters(layout, fields)));
}

/** What a chunk's challenge covers beside its binding. */
export interface ChallengedChunk {
  /** Index of the chunk, from 0. */
  readonly chunk: number;
  /** Of an update or a probe its commitment; of a sum the running sum that the contract keeps. */
  readonly commitment: G1Point;
  /** The sponge of the chunk's vector, in [0, r). */
  readonly h: bigint;
  /** SHA-256 of the ciphertext, or of the published sum. */
  readonly digest: Hex;
}

/**
 * `gamma`, the challenge at which a chunk's commitment is opened, in [0, r), as the contract computes it.
 * @throws RangeError naming the field that is out of its range.
 */
export function gammaOf(binding: Binding<ChallengeSubject>, challenged: ChallengedChunk): bigint {
  const { chainId, round, ...rest } = binding;
  const { chunk, commitment, h, digest } = challenged;
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
