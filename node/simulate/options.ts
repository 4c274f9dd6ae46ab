// The options of a simulation, checked at the border.
import { z } from 'zod';
import { defaultRules, demoPresets, demoSeed } from '../demo/index.ts';
import {
  type ClueFamily,
  clueFamilies,
  defaultScoreRule,
  type ScorePolicy,
  token,
} from '../protocol/index.ts';
import { adversaryNames } from './adversaries/index.ts';

/** What the validators who work for the adversary say in their votes. */
export const corruptVotes = ['honest', 'for', 'against'] as const;

/** Parses options; everything has a default. */
export const simulationOptions = z
  .strictObject({
    rounds: z.int().min(1).max(1000).default(40),
    /** The last one's digits are mirrored. */
    trainers: z.int().min(2).max(64).default(5),
    validators: z.int().min(2).max(32).default(6),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(demoSeed),
    /** Adversaries among the trainers, from the last but one down. */
    adversary: z.array(z.enum(adversaryNames)).max(16).readonly().default([]),
    /** Validators who work for the first adversary: the last ones. */
    corrupt: z.int().min(0).max(32).default(0),
    corruptVotes: z.enum(corruptVotes).default('honest'),
    mirrored: z.boolean().default(true),
    mirroredShare: z.number().min(0).max(1).optional(),
    partition: z.enum(['even', 'by-label']).default('even'),
    preset: z.enum(demoPresets).default('quick'),
    selector: z.enum(['probe', 'leader']).default('leader'),
    density: z.number().gt(0).max(1).optional(),
    /** What updates are scored against: the validators' probes, or the updates' own sum, to see why not. */
    reference: z.enum(['probe', 'sum']).default('probe'),
  })
  .refine(({ corrupt, validators }) => corrupt <= validators, {
    path: ['corrupt'],
    message: 'more validators are corrupt than there are',
  });

/** The options, every one of them set. */
export type SimulationOptions = z.infer<typeof simulationOptions>;
/** The options as they are given: defaults may be missing. */
export type SimulationInput = z.input<typeof simulationOptions>;

/** The policy and the money that a simulation plays with; amounts in the token's smallest unit. */
export interface Economy {
  readonly score: ScorePolicy;
  /** Each trainer's stake at the start. */
  readonly stake: bigint;
  /** An accepted round's part of the bounty. */
  readonly roundReward: bigint;
  /** Smallest median gain of the validators' accuracy with which a model is accepted, in basis points. */
  readonly minGain: number;
  /** What the innovation leaves out. */
  readonly clues: readonly ClueFamily[];
  /** What strikes read: the innovation, as the rule has it, or the whole of the opened probes. */
  readonly strikesOn: 'innovation' | 'whole';
  /** Groups of validators; without it as many as the rule says. */
  readonly groups?: number | undefined;
}

/** The demonstration's. */
export const defaultEconomy: Economy = {
  score: { ...defaultScoreRule, strike: token / 2n },
  stake: 100n * token,
  roundReward: 10n * token,
  minGain: defaultRules.minGain,
  clues: clueFamilies,
  strikesOn: 'innovation',
};
