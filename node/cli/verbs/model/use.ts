// `model evaluate`, `model predict`: a model at work on rows.
import { NodeError } from '../../../errors.ts';
import {
  checkExamined,
  classNames,
  classProbabilities,
  type Dataset,
  encodeExamined,
  evaluatePredictions,
  examine,
  loadTable,
  modelLayout,
  Network,
  normalName,
  startBackend,
  type Table,
  type TaskDescription,
} from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { programFlags, readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { type ModelFile, readModelFile } from '../../files/model_file.ts';
import { readRows } from '../../files/read.ts';
import { openData } from '../../open/data.ts';
import { openProgram } from '../../open/host.ts';
import { readingOf } from '../../open/reading.ts';
import { writeOutput } from '../../output/file.ts';
import { percent, print } from '../../output/format.ts';

type UsePlace = Settings<typeof programFlags>;
type ReadModel = Awaited<ReturnType<typeof readModelFile>>;

export type UseSettings = Settings<typeof readingFlags> & {
  readonly model: string;
  readonly data: DataChoice;
  readonly json: boolean;
};

/** Runs `use` with a model's network and parameters. */
export async function withModel<T>(
  path: string,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> {
  return withNetwork(await readModelFile(path), use);
}

async function withNetwork<T>(
  { file, parameters }: ReadModel,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> {
  await startBackend('wasm');
  const network = new Network(file.description.model);
  try {
    return await use(network, parameters(network.size), file);
  } finally {
    network.dispose();
  }
}

/** Probabilities of rows, one a class, by a file's model: computed here, or by the site's program. */
async function chancesOf(
  settings: UsePlace,
  { file, parameters }: ReadModel,
  data: Dataset,
): Promise<Float32Array | Float64Array> {
  const { model } = file.description;
  if (model.kind !== 'program')
    return withNetwork({ file, parameters }, async (network, flat) =>
      classProbabilities(network, flat, { data, adaptation: file.adaptation }),
    );
  const host = await openProgram(model, settings, (text) => console.error(text));
  try {
    return await (await host.take(data)).predict(parameters(modelLayout(model).size));
  } finally {
    await host.close();
  }
}

/** `model evaluate`. */
export async function judge(settings: UseSettings & UsePlace & { readonly seed: number }): Promise<void> {
  const { data } = settings;
  const read = await readModelFile(settings.model);
  const { description, statistics, digest } = read.file;
  const own = await openData(data, {
    description,
    role: 'validator',
    seed: settings.seed,
    reading: readingOf(settings),
  });
  const rows = own.dataset(statistics);
  const found = evaluatePredictions(await chancesOf(settings, read, rows), rows.labels, rows.classes);
  const text = [
    `${found.count} rows`,
    `  accuracy           ${percent(found.accuracy)}`,
    `  AUC                ${found.auc.toFixed(3)}`,
    `  log loss           ${found.logLoss.toFixed(3)}`,
    `  calibration error  ${percent(found.calibration)}`,
  ];
  print(settings.json, { digest, ...found }, text.join('\n'));
}

/** `model predict`. */
export async function predict(
  settings: UseSettings & UsePlace & { readonly out?: string; readonly id?: readonly string[] },
): Promise<void> {
  const { data, out, id: ids = [] } = settings;
  if (data.kind === 'mnist')
    throw new NodeError('input', '--data is digits, but `murmur model predict` is for rows of a table', {
      mend: 'For digits there is `murmur model evaluate`.',
    });
  const reading = readingOf(settings);
  const read = await readModelFile(settings.model);
  const spec = csvOf(read.file.description);
  const { names, rows } = await readRows(data.file, async () => {
    const examined = examine(await loadTable(data, spec, reading), spec, { reading, labelled: false });
    checkExamined(examined, reading);
    const inputs = encodeExamined(examined, read.file.statistics);
    const found = byRow(await chancesOf(settings, read, inputs), inputs.count);
    const { table, usable } = examined;
    const carried = ids.map((name) => columnOf(table, name));
    const rows = found.map((probabilities, i) => {
      const row = usable[i]!;
      return { row: row + 1, ids: carried.map((at) => table.rows[row]![at]!.trim()), probabilities };
    });
    return { names: classNames(spec), rows };
  });
  const best = (row: readonly number[]) => names[row.indexOf(Math.max(...row))]!;
  if (settings.json && !out) {
    const named = rows.map(({ row, ids: values, probabilities }) => ({
      row,
      ...(ids.length > 0 && { ids: Object.fromEntries(ids.map((name, i) => [name, values[i]!])) }),
      class: best(probabilities),
      probabilities,
    }));
    return print(true, named, '');
  }
  const csv = [
    ['row', ...ids, 'class', ...names.map((name) => `p(${name})`)].map(quote).join(','),
    ...rows.map(({ row, ids: values, probabilities }) =>
      [row, ...values.map(quote), quote(best(probabilities)), ...probabilities.map((p) => p.toFixed(6))].join(
        ',',
      ),
    ),
  ].join('\n');
  if (!out) return console.log(csv);
  const told = await writeOutput(out, `${csv}\n`);
  print(settings.json, { out, rows: rows.length }, `${told}: ${rows.length} rows`);
}

/** A column that is carried over. @throws NodeError `input` where the file has none of the name, or several. */
function columnOf({ header }: Table, name: string): number {
  const places = header.flatMap((found, at) => (normalName(found) === normalName(name) ? [at] : []));
  if (places.length !== 1)
    throw new NodeError('input', `--id is ${name}, but the file has ${places.length} columns of this name`, {
      mend: `It has ${header.join(', ')}.`,
    });
  return places[0]!;
}

function csvOf({ data }: TaskDescription) {
  if (data.kind !== 'csv') throw new NodeError('input', 'the model is of digits, its rows are no CSV');
  return data;
}

function byRow(chances: Float32Array | Float64Array, count: number): number[][] {
  const width = chances.length / count;
  return Array.from({ length: count }, (_, row) => [...chances.subarray(row * width, (row + 1) * width)]);
}

/**
 * A field of separated values. A spreadsheet would compute what begins like a formula, so it begins with an apostrophe;
 * numbers may have their sign.
 */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
