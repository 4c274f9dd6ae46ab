// One pass around the ring with a fixed set of members: reduce-scatter, then all-gather (Patarasuk and Yuan
// 2009, section 3). A member sends a part on as soon as it has that part, so that only its predecessor can
// make it wait.
import { reasonOf } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import { digestOf, type Signer } from '../protocol/index.ts';
import { type Chain, checkChain, signHop } from './hop.ts';
import { hopsOf, type Places, type RingPlan, remaining, segmentAt, segmentRange } from './plan.ts';
import { addResidues, decodePart, encodePart, placeRange, sliceRange } from './residues.ts';
import type { RingTiming } from './timing.ts';
import type { Answer, Reply, Request } from './wire.ts';

/** The session's side of an attempt. */
export interface AttemptSettings {
  readonly plan: RingPlan;
  readonly ring: Chain['ring'];
  readonly absent: Places;
  readonly signer: Signer;
  readonly timing: RingTiming;
  /** When the session was opened, on `performance.now()`'s clock. */
  readonly openedAt: number;
  ask(to: Address, request: Request, signal: AbortSignal): Promise<Reply>;
  suspect(member: Address, reason: string): void;
  /** Ends the attempt: a new one takes its place, the time is up, or the session stops. */
  readonly signal: AbortSignal;
}

/** An attempt under way. */
export interface Attempt {
  /**
   * Takes part until the whole sum is here; rejects when the signal fires.
   * @param own the sum of this member's addends.
   */
  run(own: Promise<BigUint64Array>): Promise<BigUint64Array>;
  /** A hop from the network. */
  receive(hop: Extract<Request, { kind: 'hop' }>, from: Address): Promise<Answer>;
  /** 0 while preparing, then 1 and the number of hops received without a gap. */
  progress(): number;
  /** Of every segment, the longest signed chain that this member has seen, refused ones included. */
  chains(): Chain[];
  /** `from` has asked for the status: a successor that waits may have lost its hops, and gets them again. */
  asked(from: Address): void;
  /** Lets a wait for `member` ask at once whether it is still there. */
  nudge(member: Address): void;
}

/** A hop from the predecessor, checked. */
interface Received {
  readonly chain: Chain;
  readonly part: BigUint64Array;
}

/** An attempt, not yet run; hops that arrive early are kept. */
export function createAttempt(settings: AttemptSettings): Attempt {
  const { plan, ring, absent, signer, timing, ask, suspect, signal } = settings;
  const live = remaining(plan, absent);
  const count = live.length;
  const hops = hopsOf(count);
  const position = live.indexOf(signer.address);
  const predecessor = live[(position + count - 1) % count]!;
  const successor = live[(position + 1) % count]!;
  const inbox = new Map<number, Received>();
  const seen = new Map<number, Chain>();
  const sent: { chain: Chain; part: Uint8Array }[] = [];
  let resending = false;
  let prepared = false;
  let wake = () => {};

  function contiguous(): number {
    let step = 0;
    while (inbox.has(step)) step++;
    return step;
  }

  const progress = () => (prepared ? 1 + contiguous() : 0);

  function remember(chain: Chain) {
    if (chain.links.length > (seen.get(chain.segment)?.links.length ?? 0)) seen.set(chain.segment, chain);
  }

  async function receive(hop: Extract<Request, { kind: 'hop' }>, from: Address): Promise<Answer> {
    const { chain, part } = hop;
    const step = chain.links.length - 1;
    if (from !== predecessor) return 'refused';
    try {
      if (step < 0 || step >= hops) throw new NodeError('peer', `step ${step} of ${hops}`);
      const segment = segmentAt((position + count - 1) % count, step, count);
      if (chain.segment !== segment)
        throw new NodeError('peer', `segment ${chain.segment} at step ${step}; it is ${segment}'s turn`);
      const payload = chain.links[step]!.payload;
      const before = inbox.get(step);
      if (before) {
        if (before.chain.links[step]!.payload === payload) return 'accepted';
        throw new NodeError('peer', `two different hops for step ${step}`);
      }
      if (digestOf(part) !== payload)
        throw new NodeError('peer', `step ${step}: the part is not what was signed`);
      checkChain(plan, chain);
      remember(chain);
      const values = decodePart(plan.shape, part, segmentRange(plan, segment, count));
      inbox.set(step, { chain, part: values });
      wake();
      return 'accepted';
    } catch (error) {
      suspect(from, reasonOf(error));
      return 'refused';
    }
  }

  /** Sends a hop until it is accepted; a successor that cannot be reached is suspected. */
  async function send(chain: Chain, part: Uint8Array): Promise<void> {
    let failures = 0;
    for (let pause = 25; !signal.aborted; pause = Math.min(2 * pause, timing.hop / 4)) {
      const reply = await ask(successor, { kind: 'hop', ring, absent, chain, part }, signal).catch(
        () => undefined,
      );
      if (reply?.answer === 'accepted') return;
      // This member's hops are right, so a successor that refuses one cannot be.
      if (reply?.answer === 'refused') return suspect(successor, 'it refuses a right hop');
      if (reply?.answer === 'gone') return suspect(successor, 'it has closed the ring');
      failures = reply ? 0 : failures + 1;
      const waited = performance.now() - settings.openedAt;
      if (failures > timing.tries && pause >= timing.hop / 4)
        return suspect(successor, 'it cannot be reached');
      if (reply?.answer === 'unknown' && waited > timing.join)
        return suspect(successor, 'it never opened the ring');
      await sleep(pause, signal);
    }
  }

  async function resend(): Promise<void> {
    resending = true;
    for (const { chain, part } of [...sent]) await send(chain, part);
    resending = false;
  }

  /** Waits for the predecessor's hop of a step; when it does not come, asks why. */
  async function arrival(step: number): Promise<Received> {
    let complaints = 0;
    for (let patience = timing.hop; ; ) {
      const received = inbox.get(step);
      if (received) return received;
      signal.throwIfAborted();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([woken, sleep(patience, signal)]);
      if (inbox.has(step)) continue;
      signal.throwIfAborted();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timing.hop)]);
      const reply = await ask(predecessor, { kind: 'status', ring, absent }, limit).catch(() => undefined);
      if (inbox.has(step)) continue;
      const waited = performance.now() - settings.openedAt;
      const reason = complaint(reply, step, waited);
      complaints = reason === undefined ? 0 : complaints + 1;
      patience = reply ? timing.hop : timing.hop / 4;
      if (reason !== undefined && (complaints >= timing.tries || reply?.answer === 'gone')) {
        suspect(predecessor, reason);
        patience = timing.attempt;
      }
    }
  }

  function complaint(reply: Reply | undefined, step: number, waited: number): string | undefined {
    if (!reply) return 'it does not answer';
    if (reply.answer === 'gone') return 'it has closed the ring';
    if (reply.answer === 'unknown') return waited > timing.join ? 'it never opened the ring' : undefined;
    // The predecessor has all that the awaited hop needs, and does not send it.
    if (reply.answer === 'accepted' && reply.absent === absent && reply.progress > step)
      return `it withholds step ${step}`;
    return undefined;
  }

  return {
    receive,
    progress,
    chains: () => [...seen.values()],
    asked(from) {
      if (from === successor && !resending) void resend();
    },
    nudge: (member) => {
      if (member === predecessor) wake();
    },

    async run(own) {
      const mine = await own;
      signal.throwIfAborted();
      prepared = true;
      const sum = new BigUint64Array(mine.length);
      let before: Received | undefined;
      for (let step = 0; step < hops; step++) {
        const segment = segmentAt(position, step, count);
        const range = segmentRange(plan, segment, count);
        const ownPart = sliceRange(plan.shape, mine, range);
        // The last hop received carries the segment that is sent now: a scattered part gains this member's, a
        // gathered one is whole.
        const part = !before
          ? ownPart
          : step < count
            ? addResidues(plan.shape, before.part, ownPart)
            : before.part;
        if (step >= count - 1) placeRange(plan.shape, sum, { part, range });
        const bytes = encodePart(plan.shape, part);
        const chain = await signHop(
          { plan, signer },
          before?.chain ?? { ring, absent, segment, links: [] },
          digestOf(bytes),
        );
        signal.throwIfAborted();
        remember(chain);
        sent.push({ chain, part: bytes });
        void send(chain, bytes);
        before = await arrival(step);
      }
      const last = segmentAt(position, hops, count);
      placeRange(plan.shape, sum, { part: before!.part, range: segmentRange(plan, last, count) });
      return sum;
    },
  };
}

/** Resolves after a time, or at once when the signal fires. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
