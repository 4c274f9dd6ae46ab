// The runs of docs/privacy.md, in parts that can be made one by one.
import { type LocalName, locals } from './update.ts';
import { type WorldName, worldNames } from './worlds.ts';

/** Raised where a change to learning or to an attack makes kept runs wrong. */
const edition = 1;

/** Seeds of the short form, and of the long one. */
export const seeds = { short: [1, 2, 3], long: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } as const;

/** Members whose sum is opened. */
export const memberCounts = [1, 2, 5] as const;

/** A part of the document. */
export const partNames = ['inversion', 'membership'] as const;
/** One of {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** One run. */
export type Run =
  | {
      readonly part: 'inversion';
      readonly world: WorldName;
      readonly seed: number;
      readonly local: LocalName;
      readonly members: number;
    }
  | { readonly part: 'membership'; readonly world: WorldName; readonly seed: number };

/** A run's name, which is also its file's. */
export const nameOf = (run: Run): string =>
  [
    `e${edition}`,
    run.part,
    run.world,
    `s${run.seed}`,
    ...(run.part === 'inversion' ? [run.local.replace(' ', '_'), `n${run.members}`] : []),
  ].join('-');

/** The runs of a part, seed by seed. */
export function runsOf(part: PartName, chosen: readonly number[]): Run[] {
  if (part === 'membership')
    return chosen.flatMap((seed) => worldNames.map((world) => ({ part, world, seed })));
  return chosen.flatMap((seed) =>
    worldNames.flatMap((world) =>
      (Object.keys(locals) as LocalName[]).flatMap((local) =>
        memberCounts.map((members) => ({ part, world, seed, local, members })),
      ),
    ),
  );
}
