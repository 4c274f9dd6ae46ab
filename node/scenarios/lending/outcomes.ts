// How good the score is, and for whom: on rows that nobody has learnt from, with intervals over draws of these rows.
import { cardFigures, collateralOf, groupsOf, rankingOf } from '../../credit/index.ts';
import type { Lending } from '../../report/index.ts';
import type { EndedFederation } from '../scenario.ts';
import { plainLogits } from '../sites/compare.ts';
import type { DealtSites } from '../sites/scenario.ts';
import type { PublishedScore } from './publish.ts';

type Outcomes = Pick<Lending, 'rows' | 'defaults' | 'models' | 'brackets' | 'groups'>;

/** Ages at which groups are cut. */
const cuts = [26, 40, 60];

/** The figures of each lender's own model, the federation's, its integers, and a model of all rows; and outcomes by group. */
export async function outcomesOf(
  { description: task, model, statistics }: EndedFederation,
  { seed, sites, tests }: DealtSites,
  { score, schema, rows }: PublishedScore,
): Promise<Outcomes> {
  const examined = tests.examined!;
  const personal = groupsOf(examined, { column: 'personal', cuts: [] });
  const groups = {
    // The file has sex and marital status in one word.
    sex: personal.map((word) => word.split('_')[0]!),
    age: groupsOf(examined, { column: 'age', cuts }),
  };
  const figures = cardFigures(score, { schema, rows: { ...rows, groups } });
  const logits = await plainLogits({ task, model, statistics, seed }, sites);
  const ranked = (name: string, of: Float64Array) => ({ model: name, ...rankingOf(of, rows.bad) });
  return {
    rows: figures.rows,
    defaults: figures.defaults,
    models: [
      ...sites.map(({ name }, i) => ranked(`${name} alone`, logits.single[i]!)),
      ranked('federated', logits.federated),
      { model: 'federated, in integers', ...figures.accuracy },
      ranked('pooled, which nobody has', logits.pooled),
    ],
    brackets: figures.brackets.map((bracket, k) => ({ ...bracket, collateral: collateralOf(k) })),
    groups: Object.fromEntries(
      Object.entries(figures.groups).map(([attribute, all]) => [attribute, [...all]]),
    ),
  };
}
