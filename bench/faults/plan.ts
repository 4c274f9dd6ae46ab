// The runs of docs/faults.md: which fault, and in which federation.

import { type Length, longest } from './churn/plan.ts';

/** Raised where a change of code may change what a run comes to. */
const edition = 1;

/** Seeds of the document: of data, first model, batches. */
export const seeds = [1, 2, 3] as const;

/** Parts of the document, which can be played one by one. */
export const partNames = ['writes', 'points', 'machine', 'chain', 'keys', 'processes', 'soak'] as const;
/** All parts. That of `churn` takes hours, and is played where it is named alone. */
export const allPartNames = [...partNames, 'churn'] as const;
/** One of {@link allPartNames}. */
export type PartName = (typeof allPartNames)[number];

/** Federations with a fault, and the one without. */
export const faultNames = [
  'none',
  'every-write',
  'full-at-every-write',
  'full-disk',
  'clock-ahead',
  'clock-behind',
  'provider-pauses',
  'provider-falls-over',
  'chain-restarts',
  'chain-goes-back',
  'two-homes',
  'copied-home',
] as const;
/** One of {@link faultNames}. */
export type FaultName = (typeof faultNames)[number];

/** A federation of `tiny`: three trainers, two validators, a prover, two rounds. */
export interface FaultRun {
  readonly kind: 'fault';
  readonly seed: number;
  readonly fault: FaultName;
}

/** One in which a trainer, a validator and the prover each die once, at the same place among their own effects. */
export interface PointRun {
  readonly kind: 'point';
  readonly seed: number;
  readonly point: number;
  readonly fate: 'dies before' | 'torn' | 'dies after';
}

/** One of processes, each of which is killed in each phase. */
export interface ProcessRun {
  readonly kind: 'processes';
  readonly seed: number;
  readonly rounds: number;
}

/** A long one. */
export interface SoakRun {
  readonly kind: 'soak';
  readonly seed: number;
  readonly rounds: number;
}

/** One of several tasks, whose members come and go. */
export interface ChurnRun extends Length {
  readonly kind: 'churn';
}

/** One run. */
export type Run = FaultRun | PointRun | ProcessRun | SoakRun | ChurnRun;

/** More effects than a member has in one round: what lies beyond its last one happens to nobody. */
export const mostPoints = 40;

/** In which part a fault stands. */
const partOf: Readonly<Record<FaultName, PartName>> = {
  none: 'writes',
  'every-write': 'writes',
  'full-at-every-write': 'machine',
  'full-disk': 'machine',
  'clock-ahead': 'machine',
  'clock-behind': 'machine',
  'provider-pauses': 'chain',
  'provider-falls-over': 'chain',
  'chain-restarts': 'chain',
  'chain-goes-back': 'chain',
  'two-homes': 'keys',
  'copied-home': 'keys',
};

/** All runs of a part, with some seeds. Points and long runs are played with the first seed alone. */
export function runsOf(part: PartName, chosen: readonly number[]): Run[] {
  const [first] = chosen.filter((seed) => seed === seeds[0]);
  if (part === 'points')
    return first === undefined
      ? []
      : (['dies before', 'torn', 'dies after'] as const).flatMap((fate) =>
          Array.from(
            { length: mostPoints },
            (_, point) => ({ kind: 'point', seed: first, point, fate }) as const,
          ),
        );
  if (part === 'soak') return first === undefined ? [] : [{ kind: 'soak', seed: first, rounds: 200 }];
  if (part === 'churn') return first === undefined ? [] : [{ kind: 'churn', seed: first, ...longest }];
  if (part === 'processes') return chosen.map((seed) => ({ kind: 'processes', seed, rounds: 2 }));
  return faultNames
    .filter((fault) => partOf[fault] === part)
    .flatMap((fault) => chosen.map((seed) => ({ kind: 'fault', seed, fault }) as const));
}

/** A run's name, which is also its file's. */
export function nameOf(run: Run): string {
  const what = {
    fault: () => (run as FaultRun).fault,
    point: () => `${(run as PointRun).fate.replace(' ', '-')}-${(run as PointRun).point}`,
    processes: () => `${(run as ProcessRun).rounds}r`,
    soak: () => `${(run as SoakRun).rounds}r`,
    churn: () => `${(run as ChurnRun).tasks}x${(run as ChurnRun).rounds}r`,
  }[run.kind]();
  return `${run.kind}-${what}-s${run.seed}-e${edition}`;
}

/** The name of the file that a run of `churn` writes while it goes on. */
export const recordNameOf = (run: Run): string => `${nameOf(run)}.jsonl`;
