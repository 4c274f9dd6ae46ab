// The runs of docs/joining.md: splits of two federations.
import { type FederationName, federations } from './world.ts';

/** Raised where a change to learning or to the adaptation makes kept runs wrong. */
const edition = 3;

/** Splits of the document. */
export const seeds: readonly number[] = Array.from({ length: 40 }, (_, i) => i + 1);

/** Parts of the document: each federation with weights by rows, and with equal ones beside it. */
export const partNames = ['hearts', 'credit', 'equal'] as const;
/** One of {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** One run. */
export interface Run {
  readonly federation: FederationName;
  readonly weights: 'rows' | 'equal';
  /** Decides the split, the first model and the batches. */
  readonly seed: number;
}

/** The runs of a part. */
export const runsOf = (part: PartName, of: readonly number[]): Run[] =>
  of.flatMap((seed): Run[] =>
    part === 'equal'
      ? federations.map((federation) => ({ federation, weights: 'equal', seed }))
      : [{ federation: part, weights: 'rows', seed }],
  );

/** A run's name, which is also its file's. */
export const nameOf = ({ federation, weights, seed }: Run): string =>
  `${federation}-${weights}-${seed}-${edition}`;
