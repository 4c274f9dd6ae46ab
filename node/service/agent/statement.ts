// Any statement, by its circuit alone: signals and inputs come ready-made from the job, whose sender has checked
// that they fit. What does not fit breaks a constraint, and no proof of it leaves the prover.
import type { PackableInput, Statement } from '@murmuration/prover';
import { NodeError } from '../../errors.ts';
import type { CircuitName } from '../job/circuits.ts';
import type { JobContent } from '../job/content.ts';

type JobStatement = Statement<JobContent['signals'], PackableInput, PackableInput>;

/**
 * The statement of a job's content.
 * @throws NodeError `input` where an input has the name of a signal: it would stand in its place.
 */
export function statementOf(circuit: CircuitName, { signals, inputs, point }: JobContent): JobStatement {
  const twice = Object.keys(signals).find((name) => Object.hasOwn(inputs, name));
  if (twice !== undefined) throw new NodeError('input', `${twice} is given as a signal and as an input`);
  return {
    circuit,
    signals: (_, signals) => signals,
    secretInputs: (_preset, _signals, inputs) => inputs,
    ...(point && { point: () => point }),
  };
}
