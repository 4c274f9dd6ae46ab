// The ring's waiting times, in milliseconds.
import { z } from 'zod';

const milliseconds = z.number().int().positive();

const timingSchema = z.strictObject({
  /** Without a hop for this long, a member asks its predecessor whether it is there. */
  hop: milliseconds.default(5_000),
  /**
   * How often a predecessor may fail to answer, or withhold a hop that it could send, before it is suspected.
   */
  tries: z.number().int().positive().default(3),
  /** How long others may take to open the ring after this member has. */
  join: milliseconds.default(60_000),
  /** One pass around the ring; a member that gets nowhere leaves after it and adds everything itself. */
  attempt: milliseconds.default(120_000),
  /** Rings formed anew, at most, before a member leaves and adds everything itself. */
  attempts: z.number().int().positive().default(8),
});

/** Checked waiting times, every one of them set. */
export type RingTiming = z.output<typeof timingSchema>;

/** The given times, the defaults for the rest. @throws on a value that is no positive integer. */
export function ringTiming(given: z.input<typeof timingSchema> = {}): RingTiming {
  return Object.freeze(timingSchema.parse(given));
}
