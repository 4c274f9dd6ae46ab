// The options of a local federation, checked at the border.
import { z } from 'zod';
import { type AdversaryName, adversaries, demoPresets, demoSeed } from '../demo/index.ts';

/** Everything has a default: `npm start` without flags. */
export const localOptions = z.strictObject({
  rounds: z.int().min(1).max(1000).default(8),
  /** The last one is left-handed: its digits are mirrored. */
  trainers: z.int().min(3).max(16).default(5),
  /** Six form three groups: the fewest that strike, and one of them may be corrupt. */
  validators: z.int().min(2).max(14).default(6),
  preset: z.enum(demoPresets).default('base'),
  /** Who proposes the coordinates of a round; with `probe` nothing of any trainer shows. */
  selector: z.enum(['probe', 'leader']).default('probe'),
  /** Decides data, first model, batches and rounding. */
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(demoSeed),
  /** What the last trainer but one does. */
  adversary: z.enum(adversaries).default('none'),
  /** Smallest gain in quality with which a model is accepted, in basis points. */
  minGain: z.int().min(-10_000).max(10_000).default(-1000),
  /** Longest duration of each phase of a round, in seconds. */
  phase: z.int().min(1).max(86_400).default(600),
  /** Port of the embedded chain; 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
});

/** The options, every one of them set. */
export type LocalOptions = z.infer<typeof localOptions>;
/** The options as they are given: defaults may be missing. */
export type LocalInput = z.input<typeof localOptions>;

/** What a trainer of the demonstration is. */
export type TrainerKind = 'plain' | 'mirrored' | Exclude<AdversaryName, 'none'>;

/** What each trainer is: the last one left-handed, the last but one the adversary, if there is one. */
export function kindsOf({ trainers, adversary }: LocalOptions): TrainerKind[] {
  return Array.from({ length: trainers }, (_, index) => {
    if (index === trainers - 1) return 'mirrored';
    return index === trainers - 2 && adversary !== 'none' ? adversary : 'plain';
  });
}
