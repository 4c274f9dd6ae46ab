// The tables of control variates: what they change for the model, and where the sites point with and without them.
import { table } from '../page.ts';
import { fewestSplits, meanOf, shown, titles } from './figures.ts';
import { correctedInterval } from './interval.ts';
import { runsOf, seeds, type Trial, trialsOf } from './plan.ts';
import { kept, type Result } from './play.ts';
import { type FederationName, federations } from './world.ts';

type Pair = readonly [used: Result, without: Result];

const uses: readonly (Trial & { readonly title: (sites: readonly string[]) => string })[] = [
  { users: 'everybody', cast: 'all', title: () => 'all use them' },
  { users: 'everybody', cast: 'away', title: () => 'all use them, some are away' },
  { users: 'smallest', cast: 'all', title: (sites) => `${sites[0]} alone uses them` },
  { users: 'everybody', cast: 'swapped', title: (sites) => `all use them, ${sites[1]} swaps its classes` },
];

/** The tables, from the runs in a folder. */
export function trialTables(folder: string): string {
  const results = runsOf('variates', seeds).flatMap((run) => {
    const result = kept(folder, run);
    return run.kind === 'trial' && result ? [{ ...run, result }] : [];
  });
  const of = (federation: FederationName, users: Trial['users'], cast: Trial['cast']) =>
    results.filter(
      (run) => run.federation === federation && run.trial.users === users && run.trial.cast === cast,
    );
  const pairsOf = (federation: FederationName, { users, cast }: Trial): Pair[] => {
    const without = new Map(of(federation, 'nobody', cast).map(({ seed, result }) => [seed, result]));
    return of(federation, users, cast).flatMap(({ seed, result }) => {
      const other = without.get(seed);
      return other ? [[result, other] as const] : [];
    });
  };
  const cases = federations.flatMap((federation) =>
    uses
      .filter((use) =>
        trialsOf[federation].some(({ users, cast }) => users === use.users && cast === use.cast),
      )
      .map((use) => ({ federation, use, pairs: pairsOf(federation, use) })),
  );
  if (cases.some(({ pairs }) => pairs.length < fewestSplits))
    return 'Not measured yet: `npm run joining -- --only variates`.';
  const named = cases.map(({ federation, use, pairs }) => {
    const { sites, rows } = pairs[0]![0];
    const smallest = sites[rows.indexOf(Math.min(...rows))]!;
    return { name: `${titles[federation]}: ${use.title([smallest, sites.at(-1)!])}`, pairs };
  });
  const sitesOf = (federation: FederationName) => of(federation, 'nobody', 'all')[0]!.result.sites;
  const columns = federations.flatMap((federation) =>
    sitesOf(federation).map((site, k) => ({ federation, site, k })),
  );
  const everywhere = (of: (federation: FederationName, k: number) => string) =>
    columns.map(({ federation, k }) => of(federation, k));
  const average = (users: Trial['users'], value: (result: Result, k: number) => number) =>
    everywhere((federation, k) =>
      meanOf(of(federation, users, 'all').map(({ result }) => value(result, k))).toFixed(2),
    );
  return [
    table(
      ['with less without, all rows', 'log loss', 'AUC', 'log loss, bias', 'AUC, bias'],
      named.map(({ name, pairs }) => [name, ...changes(pairs)]),
    ),
    table(
      ['log loss of the federated model, with less without', ...columns.map(({ site }) => site)],
      (['everybody', 'smallest'] as const).map((users) => [
        users === 'everybody' ? 'all use them' : 'the smallest alone',
        ...everywhere((federation, k) => {
          const pairs = pairsOf(federation, { users, cast: 'all' });
          return pairs.length > 0 ? shown(change(pairs, ({ scores }) => scores.federated[k]!.logLoss)) : '';
        }),
      ]),
    ),
    table(
      ['of the rounds after the first, or of all', ...columns.map(({ site }) => site)],
      [
        ['points away from the others, without', ...average('nobody', ({ backwards }, k) => backwards![k]!)],
        ['the same, all use them', ...average('everybody', ({ backwards }, k) => backwards![k]!)],
        ['struck, of all ten rounds, without', ...average('nobody', ({ struck }, k) => struck[k]!)],
        ['the same, all use them', ...average('everybody', ({ struck }, k) => struck[k]!)],
      ],
    ),
  ].join('\n\n');
}

const change = (pairs: readonly Pair[], of: (result: Result) => number) =>
  correctedInterval(pairs.map(([used, without]) => of(used) - of(without)));

/** Of the federated model, then with each site's bias. */
const changes = (pairs: readonly Pair[]): string[] =>
  (['federated', 'bias'] as const).flatMap((model) =>
    (['logLoss', 'auc'] as const).map((figure) =>
      shown(change(pairs, ({ scores }) => scores[model].at(-1)![figure]!)),
    ),
  );
