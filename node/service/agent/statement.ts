// Any statement, by its circuit alone: signals and inputs come ready-made from the job, whose sender has checked
// that they fit. What does not fit breaks a constraint, and no proof of it leaves the prover.
import type { Statement } from '@murmuration/prover';
import type { CircuitName } from '../job/circuits.ts';
import type { JobContent } from '../job/submission.ts';

type JobStatement = Statement<JobContent['signals'], JobContent['inputs']>;

/** The statement of a job's content. */
export function statementOf(circuit: CircuitName, { point }: JobContent): JobStatement {
  return {
    circuit,
    signals: (_, signals) => signals,
    secretInputs: (_preset, _signals, inputs) => inputs,
    ...(point && { point: () => point }),
  };
}
