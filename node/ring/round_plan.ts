// The plan of a round's ring, from what the chain says of the round: every member, and everyone who judges a hop
// later, comes to the same one.
import { type Address, encodePacked, type Hex, keccak256 } from 'viem';
import { groupOf, type SigningDomain, updateSum } from '../protocol/index.ts';
import { type RingPlan, ringOrder } from './plan.ts';
import type { Shape } from './residues.ts';

/** An accepted submission, as the chain has it. */
interface Submitted {
  readonly sender: Address;
  readonly weight: number;
  readonly digests: readonly Hex[];
}

/** One sum of a round. */
export interface RoundOfRing {
  readonly domain: SigningDomain;
  readonly task: bigint;
  readonly round: number;
  /** Number of the sum. */
  readonly sum: number;
  /** The trainers whose updates the round accepted: the ring's members. */
  readonly members: readonly Address[];
  /** The submissions that the sum is of. */
  readonly addends: readonly Submitted[];
  readonly shape: Shape;
}

/** The plan of the ring that adds one sum of a round. */
export function roundPlan({ members, addends, sum, ...round }: RoundOfRing): RingPlan {
  const subject = ringSubject(sum);
  const seed = keccak256(
    encodePacked(['uint256', 'uint256', 'string'], [round.task, BigInt(round.round), subject]),
  );
  return {
    domain: round.domain,
    task: round.task,
    round: BigInt(round.round),
    subject,
    members: ringOrder(members, seed),
    addends: addends.map(({ sender, weight, digests }) => ({
      author: sender,
      weight: BigInt(weight),
      digests,
    })),
    shape: round.shape,
  };
}

/** How a ring's messages name their sum. */
const ringSubject = (sum: number): string => (sum === updateSum ? 'update-sum' : `probe-sum/${groupOf(sum)}`);
