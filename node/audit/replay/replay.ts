// Plays a task's transactions one after the other, and holds what the rules give against what the chain has,
// log by log and byte by byte.
import type { Deployment } from '@murmuration/contracts';
import { reasonOf } from '@murmuration/core';
import type { Address, Hash, Hex, Log } from 'viem';
import { apply } from './apply.ts';
import { emptyBook, type TaskBook } from './book.ts';
import { playCall } from './calls.ts';
import { logOf, readEvent, sameLog, type TaskEvent } from './events.ts';
import { type Moment, Play, Refused } from './play.ts';

/** A transaction of the task, with what it left. */
export interface Transaction {
  readonly hash: Hash;
  readonly from: Address;
  readonly to: Address | null;
  readonly input: Hex;
  readonly moment: Moment;
  /** Of the deployment's contracts about this task, in the order of the chain. */
  readonly logs: readonly Log[];
}

/** One event, and what the rules say of it. */
export interface ReplayedEvent {
  readonly event: TaskEvent;
  /** `differs`: the rules give something else. `unknown`: it cannot be recomputed from what can be read. */
  readonly verdict: 'holds' | 'differs' | 'unknown';
  /** Why it does not hold. */
  readonly reason?: string;
}

/** A transaction after it was played. */
export interface Replayed {
  readonly events: readonly ReplayedEvent[];
  /** Events that the rules give and the chain does not have. */
  readonly missing: readonly TaskEvent[];
}

/** The replay of one task. */
export class Replay {
  readonly #deployment: Deployment;
  #book: TaskBook;

  constructor(deployment: Deployment, task: bigint) {
    this.#deployment = deployment;
    this.#book = emptyBook(task);
  }

  /** The books after all that was played. Read them, and change nothing. */
  get book(): TaskBook {
    return this.#book;
  }

  /** Plays a transaction. What the chain has is what the books go on from. */
  play(transaction: Transaction): Replayed {
    const { from: sender, moment, logs } = transaction;
    const read = logs.map((log) => ({ log, event: readEvent(log) }));
    const found = read.flatMap(({ log, event }) => (event ? [{ log, event }] : []));
    const names = new Set(found.map(({ event }) => event.eventName));
    const accepted = names.has('Submitted') || names.has('SumProven') || names.has('AlignmentProven');
    const played = new Play(structuredClone(this.#book), { sender, moment, told: { accepted } });
    let fault: { readonly verdict: 'differs' | 'unknown'; readonly reason: string } | undefined;
    try {
      playCall(this.#deployment, played, transaction);
    } catch (error) {
      // Any other error comes of books that the rules could not have led to: what that was is named where it
      // was.
      fault = { verdict: error instanceof Refused ? 'differs' : 'unknown', reason: reasonOf(error) };
    }
    const wanted = played.events;
    const events = found.map(({ log, event }, at): ReplayedEvent => {
      const expected = wanted[at];
      if (expected && sameLog(log, logOf(this.#deployment, expected))) return { event, verdict: 'holds' };
      if (fault) return { event, ...fault };
      return { event, verdict: 'differs', reason: describeDifference(expected) };
    });
    const missing = fault ? [] : wanted.slice(found.length);
    if (missing.length === 0 && events.every(({ verdict }) => verdict === 'holds')) this.#book = played.book;
    else {
      this.#book = structuredClone(this.#book);
      for (const { event } of found) apply(this.#book, event, moment.time);
    }
    return { events, missing };
  }
}

const describeDifference = (expected: TaskEvent | undefined): string =>
  expected
    ? `the rules give ${expected.eventName} ${describe(expected.args)}`
    : 'the rules give no event in this place';

/** Arguments of an event on one line. */
export const describe = (args: unknown): string =>
  JSON.stringify(args, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
