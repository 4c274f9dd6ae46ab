// Whether a role's view of the chain is whole.
import type { RoundEntry, Stage } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';

/**
 * Whether the journal has come to where the chain is. Between reading the logs and reading the stage, or
 * behind confirmations, the journal may lack the last submission and the end of its phase. A sum without that
 * submission must never be decrypted, since the difference to the true sum is a single update.
 * @throws NodeError `chain` where the logs that an RPC node gave lack a submission that the contract has
 * counted.
 */
export function inStep(stage: Stage, entry: RoundEntry): boolean {
  if (stage.round !== entry.number || stage.phase !== entry.phase) return false;
  if (stage.phase === 'support' || stage.phase === 'submit') return true;
  const { update, probe } = entry.submitted;
  const weight = update.reduce((total, each) => total + each.weight, 0);
  const whole = weight === stage.weight && probe.length === stage.probes;
  // While submissions are excluded, the logs may lack the last exclusion.
  if (!whole && stage.phase === 'inspect') return false;
  if (!whole)
    throw new NodeError(
      'chain',
      `round ${entry.number}: the logs hold updates of weight ${weight} and ${probe.length} probes, but ` +
        'the contract counted ' +
        `${stage.weight} and ${stage.probes}: the RPC node left logs out`,
      { mend: 'Start again, which reads them anew, or use another node.' },
    );
  return true;
}
