// The adversaries of a simulation, by name; docs/incentives.md says what each of them gets.
import { flipped, part, poisoned } from '../../demo/index.ts';
import type { ClueSources, TraceName } from '../../protocol/index.ts';
import { publicClues, wideClues } from './clues.ts';
import { backwards, blend, noise, secretSigns } from './directions.ts';
import { type Guess, guess } from './guess.ts';
import type { Strategy, View } from './strategy.ts';

/** The adversaries' names. */
export const adversaryNames = [
  'noise',
  'opposite',
  'label-flip',
  'backdoor',
  'replay-aggregate',
  'replay-probe',
  'ridge',
  'ridge-innovation',
  'ridge-wide',
  'lazy',
  'on-off',
  'idle',
  'sybil',
  'leak',
  'grab',
  'grab-veto-ridge',
  'target',
  'shield',
  'refused',
] as const;
/** One of {@link adversaryNames}. */
export type AdversaryName = (typeof adversaryNames)[number];

/** A vector that only the adversary's trainer and validators know, the same for all of them in a round. */
function secret(): (view: View) => Float64Array {
  let made: { readonly round: number; readonly signs: Float64Array } | undefined;
  return ({ round, random, own }) => {
    if (made?.round !== round) made = { round, signs: secretSigns(own.length, random) };
    return made.signs;
  };
}

/** A trainer without data that sends its guess of the probes. */
const guessing = (made: Guess): Strategy => ({
  update: (view) => made.of(view) ?? noise(view.own.length, view.random),
  learn: (opened) => made.learn(opened),
});

/**
 * What the majority's training wants, in place of the hold-out data's: the minority's part of the probes is gone. Taking out more of
 * what the minority wants costs it less, since the other groups do not follow.
 */
function wishOfMajority({ changeOf, sources: { support } }: View): Float64Array {
  const change = changeOf(0);
  return Float64Array.from(support, (index) => change[index]!);
}

const strategies: Readonly<Record<AdversaryName, () => Strategy>> = {
  noise: () => ({ update: ({ own, random }) => noise(own.length, random) }),
  opposite: () => ({ update: ({ own }) => backwards(own) }),
  'label-flip': () => ({ data: flipped }),
  backdoor: () => ({ data: poisoned }),
  'replay-aggregate': () => guessing(guess(({ sources }) => [onSupport(sources, 'update')], 'probes')),
  'replay-probe': () => guessing(guess(({ sources }) => [onSupport(sources, 'probes')], 'probes')),
  ridge: () => guessing(guess(publicClues, 'probes')),
  'ridge-innovation': () => guessing(guess(publicClues, 'innovation')),
  'ridge-wide': () => guessing(guess(wideClues, 'innovation')),
  lazy: () => ({ data: (own) => part(own, 0.1) }),
  'on-off': () => ({
    update: ({ round, own, random }) => (round % 2 ? noise(own.length, random) : undefined),
  }),
  idle: () => ({
    update: ({ round, rounds, own, random }) => (3 * round >= rounds ? noise(own.length, random) : undefined),
  }),
  sybil: () => ({ extraSeats: 2 }),
  leak: () => ({ update: ({ probe, own, random }) => probe ?? noise(own.length, random) }),
  grab: () => {
    const signs = secret();
    return { update: signs, probe: signs };
  },
  'grab-veto-ridge': () => {
    const signs = secret();
    const made = guess(wideClues, 'innovation');
    return {
      update: (view) => {
        const guessed = made.of(view);
        return guessed ? blend(view.own.length, [0.6, signs(view)], [0.8, guessed]) : signs(view);
      },
      probe: (view) => blend(view.own.length, [1, signs(view)], [-1, view.probe!]),
      learn: (opened) => made.learn(opened),
    };
  },
  target: () => ({ probe: wishOfMajority }),
  shield: () => ({ update: ({ own }) => backwards(own), probe: ({ probe }) => backwards(probe!) }),
  refused: () => ({ refused: true }),
};

function onSupport({ history, support }: ClueSources, name: TraceName): Float64Array {
  const trace = history.trace(name);
  return Float64Array.from(support, (index) => trace[index]!);
}

/** The strategy of a name, fresh for one run. */
export const strategyOf = (name: AdversaryName): Strategy => strategies[name]();
