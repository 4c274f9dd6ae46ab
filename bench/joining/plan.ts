// The runs of docs/joining.md: splits of two federations in the simulation, and one of each with everything on.
import { scenarioOf } from '../../node/scenarios/index.ts';
import { type FederationName, federations, scenarios } from './world.ts';

/** Raised where a change to learning or to the adaptation makes kept runs wrong. */
const edition = 3;

/** Splits of the document. */
export const seeds: readonly number[] = Array.from({ length: 40 }, (_, i) => i + 1);

/**
 * Parts of the document: each federation with weights by rows, and with equal ones beside it; the trials of control
 * variates; and each scenario as `npm start` plays it.
 */
export const partNames = ['hearts', 'credit', 'equal', 'variates', 'encrypted'] as const;
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

/** Who uses control variates, among whom. */
export interface Trial {
  readonly users: 'nobody' | 'everybody' | 'smallest';
  /** All sites in all rounds; some away in each round; the last one with its classes swapped. */
  readonly cast: 'all' | 'away' | 'swapped';
}

/** A split in the simulation, with weights by rows, in which it is watched where sites point. */
export interface TrialRun {
  readonly kind: 'trial';
  readonly federation: FederationName;
  readonly trial: Trial;
  readonly seed: number;
}

/** A whole federation, encrypted and proven. */
export interface EncryptedRun {
  readonly kind: 'encrypted';
  readonly federation: FederationName;
  readonly seed: number;
}

/** One run. */
export type Run = SimulatedRun | TrialRun | EncryptedRun;

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

const among: readonly Trial[] = [
  { users: 'nobody', cast: 'all' },
  { users: 'everybody', cast: 'all' },
];

/** The trials of a federation. Hospitals differ more than lenders: what may go wrong is tried among them. */
export const trialsOf: Readonly<Record<FederationName, readonly Trial[]>> = {
  credit: among,
  hearts: [
    ...among,
    { users: 'smallest', cast: 'all' },
    { users: 'nobody', cast: 'away' },
    { users: 'everybody', cast: 'away' },
    { users: 'nobody', cast: 'swapped' },
    { users: 'everybody', cast: 'swapped' },
  ],
};

/** Splits of the trials: the first ones. */
const trialSplits = 20;

/** The trials of a federation on a split. */
const trialRuns = (seed: number): TrialRun[] =>
  federations.flatMap((federation) =>
    trialsOf[federation].map((trial): TrialRun => ({ kind: 'trial', federation, trial, seed })),
  );

/** The runs of a part. The encrypted ones are of their scenarios' seeds, whichever are asked for. */
export function runsOf(part: PartName, of: readonly number[]): Run[] {
  if (part === 'encrypted') return federations.map(encrypted);
  if (part === 'variates') return of.filter((seed) => seed <= trialSplits).flatMap(trialRuns);
  return of.flatMap((seed) =>
    part === 'equal'
      ? federations.map((federation) => simulated(federation, 'equal', seed))
      : [simulated(part, 'rows', seed)],
  );
}

/** A run's name, which is also its file's. */
export const nameOf = (run: Run): string => [run.federation, ...wordsOf(run), run.seed, edition].join('-');

function wordsOf(run: Run): string[] {
  if (run.kind === 'encrypted') return [run.kind];
  if (run.kind === 'trial') return ['variates', run.trial.users, run.trial.cast];
  return [run.weights];
}
