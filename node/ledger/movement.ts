// What an account's money did: one movement for each booking of the vault, with the rule behind it.
import type { Address, Hash } from 'viem';

/**
 * Where an account's money stands, in the token's smallest unit. `pledged` and `held` are parts of what is bonded and
 * queued, not beside it.
 */
export interface Books {
  /** Stake that works, or can. */
  readonly bonded: bigint;
  /** Stake on its way out. */
  readonly queued: bigint;
  /** Of either, pledged to tasks. */
  readonly pledged: bigint;
  /** Earned and not yet paid out. */
  readonly credit: bigint;
  /** Of pledges, what strikes hold. */
  readonly held: bigint;
}

/** Names of the books, in the order in which they are shown. */
export const bookNames = ['bonded', 'queued', 'pledged', 'credit', 'held'] as const;

export const emptyBooks: Books = { bonded: 0n, queued: 0n, pledged: 0n, credit: 0n, held: 0n };

/**
 * What a movement is:
 * - `bond`, `queue`, `requeue`, `withdraw`, `claim`: what the account did itself;
 * - `pledge`, `release`: stake that a task counts on, and no longer;
 * - `reward`: a trainer's part of an accepted round; `fee`: of a validator for a round, of a prover for a sum;
 * - `report`: a reporter's share of another's slash;
 * - `fund`, `refund`: of a planner, into a task's pot and what comes back of it;
 * - `slash`: stake taken for a fault; `burn`: what strikes still held when the seat ended;
 * - `hold`, `return`: a strike, and a strike that is cleared; nothing is booked, but the stake is not free meanwhile;
 * - `unexplained`: a booking that no rule of this version accounts for.
 */
export type MovementKind =
  | 'bond'
  | 'queue'
  | 'requeue'
  | 'withdraw'
  | 'claim'
  | 'pledge'
  | 'release'
  | 'reward'
  | 'fee'
  | 'report'
  | 'fund'
  | 'refund'
  | 'slash'
  | 'burn'
  | 'hold'
  | 'return'
  | 'unexplained';

/** One movement. */
export interface Movement {
  readonly kind: MovementKind;
  /** In the token's smallest unit, never negative. */
  readonly amount: bigint;
  /** By how much each book changed. */
  readonly change: Books;
  readonly task: bigint | undefined;
  readonly round: number | undefined;
  /** Why, in words. */
  readonly rule: string;
  /** The transaction that booked it. */
  readonly transaction: Hash;
  readonly block: bigint;
  /** The transaction with the proof or the vote that it is for, where that is another one. */
  readonly evidence: Hash | undefined;
}

/** An account's movements in the order of the chain, and the books that they add up to. */
export interface Ledger {
  readonly account: Address;
  readonly movements: readonly Movement[];
  readonly books: Books;
}

/** Adds a change to books. */
export function added(books: Books, change: Books): Books {
  return {
    bonded: books.bonded + change.bonded,
    queued: books.queued + change.queued,
    pledged: books.pledged + change.pledged,
    credit: books.credit + change.credit,
    held: books.held + change.held,
  };
}
