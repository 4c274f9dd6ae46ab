// The plan: what all members of a ring know before the first hop, from chain data alone: its members, their
// order, its addends. All the rest (segments, hops and their senders, which member adds for one that is gone)
// follows from the plan by public rules.
import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hex,
  isAddress,
  keccak256,
  parseAbiParameters,
  toHex,
} from 'viem';
import { NodeError } from '../errors.ts';
import type { SigningDomain } from '../protocol/index.ts';
import { checkShape, type Range, rangeOf, type Shape } from './residues.ts';

/**
 * One accepted update or probe: its author, its public weight, the digests of its ciphertexts, one a chunk.
 */
export interface Addend {
  readonly author: Address;
  readonly weight: bigint;
  readonly digests: readonly Hex[];
}

/** One all-reduce. `members` are in ring order; `addends` need not be theirs. */
export interface RingPlan {
  readonly domain: SigningDomain;
  readonly task: bigint;
  readonly round: bigint;
  /** `update-sum`, or `probe-sum` and the group: `probe-sum/2`. */
  readonly subject: string;
  readonly members: readonly Address[];
  readonly addends: readonly Addend[];
  readonly shape: Shape;
}

/**
 * A set of members by their place in the plan: bit i stands for `members[i]`. The members that are gone name
 * the attempt.
 */
export type Places = bigint;

const layout = parseAbiParameters(
  'bytes32, uint256, address, uint256, uint256, string, address[], address[], uint256[], bytes32[][], uint256[], uint256',
);

/** The most members of a ring: a chain of signatures grows with them, and its checking with their square. */
export const maxMembers = 64;

/**
 * The digest of a plan, which every signature of its ring covers.
 * @throws NodeError `peer` when the plan cannot be run.
 */
export function planDigest(plan: RingPlan): Hex {
  checkShape(plan.shape);
  const { domain, members, addends } = plan;
  if (members.length < 1 || members.length > maxMembers)
    throw new NodeError('peer', `ring: ${members.length} members, but 1 to ${maxMembers} can form one`);
  if (new Set(members).size !== members.length) throw new NodeError('peer', 'ring: a member is named twice');
  for (const account of [...members, ...addends.map(({ author }) => author)])
    if (!isAddress(account) || getAddress(account) !== account)
      throw new NodeError('peer', `ring: account ${account} is not in its checksummed form`, {
        mend: 'Pass it through getAddress.',
      });
  for (const { author, weight } of addends)
    if (weight < 1n)
      throw new NodeError('peer', `ring: the weight of ${author} is ${weight}, but is at least 1`);
  if (addends.length === 0)
    throw new NodeError('peer', 'ring: nothing to add', { mend: 'Wait for an accepted update.' });
  return keccak256(
    encodeAbiParameters(layout, [
      keccak256(toHex('murmuration/v1/ring')),
      BigInt(domain.chainId),
      domain.contract,
      plan.task,
      plan.round,
      plan.subject,
      members,
      addends.map(({ author }) => author),
      addends.map(({ weight }) => weight),
      addends.map(({ digests }) => digests),
      plan.shape.moduli,
      BigInt(plan.shape.coefficients),
    ]),
  );
}

/**
 * Accounts in the order of a ring: by their hash with a seed, such as the round's, so that nobody chooses its
 * neighbours.
 */
export function ringOrder(accounts: readonly Address[], seed: Hex): Address[] {
  const rank = new Map(
    accounts.map((account) => [account, keccak256(`${seed}${account.slice(2).toLowerCase()}`)]),
  );
  return [...accounts].sort((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1));
}

/** The members that an attempt has left, in ring order. */
export function remaining(plan: RingPlan, absent: Places): Address[] {
  return plan.members.filter((_, place) => !((absent >> BigInt(place)) & 1n));
}

/**
 * The indices of the addends that each remaining member adds. A member adds its own. The addends of an author
 * that is gone or was never in the ring fall to the first remaining member at or after the author's place
 * (the addend's index, if it has none).
 */
export function addendsOf(plan: RingPlan, absent: Places): Map<Address, number[]> {
  const carried = new Map<Address, number[]>(remaining(plan, absent).map((member) => [member, []]));
  const count = plan.members.length;
  plan.addends.forEach(({ author }, index) => {
    const place = plan.members.indexOf(author);
    for (let step = 0; step < count; step++) {
      const list = carried.get(plan.members[((place < 0 ? index : place) + step) % count]!);
      if (!list) continue;
      list.push(index);
      return;
    }
  });
  return carried;
}

/**
 * Hops of one segment, and of one member, in a ring of `count`: count - 1 to scatter, count - 1 to gather.
 */
export const hopsOf = (count: number) => 2 * (count - 1);

/**
 * The segment that the member at `position` sends at `step`, in a ring of `count` (Patarasuk and Yuan 2009).
 */
export const segmentAt = (position: number, step: number, count: number) =>
  (((position - step) % count) + count) % count;

/** The position that sends a segment at a step. Segment s starts at position s. */
export const senderOf = (segment: number, step: number, count: number) => (segment + step) % count;

/** The coefficients of a segment. */
export const segmentRange = (plan: RingPlan, segment: number, count: number): Range =>
  rangeOf(plan.shape, segment, count);
