// The options of a local federation, checked at the border.
import { z } from 'zod';
import {
  type AdversaryRole,
  type AdversarySeat,
  adversaryOf,
  adversaryRoles,
  demoPresets,
  demoSeed,
} from '../demo/index.ts';

/** Everything has a default: `npm start` without flags. */
export const localOptions = z
  .strictObject({
    rounds: z.int().min(1).max(1000).default(8),
    /** The last one is left-handed: its digits are mirrored. */
    trainers: z.int().min(3).max(16).default(5),
    /** Six form three groups: the fewest that strike, and one of them may be corrupt. */
    validators: z.int().min(2).max(14).default(6),
    /** t, trainers that it takes to decrypt; 0: more than half of them. */
    threshold: z.int().min(0).max(16).default(0),
    preset: z.enum(demoPresets).default('base'),
    /** Who proposes the coordinates of a round; with `probe` nothing of any trainer shows. */
    selector: z.enum(['probe', 'leader']).default('probe'),
    /** Decides data, first model, batches and rounding. */
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(demoSeed),
    /** Adversaries: trainers from the last but one down, validators from the last down, provers beside the honest. */
    adversary: z.array(z.enum(adversaryRoles)).max(16).readonly().default([]),
    /** Smallest gain in quality with which a model is accepted, in basis points. */
    minGain: z.int().min(-10_000).max(10_000).default(-1000),
    /** Longest duration of each phase of a round, in seconds. */
    phase: z.int().min(1).max(86_400).default(600),
    /** Port of the embedded chain; 0 takes a free one. */
    port: z.int().min(0).max(65_535).default(0),
  })
  .refine(
    ({ trainers, adversary }) =>
      adversary.filter((name) => adversaryOf(name).seat === 'trainer').length <= trainers - 2,
    {
      path: ['adversary'],
      message: 'more trainers are adversaries than there are beside an honest and a left-handed one',
    },
  )
  .refine(
    ({ validators, adversary }) =>
      adversary.filter((name) => adversaryOf(name).seat === 'validator').length < validators,
    { path: ['adversary'], message: 'all validators are adversaries' },
  );

/** The options, every one of them set. */
export type LocalOptions = z.infer<typeof localOptions>;
/** The options as they are given: defaults may be missing. */
export type LocalInput = z.input<typeof localOptions>;

/** What a member of the demonstration is: an honest one, or an adversary. */
export type MemberKind = 'plain' | 'mirrored' | AdversaryRole;

/** The members of a federation by their roles, each list in the order of the seats. */
export type Kinds = Readonly<Record<AdversarySeat, readonly MemberKind[]>>;

/**
 * What each member is. The last trainer is left-handed; trainers that are adversaries sit before it, validators that
 * are in the last seats. The first prover is honest.
 */
export function kindsOf({ trainers, validators, adversary }: LocalOptions): Kinds {
  const among = (seat: AdversarySeat) => adversary.filter((name) => adversaryOf(name).seat === seat);
  const plain = (count: number) => Array.from({ length: count }, () => 'plain' as const);
  const [training, judging, proving] = [among('trainer'), among('validator'), among('prover')];
  return {
    trainer: [...plain(trainers - 1 - training.length), ...training, 'mirrored'],
    validator: [...plain(validators - judging.length), ...judging],
    prover: ['plain', ...proving],
  };
}
