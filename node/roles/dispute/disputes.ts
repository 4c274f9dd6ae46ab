// Disputes as a member takes part in them, beside its other duties: it makes evidence of what it noticed and
// announces it; a validator judges what others announced, and signs what convicts; whoever sees a quorum files, and
// carries out what was not overturned. What is done is read from the chain, so a restart repeats nothing.
import type { Address, Hex } from 'viem';
import { Reverted, type RoundEntry } from '../../chain/index.ts';
import {
  type Case,
  type Court,
  caseName,
  Docket,
  disputeOf,
  type Evidence,
  encodeEvidence,
  faultNames,
  faultNumbers,
  type Juror,
  judgeEvidence,
  mostAccusations,
  type Ruling,
  readJurors,
  signAccusation,
  supportOf,
} from '../../disputes/index.ts';
import { type Signer, topicOf } from '../../protocol/index.ts';
import { mayStillCome } from '../../store/index.ts';
import { oneLook, type RoleContext, step } from '../runtime/context.ts';
import { loop, outageOf, type Startable } from '../runtime/loop.ts';
import { OfHistory } from '../runtime/of_history.ts';
import { idle } from '../runtime/role.ts';
import type { Suspicion } from '../runtime/suspicion.ts';
import { createCourt } from './court_of.ts';
import { evidenceOf, suspicionName } from './evidence_of.ts';

/** Milliseconds after which evidence that could not be judged is judged again. */
const again = 15_000;

/** Milliseconds that a member leaves it to the reporter, who is paid for it, to file and to carry out. */
const reportersTurn = 20_000;

/** Suspicions that are looked into at a time: a member notices few, and forgets the oldest of too many. */
const mostSuspicions = 32;

/** Who takes part. */
export interface DisputeSettings {
  readonly signer: Signer;
  /** Of every submission and sum. */
  readonly chunks: number;
  /** Milliseconds after a look that failed. */
  readonly interval: number;
  /** Hears of a look that failed. */
  readonly onError: (error: unknown) => void;
}

/** A member's part in disputes. */
export interface Disputes extends Startable {
  /** Hears of what may be somebody's fault. */
  suspect(suspicion: Suspicion): void;
}

/** A member's part in the disputes of its task. */
export function createDisputes(context: RoleContext, settings: DisputeSettings): Disputes {
  const member = new DisputingMember(context, settings);
  const { interval, onError } = settings;
  const { chain } = context;
  // What is due changes with the chain, or with time: a look at the same logs, again and again, finds nothing new.
  const rest = (signal: AbortSignal) => chain.news(member.seen, { signal, atMost: idle });
  return {
    ...loop((signal) => member.look(signal), { interval, rest, onError }),
    suspect: (each) => member.suspect(each),
  };
}

/** One look after the other: each takes the steps that are due. */
export class DisputingMember {
  readonly #context: RoleContext;
  readonly #signer: Signer;
  readonly #docket: Docket;
  readonly #court: ReturnType<typeof createCourt>;
  /** Each with the block at which it was looked into last. */
  readonly #suspicions = new Map<string, { readonly suspicion: Suspicion; readonly tried: bigint }>();
  /** Cases that this member has announced since it started: one of a round and member is enough. */
  readonly #accused: OfHistory<Set<string>>;
  /** By digest of the evidence. */
  readonly #rulings = new Map<Hex, { readonly ruling: Ruling; readonly at: number }>();
  /** By what is due, when this member saw first that it is. */
  readonly #due = new Map<string, number>();
  #seen = 0n;

  constructor(context: RoleContext, { signer, chunks }: Pick<DisputeSettings, 'signer' | 'chunks'>) {
    const { chain, store } = context;
    this.#context = context;
    this.#accused = new OfHistory(chain, () => new Set());
    this.#signer = signer;
    this.#court = createCourt(context, chunks);
    const domain = { chainId: chain.chainId, contract: chain.disputes };
    this.#docket = new Docket({ task: chain.task, domain, store });
  }

  suspect(suspicion: Suspicion): void {
    const name = suspicionName(suspicion);
    if (this.#suspicions.has(name)) return;
    this.#suspicions.set(name, { suspicion, tried: -1n });
    const [oldest] = this.#suspicions.keys();
    if (this.#suspicions.size > mostSuspicions) this.#suspicions.delete(oldest!);
  }

  /** The block before which the last look had everything. */
  get seen(): bigint {
    return this.#seen;
  }

  async look(signal: AbortSignal): Promise<void> {
    const { chain } = this.#context;
    await chain.refresh();
    this.#seen = chain.height;
    if (chain.journal.rounds.length === 0) return;
    const cases = await this.#docket.read(chain.journal, oneLook(signal));
    await this.#accuse(cases, signal);
    const undecided = cases.filter(({ evidence }) => !this.#isFiled(evidence));
    if (undecided.length > 0) {
      const jurors = await readJurors(this.#context.chain);
      await this.#sign(undecided, jurors, signal);
      await this.#file(undecided, jurors);
    }
    await this.#execute(cases);
  }

  // ---- evidence

  async #accuse(cases: readonly Case[], signal: AbortSignal): Promise<void> {
    const { height } = this.#context.chain;
    for (const [name, { suspicion, tried }] of this.#suspicions) {
      if (tried === height) continue;
      this.#suspicions.set(name, { suspicion, tried: height });
      const court = this.#court(oneLook(signal));
      let settled: boolean;
      try {
        settled = await this.#pursue(court, cases, suspicion);
      } catch (error) {
        if (court.signal?.aborted || mayStillCome(error)) continue;
        // Nothing raises a suspicion again: given up while chain or disk is away, it would let a liar off.
        if (!outageOf(error)) this.#suspicions.delete(name);
        throw error;
      }
      // Further shares may come while the round lasts, and show then whose are wrong.
      if (settled || this.#isOver(suspicion.entry)) this.#suspicions.delete(name);
    }
  }

  /** Announces the evidence that a suspicion leads to. @returns whether nothing more can come of it. */
  async #pursue(court: Court, cases: readonly Case[], suspicion: Suspicion): Promise<boolean> {
    const found = await evidenceOf(court, suspicion);
    let settled = found.length > 0;
    for (const evidence of found) {
      if (this.#isFiled(evidence) || (await this.#isKnown(court, cases, evidence))) continue;
      const { ruling } = await judgeEvidence(court, evidence);
      if (ruling === 'convicts') await this.#announce(evidence);
      if (ruling === 'open') settled = false;
    }
    return settled;
  }

  /** Whether another accusation does as well. One that convicts nobody must not keep this one back. */
  async #isKnown(court: Court, cases: readonly Case[], of: Evidence): Promise<boolean> {
    for (const { accusation, evidence } of cases)
      if (
        caseName(evidence) === caseName(of) &&
        (await this.#rule(accusation.evidence, evidence, court)).ruling === 'convicts'
      )
        return true;
    return false;
  }

  async #announce(evidence: Evidence): Promise<void> {
    const { chain, store } = this.#context;
    const { round, culprit, kind } = evidence;
    if (this.#accused.value.has(caseName(evidence))) return;
    const topic = topicOf('accusation', round);
    const own = chain.journal.announcements.filter(
      (post) => post.topic === topic && post.sender === chain.account,
    );
    // Nobody reads more of one member in a round.
    if (own.length >= mostAccusations) return;
    step(this.#context, `accuses ${culprit} of ${faultNames[faultNumbers[kind]]} in round ${round}`);
    await chain.announce('accusation', round, await store.put(encodeEvidence(evidence), 'evidence'));
    this.#accused.value.add(caseName(evidence));
  }

  // ---- signatures

  /**
   * Signs, of the cases of a round and member, the first that convicts: all validators look at the same order, so
   * that their signatures add up. A case before it that was open may convict later; it is signed then, too.
   */
  async #sign(cases: readonly Case[], jurors: readonly Juror[], signal: AbortSignal): Promise<void> {
    const { account } = this.#context.chain;
    if (!jurors.some((juror) => juror.account === account && juror.standing === 'good')) return;
    const decided = new Set<string>();
    for (const { accusation, evidence, signed } of cases) {
      const name = caseName(evidence);
      if (decided.has(name) || evidence.culprit === account) continue;
      const { ruling } = await this.#rule(accusation.evidence, evidence, this.#court(oneLook(signal)));
      if (ruling !== 'convicts') continue;
      decided.add(name);
      if (signed.some(({ signer }) => signer === account)) continue;
      await this.#announceSignature(accusation, evidence);
    }
  }

  async #announceSignature(accusation: Case['accusation'], evidence: Evidence): Promise<void> {
    const { chain, store } = this.#context;
    const domain = { chainId: chain.chainId, contract: chain.disputes };
    const digest = await store.put(
      await signAccusation(domain, this.#signer, accusation),
      'accusation signature',
    );
    const topic = topicOf('accusation-signature', evidence.round);
    const posted = chain.journal.announcements.some(
      (post) => post.topic === topic && post.sender === chain.account && post.digest === digest,
    );
    if (posted) return;
    step(
      this.#context,
      `finds ${evidence.culprit} guilty of ${faultNames[accusation.fault]} in round ${evidence.round}`,
    );
    await chain.announce('accusation-signature', evidence.round, digest);
  }

  /** What evidence comes to, as this member finds it. */
  async #rule(digest: Hex, evidence: Evidence, court: Court): Promise<Ruling> {
    const known = this.#rulings.get(digest);
    if (known && (known.ruling.ruling !== 'open' || performance.now() < known.at + again))
      return known.ruling;
    const ruling = await judgeEvidence(court, evidence);
    this.#rulings.set(digest, { ruling, at: performance.now() });
    return ruling;
  }

  // ---- disputes

  /** Files what a quorum has signed, when its round is over: nobody leaves a round that is being decrypted. */
  async #file(cases: readonly Case[], jurors: readonly Juror[]): Promise<void> {
    const { chain } = this.#context;
    const filed = new Set<string>();
    for (const { accusation, evidence, signed } of cases) {
      const name = caseName(evidence);
      const entry = chain.journal.rounds.find(({ number }) => number === evidence.round)!;
      if (filed.has(name) || !this.#isOver(entry)) continue;
      const support = supportOf(jurors, evidence.culprit, signed);
      if (!support.isQuorum || !this.#isTurn(`file/${name}`, accusation.reporter)) continue;
      filed.add(name);
      step(this.#context, `files the dispute with ${evidence.culprit} about round ${evidence.round}`);
      await this.#try(`file/${name}`, () => chain.fileDispute(accusation, support.signed));
    }
  }

  /** Carries out what was filed and not overturned in time. */
  async #execute(cases: readonly Case[]): Promise<void> {
    const { chain } = this.#context;
    const pending = [...chain.journal.disputes.values()].filter(({ status }) => status === 'pending');
    if (pending.length === 0) return;
    const now = await chain.time();
    for (const { id, culprit, round, evidence, appealEnds } of pending) {
      const of = cases.find(({ accusation }) => accusation.evidence === evidence);
      if (now <= appealEnds || !this.#isTurn(`execute/${id}`, of?.accusation.reporter)) continue;
      step(this.#context, `has the dispute with ${culprit} about round ${round} carried out`);
      await this.#try(`execute/${id}`, () => chain.executeDispute(id));
    }
  }

  /** Whether it is for this member to send what is due: at once for the reporter, later for the others. */
  #isTurn(what: string, reporter: Address | undefined): boolean {
    const since = this.#due.get(what) ?? performance.now();
    this.#due.set(what, since);
    const patience = reporter === this.#context.chain.account ? 0 : reportersTurn;
    return performance.now() >= since + patience;
  }

  /** Sends; what the contract refuses is due again a while later. */
  async #try(what: string, send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      this.#due.set(what, performance.now() + again);
      if (!(error instanceof Reverted)) throw error;
      step(this.#context, `is refused: ${error.message}`);
    }
  }

  #isFiled(evidence: Evidence): boolean {
    return disputeOf(this.#context.chain.journal, evidence) !== undefined;
  }

  #isOver({ number, outcome }: RoundEntry): boolean {
    return outcome !== 'pending' || this.#context.chain.journal.rounds.at(-1)!.number > number;
  }
}
