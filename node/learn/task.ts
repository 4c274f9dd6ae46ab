// A task's description: model, data, local training, compression, aggregation, privacy. The planner publishes
// it and every role reads it; it is parsed and limited here and trusted afterwards.
import { z } from 'zod';
import { chunkShapes } from '../protocol/presets.ts';
import { dataSpec } from './data/spec.ts';
import { misfits } from './fit.ts';
import { modelSpec } from './model_spec.ts';

const positive = z.number().positive().finite();

/** Local training between two rounds: plain stochastic gradient descent. */
const training = z.strictObject({
  /** Gradient steps a round. */
  steps: z.int().min(1).max(10_000),
  /** Examples a step. */
  batch: z.int().min(1).max(8192),
  /** Step size. */
  rate: positive.max(10),
});

/** Deep Gradient Compression (Lin et al., ICLR 2018) on a support that all trainers share. */
const compression = z.strictObject({
  /**
   * Who proposes the round's support: `probe`, every validator; `leader`, the rotating leader among the
   * trainers.
   */
  selector: z.enum(['probe', 'leader']),
  /** Chunks of K coordinates a round, padding included. */
  chunks: z.int().min(1).max(32),
  /** Share of the model's parameters a round carries after warm-up; the promise is at most 5 %. */
  density: z.number().gt(0).max(1),
  /** Densities of the first rounds, one a round. */
  warmup: z.array(z.number().gt(0).max(1)).max(64).default([]),
  /** Momentum correction over rounds, 0 to turn it off. */
  momentum: z.number().min(0).lt(1).default(0),
  /** Local gradient clipping: a local update's largest l2 norm is `clip / sqrt(trainers)`. */
  clip: positive.optional(),
  /** Upper bound on one chunk's sum of squares; proven in zero knowledge. */
  normBound: z.int().min(1),
});

/** How a round's sum moves the model (docs/encodings.md, "Scale, and how a sum is applied"). */
const aggregation = z.strictObject({
  /** Server step size. */
  eta: positive.max(100),
  /** The first round's scale, units of 2^-48. */
  scale: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** The root mean square that coordinates are steered to. */
  targetRms: z.int().min(1).max(127),
});

/**
 * Local differential privacy: clip each released update to `clip` (l2) and add normal noise of `sigma *
 * clip`.
 */
const privacy = z.strictObject({ clip: positive, sigma: positive, delta: z.number().gt(0).lt(1) });

/** Parses a task's description; the error lists every path that is wrong. */
export const taskDescription = z
  .strictObject({
    name: z.string().min(1).max(200),
    preset: z.enum(['tiny', 'quick', 'base', 'wide']),
    rounds: z.int().min(1).max(100_000),
    model: modelSpec,
    data: dataSpec,
    training,
    compression,
    aggregation,
    privacy: privacy.optional(),
  })
  .superRefine((task, context) => {
    const fail = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const { coordinatesPerChunk } = chunkShapes[task.preset];
    if (task.compression.normBound > coordinatesPerChunk * 2 ** 14)
      fail(
        ['compression', 'normBound'],
        `must be at most K * 2^14 = ${coordinatesPerChunk * 2 ** 14} for preset ${task.preset}`,
      );
    for (const { path, message } of misfits(task)) fail(path, message);
    if (task.privacy && task.compression.selector === 'leader')
      fail(
        ['compression', 'selector'],
        'must be probe with privacy: a leader proposes indices from its own data, outside the accounted ' +
          'budget',
      );
  });

/** A task's description, parsed. */
export type TaskDescription = z.infer<typeof taskDescription>;
/** As it is written: defaults may be missing. */
export type TaskDescriptionInput = z.input<typeof taskDescription>;
