// The options of a simulation, checked at the border.
import { z } from 'zod';
import { demoPresets, demoSeed, dishonestTrainings } from '../demo/index.ts';
import { defaultScorePolicy, type ScorePolicy, type StrikePolicy, token } from '../protocol/index.ts';
import { references } from './reference.ts';

/** Parses options; everything has a default. */
export const simulationOptions = z.strictObject({
  rounds: z.int().min(1).max(1000).default(40),
  /** The last one's digits are mirrored. */
  trainers: z.int().min(2).max(64).default(5),
  validators: z.int().min(2).max(32).default(3),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(demoSeed),
  /** How the last trainer but one behaves. */
  adversary: z.enum(['honest', ...dishonestTrainings]).default('honest'),
  mirrored: z.boolean().default(true),
  mirroredShare: z.number().min(0).max(1).optional(),
  partition: z.enum(['even', 'by-label']).default('even'),
  preset: z.enum(demoPresets).default('quick'),
  selector: z.enum(['probe', 'leader']).default('leader'),
  density: z.number().gt(0).max(1).optional(),
  reference: z.enum(references).default('probe'),
});

/** The options, every one of them set. */
export type SimulationOptions = z.infer<typeof simulationOptions>;
/** The options as they are given: defaults may be missing. */
export type SimulationInput = z.input<typeof simulationOptions>;

/** The policy and the money that a simulation plays with; amounts in the token's smallest unit. */
export interface Economy {
  readonly score: ScorePolicy;
  readonly strike: StrikePolicy;
  /** Each trainer's stake at the start. */
  readonly stake: bigint;
  /** An accepted round's part of the bounty. */
  readonly roundReward: bigint;
  /** Smallest median gain of the validators' accuracy with which a model is accepted, in basis points. */
  readonly minGain: number;
}

/** The demonstration's. */
export const defaultEconomy: Economy = {
  score: defaultScorePolicy,
  strike: { strike: token / 2n, ejectAt: 8, stakeFloor: token },
  stake: 100n * token,
  roundReward: 10n * token,
  minGain: -1000,
};
