// One prover for all tasks of a marketplace: takes every sum that pays more than it costs, the best first, and leaves
// alone what another has landed. Which tasks there are follows from the logs, so it can be killed at any point and
// started again.
import { reasonOf } from '@murmuration/core';
import type { Address, Hex } from 'viem';
import {
  KnownInvalid,
  type MarketReader,
  type OpenTask,
  type RoundEntry,
  sumsDue,
  type TaskChain,
} from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { sumName } from '../../protocol/index.ts';
import type { SumOutcome, SumTry } from '../round/sum_try.ts';
import { chainClock } from '../runtime/chain_clock.ts';
import { same } from '../runtime/context.ts';
import { type LoopSettings, loop, type Startable } from '../runtime/loop.ts';
import type { Observer } from '../runtime/observer.ts';
import { idle } from '../runtime/role.ts';
import { waitsForContent } from '../runtime/waits.ts';
import { Notices, type Skipped } from './notices.ts';
import { Pushes } from './pushes.ts';
import { Retries } from './retries.ts';
import { costOf, GasOfSums, type Prices } from './worth.ts';

/** What the operator decides. */
export interface MarketTerms {
  /** Wei that one token is worth, above 0. */
  readonly tokenPrice: bigint;
  /** A sum has to bring at least so much above its gas, in the token's smallest unit. */
  readonly floor: bigint;
  /** Sums that are opened and proven at the same time, at least 1. */
  readonly atOnce: number;
}

/** What a prover of the marketplace works with. */
export interface MarketSettings extends MarketTerms {
  readonly account: Address;
  readonly market: MarketReader;
  /** A task as the account sees it, on the market's journal. @param mined is to be told of every transaction. */
  chain(task: bigint, mined: (call: string, gas: bigint) => void): TaskChain;
  /**
   * What proves a task's sums. It is asked for once a task, and only when one of its sums can be proven.
   * @throws NodeError for a preset that cannot be proven here: tasks of it are skipped until the next start.
   */
  prover(task: OpenTask, chain: TaskChain): Promise<TaskProver>;
  /** The time that a transaction sent now would see: seconds, chain time. */
  time(): Promise<bigint>;
  /** The present price of gas, in wei. */
  gasPrice(): Promise<bigint>;
  /** The account's free stake, in the token's smallest unit. */
  freeStake(): Promise<bigint>;
  /** Checks that the marketplace is there: of one that is not, the logs say nothing. @throws ContractsGone */
  check(): Promise<void>;
  /** An amount of the token's smallest unit, for people. */
  amount(tokens: bigint): string;
  readonly observe: Observer;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Hears that the chain does not answer, while the prover waits for it. */
  readonly silence?: LoopSettings['silence'];
  /** Hears what ends the prover: a chain without the marketplace. Without it, the prover goes on trying. */
  onFinal?(error: unknown): void;
}

/** Milliseconds between two looks at whether the marketplace is there. */
const checking = 15_000;

/** Proves the sums of a task. */
export interface TaskProver {
  /** @throws what opens and proves a sum. */
  prove(attempt: SumTry): Promise<SumOutcome>;
}

/** What one look found out. */
interface Moment {
  readonly prices: Prices;
  readonly stake: bigint;
  readonly signal: AbortSignal;
}

/** A sum that could be proven now. */
interface Candidate {
  readonly open: OpenTask;
  readonly entry: RoundEntry;
  readonly sum: number;
  /** Of the sum, with the round as the logs have it. */
  readonly key: string;
}

/** A prover that follows the marketplace until it is stopped. */
export function createMarketProver(settings: MarketSettings): Startable {
  const market = new MarketProver(settings);
  const { observe, account, interval, silence, onFinal } = settings;
  const looks = loop((signal) => market.look(signal), {
    interval,
    rest: (signal) => market.news(signal),
    onError: (error) => observe({ type: 'fault', account, role: 'prover', error }),
    ...(silence && { silence }),
    ...(onFinal && { onFinal }),
    onBack: (outage) => observe({ type: 'step', account, role: 'prover', text: `has its ${outage} again` }),
  });
  return {
    start: () => looks.start(),
    async stop() {
      await looks.stop();
      await market.ended();
    },
  };
}

class MarketProver {
  readonly #settings: MarketSettings;
  readonly #notices: Notices;
  readonly #pushes: Pushes;
  readonly #retries = new Retries();
  readonly #gas = new GasOfSums();
  /** Tasks in view. */
  readonly #known = new Set<bigint>();
  readonly #chains = new Map<bigint, TaskChain>();
  readonly #provers = new Map<bigint, Promise<TaskProver>>();
  /** Why tasks of a preset, or one task, cannot be proven here until the next start. */
  readonly #unable = new Map<Hex | bigint, string>();
  /** Sums under way. */
  readonly #working = new Map<string, Promise<void>>();
  readonly #now: () => Promise<bigint>;
  #seen = 0n;
  #checked = Number.NEGATIVE_INFINITY;

  constructor(settings: MarketSettings) {
    this.#settings = settings;
    this.#now = chainClock(() => settings.time());
    this.#notices = new Notices(settings.account, settings.observe);
    this.#pushes = new Pushes((open) => this.#chainOf(open), this.#notices);
  }

  /** Resolves once nothing is under way any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#working.values(), this.#pushes.ended()]);
  }

  /** Waits for what may be in the next look. */
  async news(signal: AbortSignal): Promise<void> {
    await this.#settings.market.news(this.#seen, { signal, atMost: idle });
  }

  /** One look: one request where there is no new block, and few however many tasks there are. */
  async look(signal: AbortSignal): Promise<void> {
    const { market, tokenPrice } = this.#settings;
    if (performance.now() - this.#checked > checking) {
      await this.#settings.check();
      this.#checked = performance.now();
    }
    await market.refresh();
    this.#seen = market.height;
    this.#comeAndGo();
    const tasks = [...market.tasks.values()];
    const candidates = tasks.flatMap((open) => this.#candidates(open));
    if (tasks.length === 0) return;
    const now = await this.#now();
    const pushable = tasks.filter((open) => this.#pushes.mayBeDue(open, now));
    if (candidates.length + pushable.length === 0) return;
    const [gas, stake] = await Promise.all([this.#settings.gasPrice(), this.#settings.freeStake()]);
    const moment = { prices: { gas, token: tokenPrice }, stake, signal };
    this.#begin(candidates, moment);
    this.#pushes.begin(
      pushable.filter((open) => this.#takes(open, moment)),
      { prices: moment.prices, roundBrings: (open) => this.#roundBrings(open, moment.prices) },
      (error) => this.#fault(error),
    );
  }

  /** Says which tasks have come and gone. */
  #comeAndGo(): void {
    const { market, amount } = this.#settings;
    for (const task of this.#known) {
      if (market.tasks.has(task)) continue;
      this.#known.delete(task);
      this.#provers.delete(task);
      this.#chains.delete(task);
      this.#unable.delete(task);
      this.#pushes.forget(task);
      this.#retries.forget(`${task}/`);
      this.#notices.leave(task, `task ${task}: it is over`);
    }
    for (const { task, parameters, economics } of market.tasks.values()) {
      if (this.#known.has(task)) continue;
      this.#known.add(task);
      const size = `${parameters.chunks} chunk${parameters.chunks === 1 ? '' : 's'} a sum`;
      this.#notices.follow(task, `task ${task}: ${size}, fee ${amount(economics.proverFee)}`);
    }
  }

  /** The sums of a task that are due and not under way; those that others have landed are told. */
  #candidates(open: OpenTask): Candidate[] {
    const { task, journal, logs } = open;
    const entry = journal.rounds.at(-1);
    if (!entry || (entry.phase !== 'aggregate' && entry.phase !== 'commit')) return [];
    for (const [sum, { prover }] of entry.sums)
      if (!same(prover, this.#settings.account)) this.#taken({ task, round: entry.number, sum }, prover);
    if (entry.phase !== 'aggregate') return [];
    return sumsDue(entry)
      .filter((sum) => !entry.sums.has(sum))
      .map((sum) => ({ open, entry, sum, key: `${task}/${entry.number}/${sum}` }))
      .filter(({ key }) => !this.#working.has(key) && this.#retries.isDue(key, logs));
  }

  #taken(sum: Required<Skipped>, prover: Address): void {
    // Of a task that is skipped as a whole, its sums are not told one by one.
    if (!this.#notices.skips(sum.task))
      this.#notices.skip(sum, 'taken', `${named(sum)} was landed by ${prover}`);
  }

  /** Begins with the sums that bring most, as many as may be under way. */
  #begin(candidates: readonly Candidate[], moment: Moment): void {
    const taken = candidates.filter(({ open }) => this.#takes(open, moment));
    const brings = ({ open }: Candidate) => this.#brings(open, moment.prices);
    const best = taken.sort((a, b) => (brings(a) < brings(b) ? 1 : brings(a) > brings(b) ? -1 : 0));
    const room = Math.max(0, this.#settings.atOnce - this.#working.size);
    for (const candidate of best.slice(0, room)) {
      const work = this.#work(candidate, moment.signal).finally(() => this.#working.delete(candidate.key));
      this.#working.set(candidate.key, work);
    }
  }

  /** Whether the task's sums are to be proven at these prices; why not is said once. */
  #takes(open: OpenTask, { prices, stake }: Moment): boolean {
    const { amount, floor } = this.#settings;
    const { task, parameters, economics, journal } = open;
    const about = { task, round: journal.rounds.at(-1)?.number ?? 0 };
    const unable = this.#unable.get(task) ?? this.#unable.get(parameters.preset);
    if (unable !== undefined) {
      this.#notices.skip(about, 'preset', `task ${task} cannot be proven here: ${unable}`);
      return false;
    }
    const { failedSum, proverFee } = economics;
    if (stake < failedSum) {
      const text = `task ${task} asks for ${amount(failedSum)} of free stake, but there is ${amount(stake)}`;
      this.#notices.skip(about, 'stake', text);
      return false;
    }
    if (this.#brings(open, prices) < floor) {
      const gas = costOf(this.#gas.of(parameters.chunks), prices);
      const above = floor > 0n ? `, and ${amount(floor)} is to be left` : '';
      const text = `task ${task} pays ${amount(proverFee)} a sum, but gas costs ${amount(gas)} at present${above}`;
      this.#notices.skip(about, 'fee', text);
      return false;
    }
    this.#notices.take(task, `task ${task} pays again, and is taken`);
    return true;
  }

  /** What a sum brings above its gas, in the token's smallest unit; below 0 it costs more than it brings. */
  #brings({ parameters, economics }: OpenTask, prices: Prices): bigint {
    return economics.proverFee - costOf(this.#gas.of(parameters.chunks), prices);
  }

  /** What a round brings: of the sums of this round, or at least that of the updates and that of one group. */
  #roundBrings(open: OpenTask, prices: Prices): bigint {
    const entry = open.journal.rounds.at(-1);
    const sums = Math.max(2, entry ? sumsDue(entry).length : 0);
    return BigInt(sums) * (this.#brings(open, prices) - this.#settings.floor);
  }

  /** One try at one sum. Never rejects. */
  async #work({ open, entry, sum, key }: Candidate, signal: AbortSignal): Promise<void> {
    const { task, economics, logs } = open;
    const about = { task, round: entry.number, sum };
    try {
      const prover = await this.#proverOf(open);
      if (!prover) return;
      const outcome = await prover.prove({ entry, sum, signal, sends: () => this.#stillPays(open) });
      // Also of one that was landed: behind confirmations, the logs do not have it yet.
      this.#retries.failed(key, logs);
      if (outcome.how === 'proven') this.#landed(about, { fee: economics.proverFee, wei: outcome.wei });
      else this.#missed(about, outcome.how);
    } catch (error) {
      if (signal.aborted) return;
      this.#retries.failed(key, logs);
      if (waitsForContent(error)) return;
      // What its own proof failed at, every other proof of the task would fail at, too.
      if (error instanceof KnownInvalid) this.#unable.set(task, error.message);
      this.#notices.skip(about, 'fault', `${named(about)}: ${reasonOf(error)}`);
    }
  }

  #landed(about: Required<Skipped>, { fee, wei }: { readonly fee: bigint; readonly wei: bigint }): void {
    const { account, observe, tokenPrice } = this.#settings;
    observe({ type: 'landed', account, ...about, fee, wei });
    this.#pushes.earned(about.task, fee - costOf(wei, { gas: 1n, token: tokenPrice }));
  }

  #missed(about: Required<Skipped>, how: Exclude<SumOutcome['how'], 'proven'>): void {
    if (how === 'over') this.#notices.skip(about, 'late', `${named(about)}: its phase is over`);
    if (how === 'declined')
      this.#notices.skip(about, 'fee', `${named(about)} is proven, but gas costs more than its fee by now`);
  }

  /** Asked with the proof in hand: what it took is spent, so that the floor does not count any more. */
  async #stillPays(open: OpenTask): Promise<boolean> {
    const { gasPrice, tokenPrice } = this.#settings;
    return this.#brings(open, { gas: await gasPrice(), token: tokenPrice }) > 0n;
  }

  /** The prover of a task's sums; undefined where there are no keys for it. */
  async #proverOf(open: OpenTask): Promise<TaskProver | undefined> {
    const { task, parameters } = open;
    const { preset } = parameters;
    const known = this.#provers.get(task);
    if (known) return known;
    const made = this.#settings.prover(open, this.#chainOf(open));
    this.#provers.set(task, made);
    try {
      return await made;
    } catch (error) {
      this.#provers.delete(task);
      // A chain or a store that does not answer will; keys that are not there will not come while this runs.
      if (!(error instanceof NodeError) || error.code === 'chain' || error.code === 'store') throw error;
      this.#unable.set(preset, reasonOf(error));
      return undefined;
    }
  }

  #chainOf({ task, parameters }: OpenTask): TaskChain {
    const known = this.#chains.get(task);
    if (known) return known;
    const chain = this.#settings.chain(task, (call, gas) => {
      // The next sum of as many chunks will take about as much.
      if (call === 'submitAggregate') this.#gas.learn(parameters.chunks, gas);
    });
    this.#chains.set(task, chain);
    return chain;
  }

  #fault(error: unknown): void {
    const { observe, account } = this.#settings;
    observe({ type: 'fault', account, role: 'prover', error });
  }
}

const named = ({ task, round, sum }: Required<Skipped>) =>
  `task ${task}, round ${round}: the sum of ${sumName(sum)}`;
