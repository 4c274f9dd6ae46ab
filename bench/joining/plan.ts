// The runs of docs/joining.md: splits of two federations in the simulation, and one of each with everything on.
import { scenarioOf } from '../../node/scenarios/index.ts';
import { type FederationName, federations, scenarios } from './world.ts';

/** Raised where a change to learning or to the adaptation makes kept runs wrong. */
const edition = 3;

/** Splits of the document. */
export const seeds: readonly number[] = Array.from({ length: 40 }, (_, i) => i + 1);

/**
 * Parts of the document: each federation with weights by rows, and with equal ones beside it; and each scenario as
 * `npm start` plays it.
 */
export const partNames = ['hearts', 'credit', 'equal', 'encrypted'] as const;
/** One of {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** A split in the simulation. */
export interface SimulatedRun {
  readonly kind: 'simulation';
  readonly federation: FederationName;
  readonly weights: 'rows' | 'equal';
  /** Decides the split, the first model and the batches. */
  readonly seed: number;
}

/** A whole federation, encrypted and proven. */
export interface EncryptedRun {
  readonly kind: 'encrypted';
  readonly federation: FederationName;
  readonly seed: number;
}

/** One run. */
export type Run = SimulatedRun | EncryptedRun;

/** A split in the simulation. */
export const simulated = (
  federation: FederationName,
  weights: SimulatedRun['weights'],
  seed: number,
): SimulatedRun => ({ kind: 'simulation', federation, weights, seed });

/** A federation as its scenario is played unless told otherwise. */
export const encrypted = (federation: FederationName): EncryptedRun => ({
  kind: 'encrypted',
  federation,
  seed: scenarioOf(scenarios[federation]).defaults.seed,
});

/** The runs of a part. The encrypted ones are of their scenarios' seeds, whichever are asked for. */
export function runsOf(part: PartName, of: readonly number[]): Run[] {
  if (part === 'encrypted') return federations.map(encrypted);
  return of.flatMap((seed) =>
    part === 'equal'
      ? federations.map((federation) => simulated(federation, 'equal', seed))
      : [simulated(part, 'rows', seed)],
  );
}

/** A run's name, which is also its file's. */
export const nameOf = (run: Run): string =>
  [run.federation, run.kind === 'encrypted' ? run.kind : run.weights, run.seed, edition].join('-');
