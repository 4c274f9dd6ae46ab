// The box that stands before a button which goes on in spite of what a review finds.
import type { Finding } from '../../api/task.ts';

interface Props {
  readonly findings: readonly Pick<Finding, 'severity'>[];
  readonly accepted: boolean;
  readonly accept: (accepted: boolean) => void;
}

export const hasDangers = (findings: Props['findings']): boolean =>
  findings.some(({ severity }) => severity === 'danger');

/** Nothing, where the review finds no danger. */
export function Dangers({ findings, accepted, accept }: Props) {
  if (!hasDangers(findings)) return null;
  return (
    <label class="block">
      <input type="checkbox" checked={accepted} onChange={(event) => accept(event.currentTarget.checked)} /> I
      have read the dangers below, and go on.
    </label>
  );
}
