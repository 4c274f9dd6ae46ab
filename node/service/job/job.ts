// A job as everybody may see it who may see it at all: never its inputs.
import type { ProvenStatement } from '@murmuration/prover';
import { z } from 'zod';
import { proofSchema, writeProof } from './proof.ts';

/**
 * Where a job stands: `waiting` for an agent or for its next try, `proving`, and for good `done`, `failed` or
 * `cancelled`. A failed job is in the list of dead letters and can be tried again by hand.
 */
export const jobStates = ['waiting', 'proving', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** Whether nothing more will happen to a job by itself. */
export function isOver(state: JobState): boolean {
  return state !== 'waiting' && state !== 'proving';
}

const when = z.iso.datetime();

/** Why a try or a job failed. */
export const reasonSchema = z.strictObject({
  code: z.string().describe('of the prover, such as witness; or deadline, lost, limit'),
  message: z.string(),
});
export type Reason = z.output<typeof reasonSchema>;

/** Why a job fails whose proof would come too late. */
export const deadlinePassed: Reason = {
  code: 'deadline',
  message: 'the deadline passed before there was a proof',
};

export const jobSchema = z.strictObject({
  id: z.uuid().describe('follows from owner and content, so that a job that is sent twice is one'),
  circuit: z.string(),
  preset: z.string(),
  keys: z.string().describe('SHA-256 of the proving key'),
  secret: z.boolean().describe('whether its witness is a secret: it is erased as soon as the job is over'),
  state: z.enum(jobStates),
  stage: z.string().describe('of a proof under way: witness, queued, loading-key, proving'),
  priority: z.int(),
  deadline: when.nullable(),
  attempts: z.int(),
  agent: z.string().nullable().describe('who proves it, or did'),
  reason: reasonSchema.nullable().describe('why the last try failed'),
  created: when,
  started: when.nullable(),
  finished: when.nullable(),
});
export type Job = z.output<typeof jobSchema>;

/** A finished job's proof and what it took. */
export const resultSchema = z.strictObject({
  ...proofSchema.shape,
  witnessMs: z.number(),
  proveMs: z.number(),
  engine: z.string(),
});
export type Result = z.output<typeof resultSchema>;

/** A proof and what it took, as a service tells it. */
export function writeResult({ proof, publicSignals, witnessMs, proveMs, engine }: ProvenStatement): Result {
  return { proof: writeProof(proof), publicSignals: publicSignals.map(String), witnessMs, proveMs, engine };
}
