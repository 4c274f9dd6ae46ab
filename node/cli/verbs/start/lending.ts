// What the terminal says of a score that went on chain: who borrowed at which rate, which cheats were refused, where it comes from.
import type { Lending } from '../../../report/index.ts';
import { columns, percent } from '../../output/format.ts';

/** The lines after the training's. */
export function lendingLines({ models, rows, borrowers, refusals, lineage, approvals }: Lending): string[] {
  const estimate = ({ value, interval: [low, high] }: Lending['models'][number]['auc']) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return [
    '',
    columns([`on ${rows} rows`, -26], ['AUC', 22], ['Gini', 22], ['KS', 22]),
    ...models.map(({ model, auc, gini, ks }) =>
      columns([model, -26], [estimate(auc), 22], [estimate(gini), 22], [estimate(ks), 22]),
    ),
    '',
    columns(['who borrowed', -34], ['bracket', 8], ['lent', 9], ['collateral', 12], ['of the debt', 13]),
    ...borrowers.map(({ name, bracket, lent, collateral, collateralShare }) =>
      columns(
        [name, -34],
        [bracket, 8],
        [lent, 9],
        [collateral.toFixed(4), 12],
        [percent(collateralShare / 100), 13],
      ),
    ),
    '',
    ...refusals.map(({ attempt, where, error }) => `refused ${where}: ${attempt}: ${error}`),
    '',
    `the score is that of task ${lineage.task}, ${lineage.steps.length} rounds of ${lineage.trainers.length} trainers, signed by ` +
      `${approvals.signers} of ${approvals.of} validators`,
    `\`murmur credit status --pool ${lineage.pool}\` finds so from the chain of a deployment that goes on; this one ended with the run`,
  ];
}
