// Which members are gone: signed notices that only ever add up. Members that have heard the same notices run
// the same attempt, and every exchange passes on the notices that the other has not heard, so no coordinator
// decides.
import { type Hex, hashTypedData } from 'viem';
import { NodeError } from '../errors.ts';
import { absenceData, type Signer, signerOf } from '../protocol/index.ts';
import type { Places, RingPlan } from './plan.ts';

/** One member's word that another is gone, or that it leaves itself. Places in the plan. */
export interface Notice {
  readonly accused: number;
  readonly by: number;
  readonly signature: Hex;
}

/** Signs a notice about the member at the place `accused`. */
export async function signNotice(
  { plan, ring, signer }: { readonly plan: RingPlan; readonly ring: Hex; readonly signer: Signer },
  accused: number,
): Promise<Notice> {
  const by = plan.members.indexOf(signer.address);
  const signature = await signer.signTypedData(typed(plan, ring, { accused, by }));
  return { accused, by, signature };
}

/** @throws NodeError `peer` unless the notice is about a member, by a member, and signed by that member. */
export function checkNotice(plan: RingPlan, ring: Hex, { accused, by, signature }: Notice): void {
  const count = plan.members.length;
  if (accused >= count || by >= count)
    throw new NodeError('peer', `notice: places ${accused}, ${by}; the ring has ${count} members`);
  const hash = hashTypedData(typed(plan, ring, { accused, by }));
  if (signerOf(hash, signature) !== plan.members[by])
    throw new NodeError('peer', `notice: not signed by ${plan.members[by]}`);
}

/** The places that notices accuse. */
export const accusedBy = (notices: Iterable<Notice>): Places =>
  [...notices].reduce((places, { accused }) => places | (1n << BigInt(accused)), 0n);

const typed = (plan: RingPlan, ring: Hex, { accused, by }: Pick<Notice, 'accused' | 'by'>) =>
  absenceData(plan.domain, { ring, accused: plan.members[accused]!, by: plan.members[by]! });
