// The review of a task's terms: a pure function over a table of rules. It knows nothing of whoever asks, so the
// planner before it posts and a member before it joins are told the same.
import type { Finding, ReviewedTask, Rule, Severity } from './finding.ts';
import { judgementRules } from './judgement.ts';
import { moneyRules } from './money.ts';
import { privacyRules } from './privacy.ts';
import { seatRules } from './seats.ts';
import { timeRules } from './time.ts';

/** All rules, in the order in which equally bad findings are told. */
export const rules: readonly Rule[] = [
  ...seatRules,
  ...privacyRules,
  ...moneyRules,
  ...judgementRules,
  ...timeRules,
];

const order: readonly Severity[] = ['danger', 'warning', 'note'];

/** What the rules find in a task's terms, the worst first. */
export function reviewTask(task: ReviewedTask): Finding[] {
  return rules
    .flatMap(({ name, find }) => {
      const found = find(task);
      return found ? [{ rule: name, ...found }] : [];
    })
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
