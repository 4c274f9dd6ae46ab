// `npm run bench -- credit [--splits 40] [--json]`: how well a score tells who defaults, of each lender alone, of their
// federation in the simulation, and of all rows pooled, over splits of the rows.
import { parseArgs } from 'node:util';
import { discrimination } from '../node/credit/index.ts';
import { plainLogits } from '../node/scenarios/index.ts';
import { correctedInterval } from './joining/interval.ts';
import { simulateSplit, splitOf } from './joining/world.ts';
import { table } from './page.ts';

const figures = ['auc', 'gini', 'ks'] as const;

type Discrimination = ReturnType<typeof discrimination>;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, splits: { type: 'string', default: '40' } },
});
const splits = Number(values.splits);
if (!Number.isInteger(splits) || splits < 2 || splits > 1000) {
  throw new RangeError(`--splits is ${values.splits}, but it is a number from 2 to 1000`);
}

/** Of one split: each model's figures on all lenders' test rows. */
async function play(seed: number): Promise<ReadonlyMap<string, Discrimination>> {
  const split = splitOf('credit', { seed });
  const { sites, statistics, world } = split;
  const { model } = await simulateSplit(split, seed);
  const logits = await plainLogits({ task: world.task, model, statistics, seed }, sites);
  const bad = sites.flatMap(({ test }) =>
    Array.from(test.dataset(statistics).labels, (label) => label === 1),
  );
  const of = (scores: Float64Array) => discrimination(scores, bad);
  return new Map([
    ...sites.map(({ name }, i) => [`${name} alone`, of(logits.single[i]!)] as const),
    ['federated', of(logits.federated)],
    ['pooled, which nobody has', of(logits.pooled)],
  ]);
}

const played: ReadonlyMap<string, Discrimination>[] = [];
for (let seed = 1; seed <= splits; seed++) {
  played.push(await play(seed));
  process.stderr.write(`\rsplit ${seed} of ${splits}`);
}
process.stderr.write('\n');

const rows = [...played[0]!.keys()].map((model) => ({
  model,
  ...(Object.fromEntries(
    figures.map((figure) => [figure, correctedInterval(played.map((split) => split.get(model)![figure]))]),
  ) as Record<(typeof figures)[number], ReturnType<typeof correctedInterval>>),
}));

if (values.json) console.log(JSON.stringify(rows));
else {
  const shown = ({ mean, low, high }: ReturnType<typeof correctedInterval>) =>
    `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  console.log(`Mean over ${splits} splits, and its corrected 95 % interval\n`);
  console.log(
    table(
      ['score', 'AUC', 'Gini', 'KS'],
      rows.map(({ model, ...row }) => [model, ...figures.map((figure) => shown(row[figure]))]),
    ),
  );
}
