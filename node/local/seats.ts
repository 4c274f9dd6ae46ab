// Who sits where: a scenario's parties, and the adversaries that the options put into the seats of some.
import { type Adversary, type AdversarySeat, adversaryOf } from '../demo/index.ts';
import type { OwnData } from '../learn/index.ts';
import { type DealtScenario, type Party, scenarioOf } from '../scenarios/index.ts';
import type { LocalOptions } from './options.ts';

/** A seat of a federation. */
export interface Seat {
  /** Of its account, its log, and its lines in view and report. */
  readonly name: string;
  /** What sits there: an adversary's name, or what the party is where nobody cheats. */
  readonly kind: string;
  readonly adversary?: Adversary;
}

/** A trainer's or validator's seat, and the rows that it brings. */
export interface LearnerSeat extends Seat {
  readonly data: OwnData;
}

/** The seats of a federation by their roles, each list in the order of joining. */
export interface Seats {
  readonly trainer: readonly LearnerSeat[];
  readonly validator: readonly LearnerSeat[];
  /** The first prover is honest. */
  readonly prover: readonly Seat[];
}

/**
 * The seats of a federation. Trainers that are adversaries sit in the scenario's seat for them and before it, validators
 * that are in the last ones.
 */
export function seatsOf(
  { scenario, adversary }: LocalOptions,
  { trainers, validators }: DealtScenario,
): Seats {
  const among = (seat: AdversarySeat) => adversary.filter((name) => adversaryOf(name).seat === seat);
  const { adversarySeat } = scenarioOf(scenario);
  const taken = (parties: readonly Party[], seat: AdversarySeat, last: number) => {
    const names = among(seat);
    return parties.map(({ name, kind, data }, at): LearnerSeat => {
      const cheat = names[at - (last + 1 - names.length)];
      return cheat && at <= last
        ? { name, kind: cheat, adversary: adversaryOf(cheat), data }
        : { name, kind, data };
    });
  };
  return {
    trainer: taken(trainers, 'trainer', adversarySeat(trainers.length)),
    validator: taken(validators, 'validator', validators.length - 1),
    prover: [
      { name: 'prover', kind: 'plain' },
      ...among('prover').map((cheat, at) => ({
        name: `prover ${at + 2}`,
        kind: cheat,
        adversary: adversaryOf(cheat),
      })),
    ],
  };
}
