// `credit card`: what a reader of a score should know before believing it.
import {
  type CardFigures,
  CreditError,
  type CreditModelFile,
  type CreditSchema,
  cardFigures,
  classPlace,
  collateralOf,
  type Estimate,
  type Grouping,
  type GroupOutcome,
  groupsOf,
  hexOf,
  readCreditModel,
  tableOf,
} from '../../../credit/index.ts';
import { classNames } from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { readModelFile } from '../../files/model_file.ts';
import { writeOutput } from '../../output/file.ts';
import { percent, print } from '../../output/format.ts';
import { openFile, openSchema } from './files.ts';
import { openScoredRows } from './rows.ts';

/** `credit card`. */
export async function card(
  settings: Settings<typeof readingFlags> & {
    readonly model: string;
    readonly schema: string;
    readonly score: string;
    readonly data: DataChoice;
    readonly group?: readonly Grouping[];
    readonly out: string;
    readonly json: boolean;
  },
): Promise<void> {
  const { out, json, group = [] } = settings;
  const schema = await openSchema(settings.schema);
  const score = await openFile(settings.score, (value) => readCreditModel(value, schema));
  const { description, digest } = (await readModelFile(settings.model)).file;
  if (digest !== score.file.origin.model) {
    throw new CreditError(
      'model',
      `the score is of model ${score.file.origin.model}, but --model has ${digest}`,
    );
  }
  const bad = classPlace(classNames(tableOf(description)), score.file.bad);
  const { rows, examined } = await openScoredRows(settings, { description, schema, bad });
  const groups = Object.fromEntries(group.map((one) => [one.column, groupsOf(examined, one)]));
  const figures = cardFigures(score, { schema, rows: { ...rows, groups } });
  const told = await writeOutput(out, cardText({ schema, file: score.file, figures }));
  const { auc } = figures.accuracy;
  print(json, { out, ...figures }, `${told}: AUC ${range(auc)} on ${figures.rows} rows`);
}

const range = ({ value, interval: [low, high] }: Estimate, show = (x: number) => x.toFixed(3)): string =>
  `${show(value)} [${show(low)}, ${show(high)}]`;

const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => `${cell}`.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] => [
  row(titles),
  row(titles.map(() => '---')),
  ...rows.map(row),
];

interface Card {
  readonly schema: CreditSchema;
  readonly file: CreditModelFile;
  readonly figures: CardFigures;
}

function cardText({ schema, file, figures }: Card): string {
  const { origin } = file;
  const lines = [
    `# Model card: ${file.name}`,
    '',
    'A score of the chance of default, in integers, evaluated at home and proven by bracket. `murmur credit card` wrote this page.',
    '',
    '## Lineage',
    '',
    ...table(
      ['what', 'value'],
      [
        ['digest of the model in integers', `\`${hexOf(file.digest)}\``],
        ['trained model', `\`${origin.model}\``],
        [
          'task',
          `${origin.task} of \`${origin.marketplace}\` on chain ${origin.chainId}, ${origin.rounds} rounds`,
        ],
        ['default is', `the class ${file.bad}`],
        ['shape', file.shape],
      ],
    ),
    '',
    '## What it decides by',
    '',
    ...table(
      ['column', 'values', 'protected, and why it may decide'],
      schema.columns.map((column) => [
        column.name,
        column.type === 'numeric' ? `${column.range[0]} to ${column.range[1]}` : column.values.join(', '),
        column.protected ?? '',
      ]),
    ),
    '',
    '## Accuracy',
    '',
    `On ${figures.rows} rows, ${figures.defaults} of them defaults; intervals hold 95 % of 1,000 draws of the rows.`,
    '',
    ...table(
      ['AUC', 'Gini', 'KS'],
      [(['auc', 'gini', 'ks'] as const).map((name) => range(figures.accuracy[name]))],
    ),
    '',
    ...table(
      ['bracket', 'chance below', 'collateral', 'rows', 'came to default'],
      figures.brackets.map(({ rows, defaults, below }, bracket) => [
        bracket,
        percent(below),
        `${collateralOf(bracket)} %`,
        rows,
        rows === 0 ? '-' : percent(defaults / rows),
      ]),
    ),
    '',
    ...Object.entries(figures.groups).flatMap(([attribute, groups]) => groupLines(attribute, groups, schema)),
    '## What it is not',
    '',
    'A page of figures on one set of rows. It does not say that the score is fair, lawful, or right for other people',
    'than these (docs/credit.md).',
  ];
  return `${lines.join('\n')}\n`;
}

function groupLines(attribute: string, groups: readonly GroupOutcome[], schema: CreditSchema): string[] {
  const known = schema.columns.some(({ name }) => name === attribute);
  return [
    `## By ${attribute}`,
    '',
    `The score ${known ? 'decides by this column' : 'does not have this column; what other columns know of it stays in it'}. *Favoured* is in`,
    'brackets 0 to 3; *ratio* is that share over the highest one; *refused good* is the share of those who paid that is not favoured.',
    '',
    ...table(
      ['group', 'rows', 'came to default', 'mean chance', 'collateral', 'favoured', 'ratio', 'refused good'],
      groups.map((one) => [
        one.group,
        one.rows,
        percent(one.defaultRate),
        percent(one.meanChance),
        range(one.collateral, (x) => x.toFixed(1)),
        range(one.favoured, (x) => x.toFixed(2)),
        one.ratio.toFixed(2),
        percent(one.refusedGood),
      ]),
    ),
    '',
  ];
}
