// `credit schema`, `credit quantise`: from a trained model to what issuers attest and proofs are made with.
import {
  type Comparison,
  checkRounding,
  classPlace,
  compare,
  creditModelOf,
  fileText,
  hexOf,
  plainLadder,
  schemaDigest,
  schemaOf,
  shapeFor,
  tableOf,
} from '../../../credit/index.ts';
import { classNames } from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { readModelFile } from '../../files/model_file.ts';
import { writeOutput } from '../../output/file.ts';
import { columns, percent, print } from '../../output/format.ts';
import { openSchema, openTrained } from './files.ts';
import { openScoredRows } from './rows.ts';

/** `credit schema`. */
export async function schema(settings: {
  readonly model: string;
  readonly name: string;
  readonly protected?: readonly (readonly [column: string, reason: string])[];
  readonly out: string;
  readonly json: boolean;
}): Promise<void> {
  const { model, name, out, json } = settings;
  const { description } = (await readModelFile(model)).file;
  const made = schemaOf({
    name,
    shape: shapeFor(description),
    data: tableOf(description),
    protectedBy: Object.fromEntries(settings.protected ?? []),
  });
  const told = await writeOutput(out, fileText(made));
  const digest = hexOf(schemaDigest(made));
  const marked = made.columns.filter((column) => column.protected !== undefined).map((column) => column.name);
  const text = [
    `${told}: ${made.columns.length} columns, shape ${made.shape}, digest ${digest}`,
    ...(marked.length > 0 ? [`protected, and said so: ${marked.join(', ')}`] : []),
  ];
  print(json, { out, digest, shape: made.shape, protected: marked }, text.join('\n'));
}

/** `credit quantise`. */
export async function quantiseModel(
  settings: Settings<typeof readingFlags> & {
    readonly model: string;
    readonly schema: string;
    readonly data: DataChoice;
    readonly bad?: string;
    readonly ladder?: readonly number[];
    readonly out: string;
    readonly json: boolean;
  },
): Promise<void> {
  const { out, json, ladder = plainLadder } = settings;
  const schema = await openSchema(settings.schema);
  const { trained, origin } = await openTrained(settings.model);
  const { description } = trained;
  const names = classNames(tableOf(description));
  const bad = settings.bad ?? names[1]!;
  const { text, digest, layers, quantised } = await creditModelOf(trained, {
    schema,
    bad,
    ladder: [...ladder],
    origin,
  });
  const { rows } = await openScoredRows(settings, { description, schema, bad: classPlace(names, bad) });
  const found = compare(layers, quantised, { schema, rows });
  checkRounding(found);
  const told = await writeOutput(out, text);
  print(
    json,
    { out, digest: hexOf(digest), ...found },
    `${told}: digest ${hexOf(digest)}\n${describe(found, ladder)}`,
  );
}

function describe(
  { rows, defaults, float, fixed, logit, brackets }: Comparison,
  ladder: readonly number[],
): string {
  const figures = (['auc', 'gini', 'ks'] as const).map((name) =>
    columns(
      [`  ${name === 'auc' ? 'AUC' : name === 'ks' ? 'KS' : 'Gini'}`, -8],
      [float[name].toFixed(4), 9],
      [fixed[name].toFixed(4), 11],
    ),
  );
  return [
    `on ${rows} rows, ${defaults} of them defaults; the largest difference of a logit is ${logit.toFixed(4)}`,
    columns(['', -8], ['trained', 9], ['integers', 11]),
    ...figures,
    columns(['  bracket', -10], ['chance from', 12], ['rows', 6], ['defaults', 10], ['rate', 9]),
    ...brackets.map((bracket, i) =>
      columns(
        [`  ${i}`, -10],
        [i === 0 ? '0.0 %' : percent(ladder[i - 1]!), 12],
        [bracket.rows, 6],
        [bracket.defaults, 10],
        [bracket.rows === 0 ? '-' : percent(bracket.defaults / bracket.rows), 9],
      ),
    ),
  ].join('\n');
}
