// Writes docs/joining.md from kept runs: its words stand in page.txt, its figures are put in here.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type ModelName, type ModelScore, modelTitles } from '../../node/report/index.ts';
import { fillPage, table } from '../page.ts';
import { difference, fewestSplits, meanOf, shown, signed, titles } from './figures.ts';
import { correctedInterval, type Interval } from './interval.ts';
import { encrypted, type PartName, partNames, runsOf, type SimulatedRun, seeds, simulated } from './plan.ts';
import { kept, type Result } from './play.ts';
import { trialTables } from './trial_tables.ts';
import { type FederationName, federations, scenarios } from './world.ts';

/** Writes the page from the runs in a folder, and its bars into the README. @returns the files written. */
export function writeDocument(folder: string): string[] {
  const resultsOf = (federation: FederationName, weights: SimulatedRun['weights']) =>
    seeds.flatMap((seed) => kept(folder, simulated(federation, weights, seed)) ?? []);
  const by = Object.fromEntries(
    federations.map((federation) => [federation, resultsOf(federation, 'rows')]),
  ) as Record<FederationName, Result[]>;
  const bars = barTable(by);
  const text = fillPage(readFileSync(new URL('page.txt', import.meta.url), 'utf8'), {
    runs: () => runsLine(folder),
    bars: () => bars,
    encrypted: () => federations.map((name) => encryptedPart(name, folder, by[name])).join('\n\n'),
    hearts: () => siteTable(by.hearts),
    credit: () => siteTable(by.credit),
    medians: () => federations.map((name) => `${titles[name]}:\n\n${levelTable(by[name])}`).join('\n\n'),
    strikes: () => strikeTable(by),
    variates: () => trialTables(folder),
    shares: () => shareTable(by),
    equal: () =>
      equalTable(
        Object.fromEntries(
          federations.map((name) => [name, [by[name], resultsOf(name, 'equal')]]),
        ) as unknown as Record<FederationName, readonly [Result[], Result[]]>,
      ),
  });
  const page = new URL('../../docs/joining.md', import.meta.url);
  const readme = new URL('../../README.md', import.meta.url);
  writeFileSync(page, text);
  writeFileSync(readme, withBars(readFileSync(readme, 'utf8'), bars));
  return [page, readme].map((file) => fileURLToPath(file));
}

/** A document with the bars between the two comments that say where they stand. */
function withBars(text: string, bars: string): string {
  const place = /(<!-- npm run joining -->\n)[\s\S]*?(<!-- its end -->)/;
  if (!place.test(text)) throw new Error('joining: the README has no place for the bars');
  return text.replace(place, (_, begin, end) => `${begin}\n${bars}\n\n${end}`);
}

function runsLine(folder: string): string {
  const count = (part: PartName) => {
    const runs = runsOf(part, seeds);
    return `${part} ${runs.filter((run) => kept(folder, run)).length} of ${runs.length}`;
  };
  return `Runs: ${partNames.map(count).join(', ')}.`;
}

const lossToOwn = (model: ModelName, site: number) => (result: Result) =>
  result.scores[model][site]!.logLoss - result.scores.own[site]!.logLoss;
const all = ({ sites }: Result): number => sites.length;
const aucOf = (result: Result, model: ModelName): number => result.scores[model][all(result)]!.auc!;

/** The site whose tuned model does best on all rows in the mean over splits. */
function bestSingle(results: readonly Result[]): number {
  const sums = results[0]!.sites.map((_, k) => results.reduce((sum, { single }) => sum + single[k]!.auc!, 0));
  return sums.indexOf(Math.max(...sums));
}

interface Bar {
  readonly what: string;
  readonly rule: string;
  /** The figures that must hold: one a site, or one. */
  readonly figures: readonly ((result: Result) => number)[];
  readonly holds: (found: Interval) => boolean;
}

function barsOf(federation: FederationName, results: readonly Result[]): Bar[] {
  const sites = results[0]!.sites.map((_, k) => k);
  const best = bestSingle(results);
  // Where the share of the class differs between sites, both sides of the comparison have their bias.
  const pooled = federation === 'hearts' ? 'pooledBias' : 'pooled';
  const losses = (model: ModelName) => sites.map((k) => lossToOwn(model, k));
  return [
    {
      what: 'log loss to own tuned, bias alone, each site',
      rule: 'mean at most +.01, end at most +.06',
      figures: losses('bias'),
      holds: ({ mean, high }) => mean <= 0.01 && high <= 0.06,
    },
    {
      what: 'log loss to own tuned, blend, each site',
      rule: 'mean at most 0',
      figures: losses('half'),
      holds: ({ mean }) => mean <= 0,
    },
    {
      what: `AUC on all rows, with bias, to pooled tuned${federation === 'hearts' ? ' with bias' : ''}`,
      rule: 'interval within .01',
      figures: [(result) => aucOf(result, 'bias') - aucOf(result, pooled)],
      holds: ({ low, high }) => low >= -0.01 && high <= 0.01,
    },
    {
      what: `AUC on all rows, with bias, to the best single site's (${results[0]!.sites[best]})`,
      rule: federation === 'hearts' ? 'interval above 0' : 'mean above 0',
      figures: [(result) => aucOf(result, 'bias') - result.single[best]!.auc!],
      holds: ({ mean, low }) => (federation === 'hearts' ? low : mean) > 0,
    },
  ];
}

function barTable(by: Readonly<Record<FederationName, readonly Result[]>>): string {
  const lines = federations.flatMap((federation) => {
    const results = by[federation];
    if (results.length < fewestSplits)
      return [[titles[federation], `fewer than ${fewestSplits} splits`, '', '', '']];
    return barsOf(federation, results).map(({ what, rule, figures, holds }) => {
      const found = figures.map((figure) => difference(results, figure)!);
      const verdict = found.every(holds) ? 'holds' : '**does not hold**';
      return [titles[federation], what, found.map(shown).join('; '), rule, verdict];
    });
  });
  return table(['federation', 'what', 'mean [95 %]', 'bar', ''], lines);
}

/** One run with everything on, held against the intervals and against the simulation of its seed. */
function encryptedPart(federation: FederationName, folder: string, results: readonly Result[]): string {
  const run = encrypted(federation);
  const result = kept(folder, run);
  const command = `\`npm start -- --scenario ${scenarios[federation]}\``;
  if (!result || results.length < fewestSplits) return `${command}: not played yet.`;
  const bars = barsOf(federation, results);
  const inside = (of: Result, figures: Bar['figures']) =>
    figures.every((figure) => {
      const { low, high } = difference(results, figure)!;
      return low <= figure(of) && figure(of) <= high;
    });
  const lines = bars.map(({ what, figures }) => [
    what,
    figures.map((figure) => signed(figure(result))).join('; '),
    figures.map((figure) => shown(difference(results, figure)!)).join('; '),
    inside(result, figures) ? 'inside' : '**outside**',
  ]);
  const whole = seeds.filter((seed) => {
    const of = kept(folder, simulated(federation, 'rows', seed));
    return of && bars.every(({ figures }) => inside(of, figures));
  });
  const twin = kept(folder, simulated(federation, 'rows', run.seed));
  const same = isDeepStrictEqual(twin?.scores, result.scores) ? 'to the last digit' : '**not**';
  return [
    `${titles[federation]}: ${command}, seed ${run.seed}; ${result.accepted} rounds accepted, ${result.proofs} proofs. Its figures are`,
    `${same} those of the simulation of this seed. Of ${results.length} splits ${whole.length} lie inside with every figure; the first is seed`,
    `${whole[0]}.`,
    '',
    table(['what', 'the run', 'over splits', ''], lines),
  ].join('\n');
}

const names = Object.entries(modelTitles) as [ModelName, string][];

/** Log loss less that of the site's own tuned model. */
function siteTable(results: readonly Result[]): string {
  if (results.length < fewestSplits) return `Fewer than ${fewestSplits} splits.`;
  const { sites, rows, weights } = results[0]!;
  return table(
    [
      'log loss to own tuned',
      ...sites.map((name, i) => `${name} (${rows[i]} rows, weight ${weights[i]})`),
      'all',
    ],
    names
      .slice(1)
      .map(([model, name]) => [
        name,
        ...[...sites, 'all'].map((_, k) => shown(difference(results, lossToOwn(model, k))!)),
      ]),
  );
}

/** Medians over splits. */
function levelTable(results: readonly Result[]): string {
  if (results.length < fewestSplits) return `Fewer than ${fewestSplits} splits.`;
  const median = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  };
  const figure = (model: ModelName, k: number, of: (score: ModelScore) => number | undefined) => {
    const values = results.map(({ scores }) => of(scores[model][k]!)).filter((value) => value !== undefined);
    return values.length > 0 ? median(values).toFixed(3) : '';
  };
  const places = [...results[0]!.sites, 'all'];
  return table(
    ['AUC / accuracy / log loss', ...places],
    names.map(([model, name]) => [
      name,
      ...places.map((_, k) =>
        [
          figure(model, k, ({ auc }) => auc),
          figure(model, k, ({ accuracy }) => accuracy),
          figure(model, k, ({ logLoss }) => logLoss),
        ].join(' / '),
      ),
    ]),
  );
}

const columnsOf = (by: Readonly<Record<FederationName, readonly Result[]>>) =>
  federations.flatMap((name) => (by[name][0]?.sites ?? []).map((site, k) => ({ name, site, k })));

function strikeTable(by: Readonly<Record<FederationName, readonly Result[]>>): string {
  const columns = columnsOf(by);
  return table(
    ['of 10 rounds', ...columns.map(({ site }) => site)],
    [
      [
        'struck, mean',
        ...columns.map(({ name, k }) => meanOf(by[name].map(({ struck }) => struck[k]!)).toFixed(2)),
      ],
      [
        'strikes that stand at the end, most',
        ...columns.map(({ name, k }) => `${Math.max(...by[name].map(({ levels }) => levels[k]!))}`),
      ],
    ],
  );
}

function shareTable(by: Readonly<Record<FederationName, readonly Result[]>>): string {
  const columns = columnsOf(by);
  return table(
    ['share of the own model, splits', ...columns.map(({ site }) => site)],
    [0, 0.25, 0.5, 0.75, 1].map((share) => [
      `${share}`,
      ...columns.map(({ name, k }) => `${by[name].filter(({ shares }) => shares[k] === share).length}`),
    ]),
  );
}

/** Weights by rows less equal ones, on the same splits. */
function equalTable(
  by: Readonly<Record<FederationName, readonly [readonly Result[], readonly Result[]]>>,
): string {
  const lines = federations.flatMap((federation) => {
    const [rows, equal] = by[federation];
    const paired = Math.min(rows.length, equal.length);
    if (paired < fewestSplits) return [];
    const gain = (of: (result: Result) => number) =>
      shown(correctedInterval(equal.slice(0, paired).map((other, i) => of(rows[i]!) - of(other))));
    return [
      [
        titles[federation],
        gain((result) => result.scores.bias[all(result)]!.logLoss),
        gain((result) => aucOf(result, 'bias')),
      ],
    ];
  });
  if (lines.length === 0) return 'Not measured yet: `npm run joining -- --only equal`.';
  return table(['by rows less equal, with bias, all rows', 'log loss', 'AUC'], lines);
}
