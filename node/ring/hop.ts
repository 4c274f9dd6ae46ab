// A hop: its sender's account signs (EIP-712) what it received and what it sends on, `payload = input + own
// part`. A hop travels with the signatures of all earlier hops of its segment, so that one hop shows which
// member added what.
import type { Hex } from 'viem';
import { NodeError } from '../errors.ts';
import { type HopMessage, hopData, type Signer } from '../protocol/index.ts';
import { isHopSigned } from './held_hops.ts';
import { hopsOf, type Places, type RingPlan, remaining, senderOf } from './plan.ts';

/** One hop in its segment's chain: the SHA-256 of the part that it carries, and its sender's signature. */
export interface Link {
  readonly payload: Hex;
  readonly signature: Hex;
}

/** The signed way of one segment through one attempt: link k is the hop of step k. */
export interface Chain {
  readonly ring: Hex;
  readonly absent: Places;
  readonly segment: number;
  readonly links: readonly Link[];
}

/** The input of a hop that has none: the first of its segment. */
export const noInput: Hex = `0x${'00'.repeat(32)}`;

/** Signs the next hop of a chain. @throws NodeError `peer` where it is not the signer's turn. */
export async function signHop(
  { plan, signer }: { readonly plan: RingPlan; readonly signer: Signer },
  chain: Chain,
  payload: Hex,
): Promise<Chain> {
  const step = chain.links.length;
  const message = messageOf(plan, chain, { step, payload });
  if (message.from !== signer.address)
    throw new NodeError(
      'peer',
      `hop: step ${step} of segment ${chain.segment} is ${message.from}'s, not ${signer.address}'s`,
    );
  const signature = await signer.signTypedData(hopData(plan.domain, message));
  return { ...chain, links: [...chain.links, { payload, signature }] };
}

/** @throws NodeError `peer` unless every link is signed by the member whose turn it was. */
export function checkChain(plan: RingPlan, chain: Chain): void {
  const count = remaining(plan, chain.absent).length;
  if (count < 2 || chain.absent >> BigInt(plan.members.length))
    throw new NodeError(
      'peer',
      `chain: absent places ${chain.absent} leave no ring of the ${plan.members.length} members`,
    );
  if (chain.segment < 0 || chain.segment >= count)
    throw new NodeError(
      'peer',
      `chain: segment ${chain.segment}, but a ring of ${count} has segments 0 to ${count - 1}`,
    );
  if (chain.links.length < 1 || chain.links.length > hopsOf(count))
    throw new NodeError(
      'peer',
      `chain: ${chain.links.length} hops, but a ring of ${count} has 1 to ${hopsOf(count)} of a segment`,
    );
  for (const [step, link] of chain.links.entries()) {
    const message = messageOf(plan, chain, { step, payload: link.payload });
    if (!isHopSigned(plan.domain, message, link.signature))
      throw new NodeError(
        'peer',
        `chain: step ${step} of segment ${chain.segment} is not signed by ${message.from}`,
      );
  }
}

/** What the sender of a step signs. */
function messageOf(
  plan: RingPlan,
  chain: Chain,
  { step, payload }: { readonly step: number; readonly payload: Hex },
): HopMessage {
  const live = remaining(plan, chain.absent);
  const sender = senderOf(chain.segment, step, live.length);
  return {
    ring: chain.ring,
    task: plan.task,
    round: plan.round,
    absent: chain.absent,
    segment: chain.segment,
    step,
    from: live[sender]!,
    to: live[(sender + 1) % live.length]!,
    input: step === 0 ? noInput : chain.links[step - 1]!.payload,
    payload,
  };
}
