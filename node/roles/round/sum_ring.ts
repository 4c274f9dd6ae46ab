// The trainers' ring as a round uses it: ciphertexts in, the sum's ciphertexts out (node/ring, node/peer).

import type { He, KeyGroup } from '@murmuration/he';
import { addendsOf, type RoundEntry, type TaskChain } from '../../chain/index.ts';
import { loadCiphertexts } from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { encryptionBinding, type Signer, subjectOf, sumName, updateSum } from '../../protocol/index.ts';
import {
  type Chain,
  ciphertextShape,
  ciphertextsOf,
  type RingPlan,
  type RingService,
  type RingSession,
  type RingTiming,
  residuesOf,
  roundPlan,
} from '../../ring/index.ts';
import type { ContentStore } from '../../store/index.ts';
import { bindingOf } from '../runtime/context.ts';

/** One sum of a round. */
export interface RoundSum {
  readonly group: KeyGroup;
  readonly entry: RoundEntry;
  /** Number of the sum. */
  readonly sum: number;
}

/** Adds a round's ciphertexts together with the other trainers. */
export interface SumRing {
  /**
   * Resolves to the sum's ciphertexts, chunk by chunk. It never rejects because others are gone. Called again
   * for the same round it gives the same ring's sum; a ring that failed is opened anew.
   */
  sum(of: RoundSum, signal: AbortSignal): Promise<Uint8Array[]>;
  /** The signed chains of a ring that is open: the evidence where its sum is false. */
  chains(entry: RoundEntry, sum: number): Chain[];
}

/** What a ring is made of. */
export interface RingParts {
  readonly service: RingService;
  readonly signer: Signer;
  readonly chain: TaskChain;
  readonly store: ContentStore;
  readonly he: He;
  /** Of a round. */
  readonly chunks: number;
  /** Hears how a sum came about. */
  tell(text: string): void;
}

/** A sum's ring, from when the sum is asked for. */
interface Ring {
  readonly round: number;
  /** Closes it, be it open yet or not. */
  readonly closing: AbortController;
  session?: RingSession;
  readonly sum: Promise<Uint8Array[]>;
}

/** A ring over a peer's ring service. Its members are the trainers whose updates the round accepted. */
export function createSumRing(parts: RingParts): SumRing & { stop(): Promise<void> } {
  const { service, signer, chain, store, he, chunks, tell } = parts;
  const rings = new Map<string, Ring>();

  const planOf = (entry: RoundEntry, sum: number): RingPlan =>
    roundPlan({
      domain: { chainId: chain.chainId, contract: chain.rounds },
      task: chain.task,
      round: entry.number,
      sum,
      members: entry.submitted.update.map(({ sender }) => sender),
      addends: addendsOf(entry, sum),
      shape: ciphertextShape(he, chunks),
    });

  async function run(ring: Ring, of: RoundSum, signal: AbortSignal): Promise<Uint8Array[]> {
    const { group, entry, sum: number } = of;
    const accepted = addendsOf(entry, number);
    const { aggregateDuration } = await chain.terms();
    // Whoever closed it meanwhile found no session to stop.
    ring.closing.signal.throwIfAborted();
    const plan = planOf(entry, number);
    const session = service.open({
      plan,
      signer,
      timing: timingOf(aggregateDuration),
      async load(addend, loading) {
        const { sender, digests } = accepted[addend]!;
        const opening = { he, group, store, signal: AbortSignal.any([loading, signal]) };
        const binding = encryptionBinding({ ...bindingOf(parts, subjectOf(number), entry.number), sender });
        return residuesOf({ he, group }, await loadCiphertexts(opening, { digests, binding }));
      },
    });
    ring.session = session;
    try {
      const { sum, how, absent } = await session.result;
      const without = absent.length > 0 ? `, without ${absent.join(', ')}` : '';
      if (how === 'alone') tell(`adds the sum of ${sumName(number)} alone${without}`);
      else if (number === updateSum || without)
        tell(
          `added the sum of ${sumName(number)} around a ring of ${plan.members.length - absent.length}${without}`,
        );
      const weight = accepted.reduce((total, each) => total + each.weight, 0);
      return ciphertextsOf({ he, group }, sum, BigInt(weight));
    } catch (error) {
      await session.stop();
      throw error;
    }
  }

  async function close(name: string, { closing, session }: Ring): Promise<void> {
    rings.delete(name);
    closing.abort(new NodeError('interrupted', 'the ring was closed'));
    await session?.stop();
  }

  /** Closes the rings of earlier rounds: by now they have helped the members that they could help. */
  async function closeOthers(round: number): Promise<void> {
    for (const [name, ring] of rings) if (ring.round !== round) await close(name, ring);
  }

  return {
    sum(of, signal) {
      const { entry, sum: number } = of;
      const name = nameOf(entry, number);
      const open = rings.get(name);
      if (open) return open.sum;
      const ring: Ring = {
        round: entry.number,
        closing: new AbortController(),
        sum: closeOthers(entry.number).then(() => run(ring, of, signal)),
      };
      rings.set(name, ring);
      ring.sum.catch(() => rings.get(name) === ring && rings.delete(name));
      return ring.sum;
    },
    chains: (entry, sum) => rings.get(nameOf(entry, sum))?.session?.chains() ?? [],
    stop: async () => void (await Promise.all([...rings].map(([name, ring]) => close(name, ring)))),
  };
}

const nameOf = ({ number }: RoundEntry, sum: number): string => `${number}/${sum}`;

/**
 * The ring's waiting times, in milliseconds, in proportion to the Aggregate phase (seconds): a member that is
 * gone must be noticed and the ring formed anew within the first quarter, in which the first set of
 * decrypting members is asked.
 */
function timingOf(aggregateDuration: number): Partial<RingTiming> {
  const phase = aggregateDuration * 1000;
  const within = (most: number, share: number) => Math.max(1, Math.min(most, Math.floor(phase * share)));
  return { hop: within(5_000, 1 / 48), join: within(60_000, 1 / 8), attempt: within(120_000, 1 / 8) };
}
