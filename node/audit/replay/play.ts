// One call played by the rules: the books before it, who calls and when, and the events that it must leave.
import type { Address, Hex } from 'viem';
import { apply } from './apply.ts';
import type { PostedTerms, TaskBook } from './book.ts';
import type { EventName, EventOf, TaskEvent } from './events.ts';

/** The block that a call is in. */
export interface Moment {
  /** Seconds, chain time. */
  readonly time: bigint;
  /** `prevrandao`, which draws are seeded by. */
  readonly random: Hex;
}

/** What the rules alone cannot say of a call, and other checks find out. */
export interface Told {
  /** Whether the chain took the call's proofs for true. */
  readonly accepted: boolean;
}

/** The rules refuse a call that the chain let through. */
export class Refused extends Error {}

/** Something that the rules need is not in what could be read. */
export class Unknowable extends Error {}

/** A call on its way: events are entered into the books as the contracts would. */
export class Play {
  readonly book: TaskBook;
  readonly sender: Address;
  readonly moment: Moment;
  readonly told: Told;
  readonly events: TaskEvent[] = [];

  constructor(book: TaskBook, { sender, moment, told }: Pick<Play, 'sender' | 'moment' | 'told'>) {
    this.book = book;
    this.sender = sender;
    this.moment = moment;
    this.told = told;
  }

  /** The number of the task. */
  get task(): bigint {
    return this.book.task;
  }

  /** The number of the round. */
  get round(): bigint {
    return BigInt(this.book.round);
  }

  get terms(): PostedTerms {
    const { terms } = this.book;
    if (!terms) throw new Refused('the task was not posted');
    return terms;
  }

  emit<Name extends EventName>(eventName: Name, args: EventOf<Name>['args']): void {
    const event = { eventName, args } as TaskEvent;
    this.events.push(event);
    apply(this.book, event, this.moment.time);
  }

  /** What a contract requires of a call. @throws Refused */
  need(holds: boolean, otherwise: string): void {
    if (!holds) throw new Refused(otherwise);
  }

  /** The deadline of something that begins now. */
  until(duration: number): bigint {
    return this.moment.time + BigInt(duration);
  }
}
