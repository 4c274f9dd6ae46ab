// One ring from its opening to its close: attempts over fewer and fewer members until one goes around. A
// member that is alone, presumed gone or out of time adds the public ciphertexts itself: slower, the same
// sum.
import { reasonOf } from '@murmuration/core';
import type { Address, Hex } from 'viem';
import { NodeError } from '../errors.ts';
import type { Signer } from '../protocol/index.ts';
import { accusedBy, checkNotice, type Notice, signNotice } from './absence.ts';
import { type Attempt, createAttempt } from './attempt.ts';
import type { Chain } from './hop.ts';
import { addendsOf, type Places, planDigest, type RingPlan, remaining } from './plan.ts';
import { addResidues, checkVector, scaleResidues } from './residues.ts';
import { type RingTiming, ringTiming } from './timing.ts';
import type { Answer, Reply, Request } from './wire.ts';

/** What a member brings to a ring. */
export interface RingSettings {
  readonly plan: RingPlan;
  readonly signer: Signer;
  /** The residues of an addend (an index into `plan.addends`), without its weight, from the content store. */
  load(addend: number, signal: AbortSignal): Promise<BigUint64Array>;
  readonly timing?: Partial<RingTiming>;
  /** Hears what happens, for the log. */
  onEvent?(event: RingEvent): void;
}

/** What the log can show. */
export type RingEvent =
  | { readonly kind: 'attempt'; readonly members: readonly Address[] }
  | {
      readonly kind: 'suspected';
      readonly member: Address;
      readonly by: Address;
      readonly reason: string;
    }
  | { readonly kind: 'alone'; readonly reason: string };

/** The sum, and how it came about. */
export interface RingResult {
  /** `sum_i w_i * addend_i`, residue by residue, in the plan's shape. */
  readonly sum: BigUint64Array;
  /**
   * `ring`: received from the others, and as true as they are. `alone`: added here from the public
   * ciphertexts.
   */
  readonly how: 'ring' | 'alone';
  readonly absent: readonly Address[];
  readonly attempts: number;
  /** Bytes of parts and signatures that this member sent. */
  readonly bytesSent: number;
}

/**
 * A ring that this member takes part in. It helps others along, also after its own result, until it is
 * stopped.
 */
export interface RingSession {
  readonly ring: Hex;
  /** Rejects only with an `AddendError`, or when the session is stopped before it has the sum. */
  readonly result: Promise<RingResult>;
  /** The signed chains of all attempts, for `firstWrongHop` to judge. */
  chains(): Chain[];
  stop(): Promise<void>;
}

/** A session as the service drives it. */
export interface DrivenSession extends RingSession {
  handle(request: Request, from: Address): Promise<Reply>;
  lost(account: Address): void;
}

/**
 * An addend that cannot be had or is malformed, by its author's fault or the store's. No ring can be run
 * before it is settled. A NodeError `sum`; its cause says whose fault it is.
 */
export class AddendError extends NodeError {
  readonly addend: number;
  readonly author: Address;

  constructor(addend: number, author: Address, cause: unknown) {
    super('sum', `addend ${addend} of ${author}: ${reasonOf(cause)}; without it there is no sum`, { cause });
    this.addend = addend;
    this.author = author;
  }
}

/** The reason of an attempt that ended because a member is gone. */
class Superseded extends Error {}

/** What goes with a request. */
interface Sending {
  readonly signal: AbortSignal;
  /** Hears of the bytes as they leave: a reply to the last of them may come after the sum. */
  leaving(bytes: number): void;
}

/** Opens a session. `send` delivers a request to another member and resolves to its reply. */
export function openSession(
  settings: RingSettings,
  send: (to: Address, request: Request, sending: Sending) => Promise<Reply>,
): DrivenSession {
  const { plan, signer, load, onEvent } = settings;
  const timing = ringTiming(settings.timing);
  const ring = planDigest(plan);
  const self = plan.members.indexOf(signer.address);
  if (self < 0) throw new NodeError('peer', `ring: ${signer.address} is no member of it`);

  const openedAt = performance.now();
  const closing = new AbortController();
  const notices = new Map<number, Notice>();
  const loaded = new Map<number, Promise<BigUint64Array>>();
  const history: Chain[] = [];
  let current: { absent: Places; attempt: Attempt; superseded: AbortController } | undefined;
  let attempts = 0;
  let done = false;
  const result = Promise.withResolvers<RingResult>();
  let changed = Promise.withResolvers<void>();
  let bytesSent = 0;

  const absent = (): Places => accusedBy(notices.values());
  const isGone = (place: number) => notices.has(place);

  /** An addend times its weight; loaded once, and again if that failed. */
  function weighted(index: number): Promise<BigUint64Array> {
    let vector = loaded.get(index);
    if (!vector) {
      const { author, weight } = plan.addends[index]!;
      vector = load(index, closing.signal)
        .then((residues) => {
          checkVector(plan.shape, residues, 'its ciphertext');
          return scaleResidues(plan.shape, residues, weight);
        })
        .catch((cause: unknown) => {
          throw new AddendError(index, author, cause);
        });
      vector.catch(() => loaded.delete(index));
      loaded.set(index, vector);
    }
    return vector;
  }

  async function sumOf(indices: Iterable<number>): Promise<BigUint64Array> {
    let sum: BigUint64Array = new BigUint64Array(plan.shape.moduli.length * plan.shape.coefficients);
    for (const index of indices) sum = addResidues(plan.shape, sum, await weighted(index));
    return sum;
  }

  /** Keeps notices that are new and genuine; if a member is gone, starts over and passes the news on. */
  async function learn(heard: readonly Notice[]): Promise<void> {
    let news = false;
    for (const notice of heard) {
      if (isGone(notice.accused)) continue;
      checkNotice(plan, ring, notice);
      notices.set(notice.accused, notice);
      news = true;
    }
    if (!news || closing.signal.aborted) return;
    current?.superseded.abort(new Superseded('a member is gone'));
    changed.resolve();
    changed = Promise.withResolvers();
    for (const member of plan.members) if (member !== signer.address) void tell(member);
  }

  const tell = (member: Address) =>
    ask(
      member,
      { kind: 'notices', ring, absent: absent(), notices: [...notices.values()] },
      closing.signal,
    ).catch(
      // A member that does not hear it now hears it with its next request or reply.
      () => undefined,
    );

  async function ask(to: Address, request: Request, signal: AbortSignal): Promise<Reply> {
    const reply = await send(to, request, {
      signal: AbortSignal.any([signal, closing.signal]),
      leaving: (bytes) => {
        bytesSent += bytes;
      },
    });
    await learn(reply.notices);
    const knows = reply.answer === 'accepted' || reply.answer === 'elsewhere';
    if (knows && request.kind !== 'notices' && (absent() & ~reply.absent) !== 0n) void tell(to);
    return reply;
  }

  async function accuse(place: number, reason: string): Promise<void> {
    if (isGone(place) || closing.signal.aborted) return;
    onEvent?.({ kind: 'suspected', member: plan.members[place]!, by: signer.address, reason });
    await learn([await signNotice({ plan, ring, signer }, place)]);
  }

  /** Runs one attempt to its end; resolves to undefined when a new attempt takes its place. */
  async function tryOnce(): Promise<BigUint64Array | undefined> {
    const gone = absent();
    const superseded = new AbortController();
    const signal = AbortSignal.any([superseded.signal, closing.signal]);
    const attempt = createAttempt({
      plan,
      ring,
      absent: gone,
      signer,
      timing,
      openedAt,
      ask,
      suspect: (member, reason) => void accuse(plan.members.indexOf(member), reason).catch(result.reject),
      signal,
    });
    history.push(...(current?.attempt.chains() ?? []));
    current = { absent: gone, attempt, superseded };
    attempts += 1;
    onEvent?.({ kind: 'attempt', members: remaining(plan, gone) });
    const timer = setTimeout(
      () => superseded.abort(new NodeError('peer', 'the attempt took too long')),
      timing.attempt,
    );
    try {
      // Raced: signing and loading are the caller's code and may take long.
      const own = sumOf(addendsOf(plan, gone).get(signer.address)!);
      return await Promise.race([attempt.run(own), ended(signal)]);
    } catch (error) {
      if (superseded.signal.reason instanceof Superseded) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Leaves the ring, so that the others need not wait, and adds everything here if the sum is still needed.
   */
  async function leave(reason: string): Promise<void> {
    await accuse(self, reason);
    if (done) return;
    onEvent?.({ kind: 'alone', reason });
    finish(await sumOf(plan.addends.keys()), 'alone');
  }

  function finish(sum: BigUint64Array, how: RingResult['how']) {
    done = true;
    const gone = plan.members.filter((_, place) => isGone(place));
    result.resolve({ sum, how, absent: gone, attempts, bytesSent });
  }

  async function life(): Promise<void> {
    for (;;) {
      if (isGone(self)) return leave('others take this member for gone');
      if (remaining(plan, absent()).length < 2) return leave('no other member is left');
      if (attempts >= timing.attempts) return leave(`the ring formed ${attempts} times in vain`);
      const news = changed.promise;
      let sum: BigUint64Array | undefined;
      try {
        sum = await tryOnce();
      } catch (error) {
        closing.signal.throwIfAborted();
        return leave(reasonOf(error));
      }
      if (!sum) continue;
      if (!done) finish(sum, 'ring');
      // The others may still lose a member, even when this one has its sum: it goes around again with them.
      await Promise.race([news, ended(closing.signal)]);
    }
  }

  // A macrotask later, so that the service knows the session before its first hop can be answered.
  const opened = new Promise<void>((resolve) => setImmediate(resolve));
  const living = Promise.race([opened.then(life), ended(closing.signal)]).catch(result.reject);
  result.promise.catch(() => {});

  return {
    ring,
    result: result.promise,
    chains: () => [...history, ...(current?.attempt.chains() ?? [])],

    async handle(request, from) {
      const answer = await answerTo(request, from).catch((): Answer => 'refused');
      const gone = absent();
      return {
        answer,
        absent: gone,
        progress: current?.absent === gone ? current.attempt.progress() : 0,
        notices: gone & ~request.absent ? [...notices.values()] : [],
      };
    },

    lost: (account) => current?.attempt.nudge(account),

    async stop() {
      closing.abort(new NodeError('interrupted', 'the ring was closed'));
      await living;
    },
  };

  async function answerTo(request: Request, from: Address): Promise<Answer> {
    if (!plan.members.includes(from)) return 'refused';
    if (request.kind === 'notices') {
      await learn(request.notices);
      return 'accepted';
    }
    if (request.absent !== absent()) return 'elsewhere';
    if (request.kind === 'status') {
      if (current?.absent === request.absent) current.attempt.asked(from);
      return 'accepted';
    }
    // Between news of an absence and the attempt that follows from it, the old attempt must not see the new
    // one's hops.
    return current?.absent === request.absent ? current.attempt.receive(request, from) : 'elsewhere';
  }
}

/** Rejects when the signal fires. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
