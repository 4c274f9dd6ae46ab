// `report.json`: what a run did, round by round and trainer by trainer; the HTML report shows the same
// numbers.
import { z } from 'zod';

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
