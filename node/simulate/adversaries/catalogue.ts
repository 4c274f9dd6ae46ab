// The adversaries of a simulation, by name; docs/incentives.md says what each of them gets.
import { dot } from '../../protocol/index.ts';
import { flipped, part, poisoned } from './data.ts';
import { backwards, blend, noise, publicClues, secretSigns, wideClues } from './directions.ts';
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
  update: ({ sources, own, random }) => made.of(sources) ?? noise(own.length, random),
  learn: (opened) => made.learn(opened),
});

/** Probes that lead away from the minority: what the majority wants, less a part of what the minority wants. */
function awayFromMinority({ changeOf, minority, sources: { support } }: View): Float64Array | undefined {
  if (minority === undefined) return undefined;
  const [most, few] = [0, minority].map((trainer) => {
    const change = changeOf(trainer);
    return Float64Array.from(support, (index) => change[index]!);
  }) as [Float64Array, Float64Array];
  const along = dot(most, few) / (dot(few, few) || 1);
  return most.map((x, j) => x - targetStrength * Math.max(along, 0.2) * few[j]!);
}

/** Tuned on seeds 11 and 12: what costs the minority most (docs/incentives.md). */
const targetStrength = 1.6;

const strategies: Readonly<Record<AdversaryName, () => Strategy>> = {
  noise: () => ({ update: ({ own, random }) => noise(own.length, random) }),
  opposite: () => ({ update: ({ own }) => backwards(own) }),
  'label-flip': () => ({ data: flipped }),
  backdoor: () => ({ data: poisoned }),
  'replay-aggregate': () =>
    guessing(guess(({ history, support }) => [onSupport(history.trace('update'), support)], 'probes')),
  'replay-probe': () =>
    guessing(guess(({ history, support }) => [onSupport(history.trace('probes'), support)], 'probes')),
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
        const guessed = made.of(view.sources);
        return guessed ? blend(view.own.length, [0.6, signs(view)], [0.8, guessed]) : signs(view);
      },
      probe: (view) => blend(view.own.length, [1, signs(view)], [-1, view.probe!]),
      learn: (opened) => made.learn(opened),
    };
  },
  target: () => ({ probe: awayFromMinority }),
  shield: () => ({ update: ({ own }) => backwards(own), probe: ({ probe }) => backwards(probe!) }),
};

const onSupport = (trace: Float32Array, support: Uint32Array): Float64Array =>
  Float64Array.from(support, (index) => trace[index]!);

/** The strategy of a name, fresh for one run. */
export const strategyOf = (name: AdversaryName): Strategy => strategies[name]();
