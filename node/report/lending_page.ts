// The part of the page about a score that went on chain.
import { html, type Markup } from './escape.ts';
import { duration, fixed, percent, thousandths } from './format.ts';
import type { Lending, LendingBorrower } from './lending.ts';

type Estimate = Lending['models'][number]['auc'];
const shown = (
  { value, interval: [low, high] }: Estimate,
  format: (x: number) => string = thousandths,
): string => `${format(value)} [${format(low)}, ${format(high)}]`;

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): Markup =>
  html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th class="text">${head}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td class="text">${cell}</td>`)}</tr>`)}</tbody></table></div>`;

/** The part. */
export function lendingPart(lending: Lending): Markup {
  const { rows, defaults, models, brackets, groups, borrowers, refusals, lineage, approvals } = lending;
  return html`<h2>The score on chain</h2>
<p>The final model became integers by a stated rule; ${approvals.signers} of ${approvals.of} validators computed them again and signed. An issuer signed records of real people whom nobody has learnt from; each proved its bracket at home, and a pool lent by it.</p>
<h3>How good it is</h3>
<p class="quiet">On ${rows} rows that nobody has learnt from, ${defaults} of them defaults. Intervals hold 95 % of 1,000 draws of these rows, of one cut; docs/credit.md has them over 40 cuts.</p>
${table(
  ['model', 'AUC', 'Gini', 'KS'],
  models.map(({ model, auc, gini, ks }) => [model, shown(auc), shown(gini), shown(ks)]),
)}
<h3>Brackets</h3>
${table(
  ['bracket', 'chance of default below', 'collateral', 'rows', 'came to default'],
  brackets.map((one, k) => [
    k,
    percent(one.below),
    `${one.collateral} %`,
    one.rows,
    one.rows === 0 ? '–' : percent(one.defaults / one.rows),
  ]),
)}
<h3>Across groups</h3>
<p class="quiet">The score has neither attribute. Leaving them out does not make outcomes equal: what the other columns know of them stays in it. Favoured is in brackets 0 to 3, the ratio is to the most favoured group, and refused good are those who paid but are in brackets 4 to 9.</p>
${Object.entries(groups).map(([attribute, all]) =>
  table(
    [
      attribute,
      'rows',
      'came to default',
      'mean chance',
      'collateral, %',
      'favoured',
      'ratio',
      'refused good',
    ],
    all.map((one) => [
      one.group,
      one.rows,
      percent(one.defaultRate),
      percent(one.meanChance),
      shown(one.collateral, (x) => x.toFixed(1)),
      shown(one.favoured, (x) => x.toFixed(2)),
      one.ratio.toFixed(2),
      percent(one.refusedGood),
    ]),
  ),
)}
<h3>Who borrowed</h3>
${table(
  ['who', "of the lender's rows", 'bracket', 'lent', 'collateral', 'of the debt', 'proof'],
  borrowers.map((one) => [
    one.name,
    one.lender,
    one.bracket,
    fixed(one.lent),
    one.collateral.toFixed(4),
    `${one.collateralShare} %`,
    duration(one.proofMs),
  ]),
)}
<h3>What each showed to the chain</h3>
<p class="quiet">All transactions of each account, byte by byte. The record, its values, the score and who signed are in none of them.</p>
${borrowers.map(callsPart)}
<h3>What was refused</h3>
${table(
  ['attempt', 'where', 'by the name'],
  refusals.map(({ attempt, where, error }) => [attempt, where, error]),
)}
<h3>Where the score comes from</h3>
<p class="quiet">Found from the pool's address and the chain alone.</p>
${table(
  ['what', 'value'],
  [
    ['pool', lineage.pool],
    ['model in integers', lineage.digest],
    ['its file', lineage.content],
    ['schema', lineage.schema],
    ['task', lineage.task],
    ['its description', lineage.metadata],
    ['model before the first round', lineage.first],
    ...lineage.steps.map(({ round, outcome, model }) => [`after round ${round}, ${outcome}`, model]),
    ...lineage.trainers.map((one, i) => [`trainer ${i + 1}`, one]),
    ...lineage.validators.map((one, i) => [`validator ${i + 1}`, one]),
  ],
)}`;
}

const callsPart = ({ name, reasons, chance, calls }: LendingBorrower): Markup =>
  html`<details><summary>${name}: ${calls.length} calls</summary>
<p class="quiet">Stays at home: a chance of default of ${percent(chance)}; what counted against it: ${reasons.join('. ') || 'nothing'}.</p>
${calls.map(
  ({ call, transaction, fields }) => html`<p><b>${call}</b> <code class="quiet">${transaction}</code></p>
${table(
  ['bytes from', 'field', 'bytes', 'tells'],
  fields.map((field) => [field.offset, field.name, field.bytes, field.tells]),
)}`,
)}</details>`;
