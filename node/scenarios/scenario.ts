// What a local federation is about: its task and terms, its members with their rows, and what its model is judged by.
// All else is the protocol's, the same for every scenario.
import type { Economics, Rules } from '@murmuration/contracts';
import type { DemoPreset } from '../demo/index.ts';
import type { Evaluation, OwnData, Statistics, TaskDescription } from '../learn/index.ts';
import type { Signer } from '../protocol/index.ts';
import type { Comparison, Lending, ReportRound } from '../report/index.ts';
import type { ChainSettings, Member } from '../roles/index.ts';

/** What a scenario can be told; each of its own has a default for all of it. */
export interface ScenarioChoice {
  readonly preset: DemoPreset;
  readonly rounds: number;
  readonly trainers: number;
  readonly validators: number;
  /** Decides who gets which rows. */
  readonly seed: number;
  /** Who proposes the coordinates of a round. */
  readonly selector: TaskDescription['compression']['selector'];
}

/** A scenario that can be played: what `--scenario` names. */
export interface Scenario {
  readonly defaults: Omit<ScenarioChoice, 'selector'>;
  /** How many trainers it can have. */
  readonly trainers: { readonly min: number; readonly max: number };
  /** The trainers' seat that the first adversary takes, of so many trainers; others take those before it. */
  adversarySeat(trainers: number): number;
  /** Makes what it needs after its training, where that is missing: once members have stake, it would cost their time. */
  prepare?(place: Pick<EndedFederation, 'cacheFolder' | 'say'>): Promise<void>;
  /** The scenario with its rows dealt, decided by the choice. */
  deal(choice: ScenarioChoice): Promise<DealtScenario>;
}

/** A member of a scenario, and the rows that it brings. */
export interface Party {
  /** Of its account, its log and its lines in view and report; nobody else's. */
  readonly name: string;
  /** What it is where nobody cheats, for example `plain`. */
  readonly kind: string;
  readonly data: OwnData;
}

/** A figure by which each round's model is judged. */
export interface TestFigure {
  /** As the live view calls it: 16 characters at most. */
  readonly name: string;
  /** The figure of a report's round that it becomes. */
  readonly field: keyof Pick<ReportRound, 'accuracy' | 'mirroredAccuracy' | 'auc'>;
  /** Picks it, in [0, 1]. */
  of(evaluation: Evaluation): number;
  /** How the live view shows it. */
  shown(value: number): string;
}

/** Rows that nobody trains or validates on, and the figures that are taken of them. */
export interface TestSet {
  readonly rows: OwnData;
  readonly figures: readonly TestFigure[];
}

/** A scenario whose rows are dealt. */
export interface DealtScenario {
  readonly description: TaskDescription;
  readonly terms: {
    readonly economics: Economics;
    readonly rules: Rules;
    /** Seconds after the task's end for which stake is held; a second unless given. */
    readonly appeal?: number;
  };
  /** In the order of their seats. */
  readonly trainers: readonly Party[];
  readonly validators: readonly Party[];
  /** Of the trainers' updates in a sum, as the allow-list has them; without it the task is open to everybody. */
  readonly weights?: readonly number[];
  readonly tests: readonly TestSet[];
  /** What the last model is worth to each site, beside others of the same rows. */
  compare?(model: Float32Array, statistics: Statistics): Promise<Comparison>;
  /** What comes after the training, on the same chain. */
  afterwards?(ended: EndedFederation): Promise<Lending>;
}

/** A federation whose task has ended, on a chain that still stands. */
export interface EndedFederation {
  readonly task: bigint;
  readonly description: TaskDescription;
  readonly statistics: Statistics;
  /** The final model. */
  readonly model: Float32Array;
  readonly chain: Pick<ChainSettings, 'url' | 'deployment'>;
  /** Those that are no adversaries, with the rows that they keep back. */
  readonly validators: readonly {
    readonly name: string;
    readonly signer: Signer;
    readonly data: OwnData;
  }[];
  /** For circuits and development keys. */
  readonly cacheFolder: string;
  /** An account of somebody who comes now, with money for gas and so many tokens. */
  newcomer(name: string, tokens: bigint): Promise<Member>;
  say(text: string): void;
}
