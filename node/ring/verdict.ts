// The verdict: which member falsified a sum. The ciphertexts are public, so every partial sum can be
// computed; a signed chain shows what each member received and sent on. The first link that differs from the
// true partial sum is its signer's lie: its input, by the very message that it signed, was still true. An
// honest member cannot be found guilty, whatever the others do.
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import { digestOf } from '../protocol/index.ts';
import { type Chain, checkChain } from './hop.ts';
import { addendsOf, planDigest, type RingPlan, remaining, segmentRange, senderOf } from './plan.ts';
import { addResidues, encodePart, scaleResidues, sliceRange } from './residues.ts';

/**
 * A proven lie. `chain` ends with the wrong hop; its last two links are the two signed messages that prove
 * it.
 */
export interface Fault {
  readonly culprit: Address;
  readonly step: number;
  readonly chain: Chain;
}

/** The residues of an addend without its weight, as in a ring's settings. */
export type LoadAddend = (addend: number) => Promise<BigUint64Array>;

/**
 * The first wrong hop among chains of one ring, earliest step first, then lowest segment; undefined if all
 * are right. A third party that checks a fault calls this function with that fault's chain alone.
 * @throws NodeError `peer` on a chain of another ring or with a wrong signature: it is no evidence.
 */
export async function firstWrongHop(
  plan: RingPlan,
  load: LoadAddend,
  chains: readonly Chain[],
): Promise<Fault | undefined> {
  const ring = planDigest(plan);
  const weighted = new Map<number, BigUint64Array>();
  let first: Fault | undefined;
  for (const chain of chains) {
    if (chain.ring !== ring)
      throw new NodeError('peer', `chain of ring ${chain.ring}, but this plan is ${ring}`);
    checkChain(plan, chain);
    const step = await wrongStep(plan, chain, async (addend) => {
      const known = weighted.get(addend);
      if (known) return known;
      const vector = scaleResidues(plan.shape, await load(addend), plan.addends[addend]!.weight);
      weighted.set(addend, vector);
      return vector;
    });
    if (step === undefined) continue;
    const live = remaining(plan, chain.absent);
    const fault = {
      culprit: live[senderOf(chain.segment, step, live.length)]!,
      step,
      chain: { ...chain, links: chain.links.slice(0, step + 1) },
    };
    if (!first || step < first.step || (step === first.step && chain.segment < first.chain.segment))
      first = fault;
  }
  return first;
}

async function wrongStep(plan: RingPlan, chain: Chain, weighted: LoadAddend): Promise<number | undefined> {
  const live = remaining(plan, chain.absent);
  const count = live.length;
  const carried = addendsOf(plan, chain.absent);
  const range = segmentRange(plan, chain.segment, count);
  let sum: BigUint64Array = new BigUint64Array((range.to - range.from) * plan.shape.moduli.length);
  let expected = '';
  for (const [step, link] of chain.links.entries()) {
    if (step < count) {
      const sender = live[senderOf(chain.segment, step, count)]!;
      for (const addend of carried.get(sender)!)
        sum = addResidues(plan.shape, sum, sliceRange(plan.shape, await weighted(addend), range));
      expected = digestOf(encodePart(plan.shape, sum));
    }
    if (link.payload !== expected) return step;
  }
  return undefined;
}
