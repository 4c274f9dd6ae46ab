// The challenge at which a commitment is opened, exactly as the contract computes it (docs/encodings.md,
// "Challenge"). It binds chain, contract, task, round, sender, chunk, commitment, sponge and ciphertext, so
// that a proof cannot be taken over.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ProverError } from './errors.ts';
import { bytesToInteger, checkField, toField } from './field.ts';
import { type G1Point, parseG1 } from './kzg/index.ts';

/** What a challenge can be about. */
export const challengeSubjects = ['update', 'probe', 'update-sum', 'probe-sum'] as const;

/** What a challenge is about: a trainer's update, a validator's probe, or the sum of either. */
export type ChallengeSubject = (typeof challengeSubjects)[number];

/** What a challenge binds. */
export interface ChallengeInput {
  /** What the proof is of. */
  readonly subject: ChallengeSubject;
  /** In [0, 2^256), like all words. */
  readonly chainId: bigint;
  /** The contract that verifies: 20 bytes in hexadecimal, with 0x. */
  readonly contract: string;
  /** The task's number. */
  readonly task: bigint;
  /** The round's number within the task. */
  readonly round: bigint;
  /**
   * The account that sends the proof, a trainer, a validator or a sum's prover: 20 bytes in hexadecimal, with
   * 0x.
   */
  readonly sender: string;
  /** The chunk's index, from 0. */
  readonly chunk: bigint;
  /** C, or for a sum the running sum that the contract keeps. */
  readonly commitment: G1Point;
  /** The vector's sponge, below r. */
  readonly h: bigint;
  /** SHA-256 of the ciphertext, or of the published sum: 32 bytes. */
  readonly digest: Uint8Array;
}

/**
 * `gamma`, in [0, r). The author of a proof calls it when commitment, sponge and digest are fixed; a verifier
 * calls it with what it knows itself.
 *
 * @throws {ProverError} `argument` for a word, an address, a digest or a subject out of range; `field` for
 * `h`; `point` for the commitment. The message names the member.
 */
export function challenge(input: ChallengeInput): bigint {
  if (!challengeSubjects.includes(input.subject)) {
    throw new ProverError(
      'argument',
      `subject is ${input.subject}, but it is one of ${challengeSubjects.join(', ')}`,
    );
  }
  if (input.digest.length !== 32) {
    throw new ProverError('argument', `digest has ${input.digest.length} bytes, but SHA-256 has 32`);
  }
  parseG1('commitment', input.commitment);
  checkField('h', input.h);
  const words = [
    keccak_256(utf8ToBytes(`murmuration/v1/challenge/${input.subject}`)),
    word('chainId', input.chainId),
    address('contract', input.contract),
    word('task', input.task),
    word('round', input.round),
    address('sender', input.sender),
    word('chunk', input.chunk),
    word('commitment.x', input.commitment.x),
    word('commitment.y', input.commitment.y),
    word('h', input.h),
    input.digest,
  ];
  return toField(bytesToInteger(keccak_256(concatBytes(...words))));
}

/** A uint256 as ABI encodes it. */
function word(name: string, value: bigint): Uint8Array {
  if (typeof value !== 'bigint' || value < 0n || value >> 256n !== 0n) {
    throw new ProverError('argument', `${name} is ${value}, but a word of the ABI lies in [0, 2^256)`);
  }
  return hexToBytes(value.toString(16).padStart(64, '0'));
}

/** An address as ABI encodes it: 12 zero bytes, then its 20. */
function address(name: string, value: string): Uint8Array {
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) {
    throw new ProverError(
      'argument',
      `${name} is ${JSON.stringify(value)}, but an address is 0x and 40 hexadecimal digits`,
    );
  }
  return concatBytes(new Uint8Array(12), hexToBytes(value.slice(2)));
}
