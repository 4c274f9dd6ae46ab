// From logs to movements: each booking of the vault is explained by what the other contracts said in the same
// transaction. Pure, so that anyone can check it from the logs alone.
import {
  faults,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  validationAbi,
  verdicts,
} from '@murmuration/contracts';
import { type Address, type Hash, type Log, parseEventLogs } from 'viem';
import { added, type Books, emptyBooks, type Ledger, type Movement, type MovementKind } from './movement.ts';
import { faultRule, levelRule, proverFeeRule, rewardRule, rules } from './rules.ts';

const abi = [...marketplaceAbi, ...roundsAbi, ...settlementAbi, ...stakeVaultAbi, ...validationAbi] as const;

/** An event of the deployment. */
export type LedgerEvent = ReturnType<typeof parseEventLogs<typeof abi, true>>[number];
type Named<Name extends LedgerEvent['eventName']> = Extract<LedgerEvent, { eventName: Name }>;

/** Events of a deployment's logs, which come in the order of the chain. */
export const eventsOf = (logs: readonly Log[]): LedgerEvent[] => parseEventLogs({ abi, logs: [...logs] });

/** What is to be said of a booking; the rest follows from its event. */
interface Said {
  readonly kind: MovementKind;
  readonly amount: bigint;
  readonly change?: Partial<Books>;
  readonly rule: string;
  readonly round?: number | undefined;
  readonly evidence?: Hash | undefined;
}

type RuleName = keyof typeof rules;

/** A strike's place: what one level costs, and the level, of one task. */
interface Holding {
  level: number;
  held: bigint;
}

/**
 * Explains an account's money.
 * @param events all of the deployment's vault, marketplace, rounds, validation and settlement, in the order of the
 *   chain: {@link eventsOf} their logs.
 */
export function explain(events: readonly LedgerEvent[], account: Address): Ledger {
  const explainer = new Explainer(account);
  for (const transaction of transactionsOf(events)) explainer.enter(transaction);
  return explainer;
}

/** Events of the same transaction together. */
function transactionsOf(events: readonly LedgerEvent[]): LedgerEvent[][] {
  const groups: LedgerEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last?.[0]?.transactionHash === event.transactionHash) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

class Explainer implements Ledger {
  readonly account: Address;
  readonly movements: Movement[] = [];
  books: Books = emptyBooks;
  /** By task: what one strike costs, and what strikes hold of this account. */
  readonly #strikes = new Map<bigint, bigint>();
  readonly #holdings = new Map<bigint, Holding>();
  /** Transactions with this account's votes and alignment proofs, by task and round. */
  readonly #evidence = new Map<string, Hash>();

  constructor(account: Address) {
    this.account = account;
  }

  enter(transaction: readonly LedgerEvent[]): void {
    for (const at of transaction.keys()) this.#enterEvent(transaction, at);
  }

  #enterEvent(transaction: readonly LedgerEvent[], at: number): void {
    const event = transaction[at]!;
    const { args } = event;
    const own = 'account' in args && args.account === this.account;
    switch (event.eventName) {
      case 'TaskPosted':
        this.#strikes.set(event.args.task, event.args.economics.strike);
        return;
      case 'VoteRevealed':
        if (event.args.validator === this.account)
          this.#evidence.set(keyOf(event.args), event.transactionHash);
        return;
      case 'AlignmentProven':
        if (event.args.trainer === this.account) this.#evidence.set(keyOf(event.args), event.transactionHash);
        return;
      case 'TrainerSettled':
        if (event.args.trainer === this.account) this.#level(event);
        return;
      case 'Funded':
        if (event.args.from === this.account)
          this.#say(event, { kind: 'fund', amount: event.args.amount, rule: rules.fund });
        return;
      case 'Slashed':
        if (own) this.#slash(transaction, at, event);
        this.#report(event, transaction, at);
        return;
      case 'HeldBurnt':
        if (own) this.#burn(event);
        return;
      case 'Released':
        if (own) this.#release(event);
        return;
      case 'Credited':
        if (own) this.#say(event, this.#earning(transaction, at, event));
        return;
      default:
        if (own) this.#ownDeed(event);
    }
  }

  /** What the account did itself, and its pledges. */
  #ownDeed(event: LedgerEvent): void {
    if (!('amount' in event.args)) return;
    const { amount } = event.args;
    const deeds: Partial<
      Record<LedgerEvent['eventName'], readonly [MovementKind & RuleName, Partial<Books>]>
    > = {
      Bonded: ['bond', { bonded: amount }],
      Queued: ['queue', { bonded: -amount, queued: amount }],
      Requeued: ['requeue', { bonded: amount, queued: -amount }],
      Withdrawn: ['withdraw', { queued: -amount }],
      Claimed: ['claim', { credit: -amount }],
      Pledged: ['pledge', { pledged: amount }],
    };
    const deed = deeds[event.eventName];
    if (!deed) return;
    const [kind, change] = deed;
    this.#say(event, { kind, amount, change, rule: rules[kind] });
  }

  /** A slash: of a pledge, bonded stake first, then queued; of a failed sum, free stake. */
  #slash(transaction: readonly LedgerEvent[], at: number, event: Named<'Slashed'>): void {
    const { amount, task } = event.args;
    const [before, after] = [transaction[at - 1], transaction[at + 1]];
    if (before?.eventName === 'SumRejected' && before.args.prover === this.account) {
      const round = Number(before.args.round);
      this.#say(event, { kind: 'slash', amount, change: { bonded: -amount }, rule: rules.failedSum, round });
      return;
    }
    const change = this.#taken(amount);
    if (after?.eventName === 'Penalised' && after.args.account === this.account && after.args.task === task) {
      const { fault, round } = after.args;
      const rule = faultRule(faults[fault]!);
      this.#say(event, { kind: 'slash', amount, change, rule, round: Number(round) });
    } else if (before?.eventName === 'Left' && before.args.account === this.account)
      this.#say(event, { kind: 'slash', amount, change, rule: rules.missedStart });
    else this.#say(event, { kind: 'unexplained', amount, change, rule: rules.unknown });
  }

  /** What leaves with pledged stake: the bond first, and the queue what the bond cannot. */
  #taken(amount: bigint): Partial<Books> {
    const fromBond = amount < this.books.bonded ? amount : this.books.bonded;
    return { pledged: -amount, bonded: -fromBond, queued: fromBond - amount };
  }

  #report(event: Named<'Slashed'>, transaction: readonly LedgerEvent[], at: number): void {
    const { reporter, toReporter } = event.args;
    if (reporter !== this.account || toReporter === 0n) return;
    const after = transaction[at + 1];
    const round = after?.eventName === 'Penalised' ? Number(after.args.round) : undefined;
    const change = { credit: toReporter };
    this.#say(event, { kind: 'report', amount: toReporter, change, rule: rules.report, round });
  }

  /** A trainer's level after a round, and what it holds. */
  #level(event: Named<'TrainerSettled'>): void {
    const { task, round, verdict, level: number } = event.args;
    const holding = this.#holding(task);
    const [before, level] = [holding.level, Number(number)];
    const held = ((this.#strikes.get(task) ?? 0n) * BigInt(level) * BigInt(level - 1)) / 2n;
    const difference = held - holding.held;
    Object.assign(holding, { level, held });
    if (difference === 0n) return;
    this.#say(event, {
      kind: difference > 0n ? 'hold' : 'return',
      amount: difference > 0n ? difference : -difference,
      change: { held: difference },
      rule: levelRule(verdicts[verdict]!, before, level),
      round: Number(round),
      evidence: this.#evidence.get(keyOf(event.args)),
    });
  }

  /** What strikes held ends with the release that follows in the same call. */
  #burn(event: Named<'HeldBurnt'>): void {
    const { amount } = event.args;
    this.#say(event, { kind: 'burn', amount, change: this.#taken(amount), rule: rules.burn });
  }

  #release(event: Named<'Released'>): void {
    const { task, amount } = event.args;
    const held = this.#letGo(task);
    if (amount === 0n && held === 0n) return;
    const rule = amount === 0n ? rules.over : rules.release;
    this.#say(event, { kind: 'release', amount, change: { pledged: -amount, held: -held }, rule });
  }

  /** Why a pot paid the account. */
  #earning(transaction: readonly LedgerEvent[], at: number, { args }: Named<'Credited'>): Said {
    const { task, amount } = args;
    const credited = { amount, change: { credit: amount } };
    const before = transaction[at - 1];
    if (before?.eventName === 'SumProven' && before.args.prover === this.account) {
      const { round, sum } = before.args;
      return { ...credited, kind: 'fee', rule: proverFeeRule(Number(sum)), round: Number(round) };
    }
    if (before?.eventName === 'TaskEnded') return { ...credited, kind: 'refund', rule: rules.ended };
    if (before?.eventName === 'TaskCancelled') return { ...credited, kind: 'refund', rule: rules.cancelled };
    const settlements = transaction.filter(
      (event): event is Named<'TrainerSettled'> =>
        event.eventName === 'TrainerSettled' && event.args.task === task,
    );
    // All are paid before the first is settled; one transaction may settle several rounds.
    const mine = settlements.find(
      (event) => event.args.trainer === this.account && transaction.indexOf(event) > at,
    );
    const settled = settlements.filter(({ args: { round } }) => round === mine?.args.round);
    if (mine && mine.args.reward === amount) {
      const { seen, weight, round } = mine.args;
      const weights = settled.reduce((sum, each) => sum + each.args.weight, 0n);
      const rule = rewardRule({ seen: Number(seen), weight, weights });
      const evidence = this.#evidence.get(keyOf({ task, round }));
      return { ...credited, kind: 'reward', rule, round: Number(round), evidence };
    }
    const tallied = transaction
      .slice(0, at)
      .findLast(
        (event): event is Named<'Tallied'> => event.eventName === 'Tallied' && event.args.task === task,
      );
    const vote = tallied && this.#evidence.get(keyOf(tallied.args));
    if (tallied && vote)
      return {
        ...credited,
        kind: 'fee',
        rule: rules.vote,
        round: Number(tallied.args.round),
        evidence: vote,
      };
    return { ...credited, kind: 'unexplained', rule: rules.unknown };
  }

  #holding(task: bigint): Holding {
    const holding = this.#holdings.get(task) ?? { level: 0, held: 0n };
    this.#holdings.set(task, holding);
    return holding;
  }

  /** Ends what strikes hold in a task; how much that was. */
  #letGo(task: bigint): bigint {
    const holding = this.#holding(task);
    const { held } = holding;
    Object.assign(holding, { level: 0, held: 0n });
    return held;
  }

  #say(event: LedgerEvent, { kind, amount, change, rule, round, evidence }: Said): void {
    const { transactionHash: transaction, blockNumber: block, args } = event;
    const whole = { ...emptyBooks, ...change };
    this.books = added(this.books, whole);
    this.movements.push({
      kind,
      amount,
      change: whole,
      task: 'task' in args ? args.task : undefined,
      round,
      rule,
      transaction,
      block,
      evidence: evidence === transaction ? undefined : evidence,
    });
  }
}

const keyOf = ({ task, round }: { readonly task: bigint; readonly round: bigint }) => `${task}/${round}`;
