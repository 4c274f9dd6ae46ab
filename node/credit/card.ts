// A model card's figures: accuracy with intervals, and outcomes across groups that the score does not know of.
import { evaluateScore } from '@murmuration/prover/score';
import { chanceOf, type Random, seeded } from '../learn/index.ts';
import type { ScoredRows } from './compare.ts';
import { padded } from './features.ts';
import { collateralOf } from './ladder.ts';
import { type Discrimination, discrimination } from './metrics.ts';
import type { CreditModel } from './model_file.ts';
import { natsOf } from './quantise.ts';
import { type CreditSchema, featureOne } from './schema.ts';

/** A figure and the interval that 95 % of draws of the rows lie in. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

/** What became of the rows of one group. */
export interface GroupOutcome {
  readonly group: string;
  readonly rows: number;
  /** Share of rows that came to default. */
  readonly defaultRate: number;
  /** Mean of the chances that the score gives. */
  readonly meanChance: number;
  /** Mean collateral that the brackets ask for, in percent. */
  readonly collateral: Estimate;
  /** Share of rows in brackets 0 to 3. */
  readonly favoured: Estimate;
  /** That share over the highest one of all groups: below 0.8 the four-fifths rule of US agencies sees adverse impact. */
  readonly ratio: number;
  /** Of rows that did not come to default the share that is in brackets 4 to 9: refused though they would have paid. */
  readonly refusedGood: number;
}

/** All that a card says of rows. */
export interface CardFigures {
  readonly rows: number;
  readonly defaults: number;
  readonly accuracy: Readonly<Record<keyof Discrimination, Estimate>>;
  /** Of each bracket its rows, the chance that it promises at most, and how many came to default. */
  readonly brackets: readonly { readonly rows: number; readonly defaults: number; readonly below: number }[];
  /** By attribute. */
  readonly groups: Readonly<Record<string, readonly GroupOutcome[]>>;
}

/** Rows, and by attribute the group of each. */
export interface CardRows extends ScoredRows {
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

const draws = 1000;
/** Brackets below this one count as favoured. */
const favouredBelow = 4;

/** The figures of a model on rows that nobody trained on. @throws {RangeError} unless the rows have both outcomes. */
export function cardFigures(
  { model, file }: CreditModel,
  { schema, rows }: { readonly schema: CreditSchema; readonly rows: CardRows },
): CardFigures {
  const scored = rows.features.map((features, row): Scored => {
    const integers = features.map((value) => Math.round(value * featureOne));
    const { logit, bracket } = evaluateScore(model, padded(schema, integers));
    return { logit: natsOf(logit, file.logitBits), bracket, bad: rows.bad[row]! };
  });
  const random = seeded(1, 'credit/card');
  const accuracy = (figure: keyof Discrimination) =>
    estimate(scored, random, (some) => discriminationOf(some)?.[figure]);
  return {
    rows: scored.length,
    defaults: scored.filter(({ bad }) => bad).length,
    accuracy: { auc: accuracy('auc'), gini: accuracy('gini'), ks: accuracy('ks') },
    brackets: Array.from({ length: 10 }, (_, bracket) => {
      const own = scored.filter((one) => one.bracket === bracket);
      return {
        rows: own.length,
        defaults: own.filter(({ bad }) => bad).length,
        below: file.ladder[bracket] ?? 1,
      };
    }),
    groups: Object.fromEntries(
      Object.entries(rows.groups).map(([attribute, names]) => [attribute, outcomes(scored, names, random)]),
    ),
  };
}

/** AUC, Gini and KS of logits of default, with intervals. @throws {RangeError} unless there are both outcomes. */
export function rankingOf(
  logits: ArrayLike<number>,
  bad: readonly boolean[],
): Readonly<Record<keyof Discrimination, Estimate>> {
  const random = seeded(1, 'credit/ranking');
  const rows = bad.map((is, row) => ({ logit: logits[row]!, bad: is }));
  const of = (figure: keyof Discrimination) =>
    estimate(rows, random, (some) => discriminationOf(some)?.[figure]);
  return { auc: of('auc'), gini: of('gini'), ks: of('ks') };
}

interface Scored {
  readonly logit: number;
  readonly bracket: number;
  readonly bad: boolean;
}

/** Nothing of rows with one outcome alone. */
function discriminationOf(rows: readonly Pick<Scored, 'logit' | 'bad'>[]): Discrimination | undefined {
  const bad = rows.map((row) => row.bad);
  if (bad.every(Boolean) || !bad.some(Boolean)) return undefined;
  return discrimination(
    rows.map(({ logit }) => logit),
    bad,
  );
}

function outcomes(scored: readonly Scored[], names: readonly string[], random: Random): GroupOutcome[] {
  const share = (rows: readonly Scored[], is: (row: Scored) => boolean) =>
    rows.filter(is).length / rows.length;
  const isFavoured = ({ bracket }: Scored) => bracket < favouredBelow;
  const groups = [...new Set(names)].sort().map((group) => {
    const rows = scored.filter((_, row) => names[row] === group);
    const good = rows.filter(({ bad }) => !bad);
    return {
      group,
      rows: rows.length,
      defaultRate: share(rows, ({ bad }) => bad),
      meanChance: mean(rows.map(({ logit }) => chanceOf(logit))),
      collateral: estimate(rows, random, (some) => mean(some.map(({ bracket }) => collateralOf(bracket)))),
      favoured: estimate(rows, random, (some) => share(some, isFavoured)),
      refusedGood: good.length === 0 ? 0 : 1 - share(good, isFavoured),
    };
  });
  const most = Math.max(...groups.map(({ favoured }) => favoured.value));
  return groups.map((group) => ({ ...group, ratio: most === 0 ? 1 : group.favoured.value / most }));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A figure of rows, and its interval over draws with replacement; draws that do not have the figure are left out. */
function estimate<T>(
  rows: readonly T[],
  random: Random,
  figure: (rows: readonly T[]) => number | undefined,
): Estimate {
  const value = figure(rows);
  if (value === undefined) throw new RangeError('the rows have one outcome alone, but figures need both');
  const found = Array.from({ length: draws }, () => figure(rows.map(() => rows[random.below(rows.length)]!)))
    .filter((one) => one !== undefined)
    .sort((a, b) => a - b);
  const at = (share: number) => found[Math.min(found.length - 1, Math.floor(share * found.length))]!;
  return { value, interval: [at(0.025), at(0.975)] };
}
