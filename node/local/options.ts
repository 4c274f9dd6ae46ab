// The options of a local federation, checked at the border.
import { z } from 'zod';
import { type AdversarySeat, adversaryOf, adversaryRoles, demoPresets } from '../demo/index.ts';
import { type Scenario, scenarioNames, scenarioOf } from '../scenarios/index.ts';

/** What can be given; what is left out is as the scenario has it. */
export const givenOptions = z.strictObject({
  /** What is learnt, and by whom. */
  scenario: z.enum(scenarioNames).default('digits'),
  rounds: z.int().min(1).max(1000).optional(),
  trainers: z.int().min(3).max(16).optional(),
  validators: z.int().min(2).max(14).optional(),
  /** Whether the first trainer's seat is left to somebody from outside, for whom the task waits. */
  freeSeat: z.boolean().default(false),
  /** t, trainers that it takes to decrypt; 0: more than half of them. */
  threshold: z.int().min(0).max(16).default(0),
  preset: z.enum(demoPresets).optional(),
  /** Who proposes the coordinates of a round; with `probe` nothing of any trainer shows. */
  selector: z.enum(['probe', 'leader']).default('probe'),
  /** Decides data, first model, batches and rounding. */
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Adversaries: trainers from the scenario's seat down, validators from the last down, provers beside the honest. */
  adversary: z.array(z.enum(adversaryRoles)).max(16).readonly().default([]),
  /** Smallest gain in quality with which a model is accepted, in basis points. */
  minGain: z.int().min(-10_000).max(10_000).default(-1000),
  /** Longest duration of each phase of a round, in seconds. */
  phase: z.int().min(1).max(86_400).default(600),
  /** Port of the embedded chain; 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
});

/** Everything has a default: `npm start` without flags. */
export const localOptions = givenOptions
  .transform((given) => {
    const { rounds, trainers, validators, preset, seed } = scenarioOf(given.scenario).defaults;
    return {
      ...given,
      rounds: given.rounds ?? rounds,
      trainers: given.trainers ?? trainers,
      validators: given.validators ?? validators,
      preset: given.preset ?? preset,
      seed: given.seed ?? seed,
    };
  })
  .superRefine(({ scenario, trainers, validators, adversary }, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    const among = (seat: AdversarySeat) => adversary.filter((name) => adversaryOf(name).seat === seat).length;
    const { trainers: seats, adversarySeat } = scenarioOf(scenario);
    if (trainers < seats.min || trainers > seats.max)
      refuse('trainers', `is ${trainers}, but the scenario ${scenario} has ${countOf(seats)}`);
    else if (among('trainer') > adversarySeat(trainers))
      refuse('adversary', 'more trainers are adversaries than there are seats for beside an honest one');
    if (among('validator') >= validators) refuse('adversary', 'all validators are adversaries');
  });

const countOf = ({ min, max }: Scenario['trainers']): string => (min === max ? `${min}` : `${min} to ${max}`);

/** The options, every one of them set. */
export type LocalOptions = z.output<typeof localOptions>;
/** The options as they are given: defaults may be missing. */
export type LocalInput = z.input<typeof localOptions>;
