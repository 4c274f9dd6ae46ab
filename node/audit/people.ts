// Who took part, and what it came to for each of them.
import type { Address } from 'viem';
import type { SeatRole, TaskBook } from './replay/book.ts';
import type { TaskEvent } from './replay/events.ts';

/** One account of the task; amounts in the token's smallest unit. */
export interface Person {
  readonly account: Address;
  readonly role: 'planner' | 'prover' | SeatRole;
  /** Of its updates in the sum; 1 of a probe. */
  readonly weight: number;
  readonly standing: 'seated' | 'suspended' | 'ejected' | 'left' | 'none';
  readonly pledged: bigint;
  readonly earned: bigint;
  /** For what others did, which it reported. */
  readonly reported: bigint;
  readonly slashed: bigint;
  /** Of what strikes held, at the end. */
  readonly burnt: bigint;
  /** Strikes that stand. */
  readonly level: number;
  /** What sums of the updates that stayed closed add up to against a trainer: no proof of anything. */
  readonly suspicion: number;
}

interface Purse {
  pledged: bigint;
  earned: bigint;
  reported: bigint;
  slashed: bigint;
  burnt: bigint;
}

/** Adds up what each account's events say. */
export class People {
  readonly #purses = new Map<Address, Purse>();
  readonly #provers = new Set<Address>();

  enter(event: TaskEvent): void {
    switch (event.eventName) {
      case 'Pledged':
        this.#of(event.args.account).pledged += event.args.amount;
        return;
      case 'Credited':
        this.#of(event.args.account).earned += event.args.amount;
        return;
      case 'Slashed':
        this.#of(event.args.account).slashed += event.args.amount;
        if (event.args.toReporter > 0n) this.#of(event.args.reporter).reported += event.args.toReporter;
        return;
      case 'HeldBurnt':
        this.#of(event.args.account).burnt += event.args.amount;
        return;
      case 'SumProven':
      case 'SumRejected':
        this.#provers.add(event.args.prover);
        return;
    }
  }

  /** Everybody, the planner first, then trainers, validators and provers. */
  list({ planner, applicants, seats, suspicion: suspected }: TaskBook): Person[] {
    const people: Person[] = [{ ...this.#of(planner), ...nobody, account: planner, role: 'planner' }];
    for (const role of ['trainer', 'validator'] as const)
      for (const [account, applicant] of applicants) {
        if (applicant.role !== role) continue;
        const seat = seats.get(account);
        const standing = seat ? (seat.standing === 'good' ? 'seated' : seat.standing) : 'left';
        const { weight } = applicant;
        const [level, suspicion] = [seat?.level ?? 0, suspected.get(account) ?? 0];
        people.push({ ...this.#of(account), account, role, weight, standing, level, suspicion });
      }
    for (const account of this.#provers)
      if (!applicants.has(account)) people.push({ ...this.#of(account), ...nobody, account, role: 'prover' });
    return people;
  }

  #of(account: Address): Purse {
    const purse = this.#purses.get(account) ?? {
      pledged: 0n,
      earned: 0n,
      reported: 0n,
      slashed: 0n,
      burnt: 0n,
    };
    this.#purses.set(account, purse);
    return purse;
  }
}

const nobody = { weight: 0, standing: 'none', level: 0, suspicion: 0 } as const;
