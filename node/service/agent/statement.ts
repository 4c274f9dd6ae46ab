// Any statement, by its circuit alone: signals and inputs come ready-made from the job, whose sender has checked
// that they fit. What does not fit breaks a constraint, and no proof of it leaves the prover.
import type { Statement } from '@murmuration/prover';
import type { CircuitName } from '../job/circuits.ts';
import type { JobContent } from '../job/submission.ts';

/** The statement of a job's content. */
export function statementOf(circuit: CircuitName, { point }: JobContent): Statement<JobContent, JobContent> {
  return {
    circuit,
    signals: (_, { signals }) => signals,
    ...(point && { point: () => point }),
    secretInputs: (_preset, _signals, { inputs }) => inputs,
  };
}
