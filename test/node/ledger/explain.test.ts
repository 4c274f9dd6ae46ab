// Explanations of random federations: whatever anybody does, the movements of an account add up to what the vault says,
// after every step, and each has a rule.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Books,
  emptyBooks,
  explain,
  type LedgerEvent,
  type Movement,
} from '../../../node/ledger/index.ts';
import { type Journal, type Journals, playJournals } from './journal.ts';

const seed = Number(process.env.JOURNAL_SEED ?? Math.floor(Math.random() * 2 ** 31));
let journals: Journals;

beforeAll(async () => {
  journals = await playJournals(seed);
}, 600_000);

const accounts = (journal: Journal) => [...journal.steps.at(-1)!.keys()];
const movementsOf = (journal: Journal): Movement[] =>
  accounts(journal).flatMap((account) => [...explain(journal.events, account).movements]);
const movements = () => Object.values(journals).flatMap(movementsOf);
const sumOf = (some: readonly Movement[]) => some.reduce((sum, { change }) => plus(sum, change), emptyBooks);

describe(`explanations of the federation of seed ${seed}`, () => {
  it.each(['anything', 'strikes'] as const)(
    'add up to the books of the vault after every step: %s',
    (which) => {
      const journal = journals[which];
      for (const account of accounts(journal)) {
        const whole = explain(journal.events, account);
        for (const [at, books] of journal.steps.entries()) {
          const until = whole.movements.filter(({ block }) => block <= BigInt(at));
          expect(sumOf(until), `step ${at}, ${account}`).toEqual(books.get(account) ?? emptyBooks);
        }
        expect(whole.books).toEqual(journal.steps.at(-1)!.get(account));
      }
    },
  );

  it('reach what strikes do: hold, give back, and burn what of it is on its way out', () => {
    const kinds = movementsOf(journals.strikes).map(({ kind }) => kind);
    for (const kind of ['hold', 'return', 'burn', 'withdraw', 'claim', 'reward', 'fee'] as const)
      expect(kinds).toContain(kind);
    const failed = movementsOf(journals.strikes).find(({ rule }) =>
      rule.startsWith('sent a sum that failed'),
    )!;
    expect(failed.change).toEqual({ ...emptyBooks, bonded: -failed.amount });
    const burn = movementsOf(journals.strikes).find(({ kind }) => kind === 'burn')!;
    expect(burn.change.queued).toBeLessThan(0n);
    expect(burn.change.bonded).toBeLessThan(0n);
  });

  it('leave no booking without a rule', () => {
    expect(movements().filter(({ kind }) => kind === 'unexplained')).toEqual([]);
  });

  it('name task and round of what a round paid, held or let go', () => {
    const ofRounds = movements().filter(({ kind }) => ['reward', 'fee', 'hold', 'return'].includes(kind));
    expect(ofRounds.length).toBeGreaterThan(0);
    for (const { round, task } of ofRounds) {
      expect(round).toBeGreaterThan(0);
      expect(task).toBeGreaterThan(0n);
    }
  });

  it('show the vote behind the fee of every validator', () => {
    const fees = movementsOf(journals.anything).filter(
      ({ kind, rule }) => kind === 'fee' && rule.startsWith('a vote'),
    );
    for (const { task, round, evidence, transaction } of fees) {
      const at = evidence ?? transaction;
      const votes = journals.anything.events.filter(
        (event) =>
          event.eventName === 'VoteRevealed' &&
          event.args.task === task &&
          Number(event.args.round) === round,
      );
      expect(votes.map(({ transactionHash }) => transactionHash)).toContain(at);
    }
  });

  it.each(['Bonded', 'Pledged', 'Credited'] as const)('do not add up where a %s is left out', (name) => {
    const at = journals.anything.events.findIndex(({ eventName }) => eventName === name);
    const { account } = (journals.anything.events[at] as Extract<LedgerEvent, { eventName: typeof name }>)
      .args;
    const cut = journals.anything.events.filter((_, index) => index !== at);
    expect(explain(cut, account).books).not.toEqual(journals.anything.steps.at(-1)!.get(account));
  });
});

function plus(a: Books, b: Books): Books {
  const sum = (name: keyof Books) => a[name] + b[name];
  return {
    bonded: sum('bonded'),
    queued: sum('queued'),
    pledged: sum('pledged'),
    credit: sum('credit'),
    held: sum('held'),
  };
}
