// `report.json`: what a run did, round by round and trainer by trainer; the HTML report shows the same
// numbers.
import { z } from 'zod';
import { lendingSchema } from './lending.ts';

const share = z.number().min(0).max(1);
const natural = z.int().min(0);
/** An amount of the stake token, in whole tokens. */
const amount = z.number().min(0).finite();
const milliseconds = z.number().min(0).finite();
const label = z.string().min(1).max(200);

/** How often something was done in a round and how long it took altogether, where that is known. */
const tally = z.strictObject({ count: natural, milliseconds: milliseconds.optional() });

/** One trainer in one round. */
const trainerRound = z.strictObject({
  /** After the round. */
  stake: amount,
  strikes: natural,
  /** Struck in this round. */
  struck: z.boolean(),
  /** Of this round. */
  reward: amount,
  /** With the probe; missing where it was not proven. */
  cosine: z.number().min(-1.01).max(1.01).optional(),
});

const round = z.strictObject({
  /** From 1. */
  round: z.int().min(1),
  accepted: z.boolean(),
  /**
   * Of the model after the round: on test data that nobody trained or validated on; of a task, by the median of the
   * validators' votes, and missing where there was none.
   */
  accuracy: share.optional(),
  /** The same data mirrored, where the run has a left-handed trainer. */
  mirroredAccuracy: share.optional(),
  /** Area under the ROC curve on the same test data, where there are two classes. */
  auc: share.optional(),
  /** Coordinates carried, of all parameters. */
  density: share,
  /** Bytes that one trainer sends in the round; missing where nobody counted. */
  bytesPerTrainer: natural.optional(),
  /** Missing where nobody had a clock. */
  milliseconds: milliseconds.optional(),
  /** By kind, for example `update`, `aggregate`, `alignment`. Empty in a simulation. */
  proofs: z.record(label, tally),
  /** Gas by call, summed over the round. Empty in a simulation, and of a task. */
  gas: z.record(label, natural),
  /** In the order of `trainers`. */
  trainers: z.array(trainerRound).max(64),
});

const trainer = z.strictObject({
  name: label,
  /** For example `plain`, `mirrored`, `noise`. */
  kind: label,
  account: label.optional(),
  stakeStart: amount,
  stakeEnd: amount,
  strikes: natural,
  ejected: z.boolean().default(false),
  reward: amount,
});

/** Models that a site can have, in the order of the table, and what it calls them. */
export const modelTitles = {
  own: 'own tuned',
  federated: 'federated',
  bias: 'federated, bias',
  half: 'federated, bias, half own',
  blend: 'the same, share chosen on rows set aside',
  pooled: 'pooled tuned',
  pooledBias: 'pooled tuned, bias',
} as const;
/** One of {@link modelTitles}. */
export type ModelName = keyof typeof modelTitles;
/** Their names. */
export const modelNames = Object.keys(modelTitles) as readonly ModelName[];

/** How well a model does on rows that nobody has learnt from. */
const modelScore = z.strictObject({
  /** In nats. */
  logLoss: z.number().min(0).finite(),
  /** Missing where the rows are of one class. */
  auc: share.optional(),
  accuracy: share,
  /** Expected calibration error. */
  calibration: share,
});

const modelScores = z.record(z.enum(modelNames), modelScore);

/** What the model is worth to each site, beside others of the same rows. */
const comparison = z.strictObject({
  /** What a site is called, in general: `hospital`. */
  word: label,
  sites: z
    .array(
      z.strictObject({
        name: label,
        rows: z.strictObject({ train: natural, holdout: natural, test: natural }),
        /** Of its updates in a sum. */
        weight: natural,
        /** What `model adapt` puts on the logit, and the own model's share that it chose. */
        bias: z.number().finite(),
        share,
        /** On the site's test rows. */
        scores: modelScores,
        /** Its own model on all sites' test rows. */
        everywhere: modelScore,
      }),
    )
    .min(1)
    .max(64),
  /** On all sites' test rows, each site's by its own model where it has one. */
  all: modelScores,
});

/** Parses a report; used where one is written and where one is read. */
export const reportSchema = z
  .strictObject({
    version: z.literal(1),
    /** `simulation`: proofs, encryption and network were off. `task`: read from a chain by somebody who looks on. */
    kind: z.enum(['federation', 'simulation', 'task']),
    title: label,
    created: z.iso.datetime(),
    /** The options, as names and values to show. */
    config: z.record(label, z.union([z.string().max(1000), z.number(), z.boolean()])),
    rounds: z.array(round).max(100_000),
    trainers: z.array(trainer).max(64),
    comparison: comparison.optional(),
    lending: lendingSchema.optional(),
    /** Why what should have come after the training did not. */
    unfinished: z.string().min(1).max(2_000).optional(),
    model: z.strictObject({ parameters: natural, digest: z.string().regex(/^(0x)?[0-9a-f]{64}$/) }),
    totals: z.strictObject({
      milliseconds,
      accepted: natural,
      bytes: natural,
      proofs: natural,
      gas: natural,
      rewards: amount,
      slashed: amount,
    }),
  })
  .superRefine((report, context) => {
    for (const [i, one] of report.rounds.entries())
      if (one.trainers.length !== report.trainers.length)
        context.addIssue({
          code: 'custom',
          path: ['rounds', i, 'trainers'],
          message: `has ${one.trainers.length} entries for ${report.trainers.length} trainers`,
        });
  });

/** A report that has been checked. */
export type Report = z.infer<typeof reportSchema>;
/** One round of a report. */
export type ReportRound = Report['rounds'][number];
/** How well a model does. */
export type ModelScore = z.infer<typeof modelScore>;
/** What a report says of sites' models. */
export type Comparison = NonNullable<Report['comparison']>;
/** A run's numbers; the totals are computed from them. */
export type ReportInput = Omit<Report, 'version' | 'totals'>;

/** Checks a run's report and adds the totals. @throws ZodError where a number is out of its range. */
export function completeReport(input: ReportInput): Report {
  const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
    items.reduce((n, item) => n + of(item), 0);
  const { rounds, trainers } = input;
  return reportSchema.parse({
    ...input,
    version: 1,
    totals: {
      milliseconds: sum(rounds, (r) => r.milliseconds ?? 0),
      accepted: rounds.filter((r) => r.accepted).length,
      bytes: sum(rounds, (r) => (r.bytesPerTrainer ?? 0) * r.trainers.length),
      proofs: sum(rounds, (r) => sum(Object.values(r.proofs), (p) => p.count)),
      gas: sum(rounds, (r) => sum(Object.values(r.gas), (g) => g)),
      rewards: sum(trainers, (t) => t.reward),
      slashed: sum(trainers, (t) => Math.max(0, t.stakeStart - t.stakeEnd)),
    },
  });
}
