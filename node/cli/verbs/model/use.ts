// `model evaluate`, `model predict`: a model at work on rows.
import { NodeError } from '../../../errors.ts';
import {
  classNames,
  encodeInputs,
  evaluate,
  Network,
  readCsv,
  startBackend,
  type TaskDescription,
} from '../../../learn/index.ts';
import type { DataChoice } from '../../command/rules.ts';
import { type ModelFile, readModelFile } from '../../files/model_file.ts';
import { readRows } from '../../files/read.ts';
import { openData } from '../../open/data.ts';
import { writeOutput } from '../../output/file.ts';
import { percent, print } from '../../output/format.ts';

interface UseSettings {
  readonly model: string;
  readonly data: DataChoice;
  readonly json: boolean;
}

/** Runs `use` with a model's network and parameters. */
async function withModel<T>(
  path: string,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> {
  const { file, parameters } = await readModelFile(path);
  await startBackend('wasm');
  const network = new Network(file.description.model);
  try {
    return await use(network, parameters(network.size), file);
  } finally {
    network.dispose();
  }
}

/** `model evaluate`. */
export async function judge(settings: UseSettings & { readonly seed: number }): Promise<void> {
  const { data } = settings;
  const { digest, ...found } = await withModel(settings.model, async (network, model, file) => {
    const own = await openData(data, {
      description: file.description,
      role: 'validator',
      seed: settings.seed,
    });
    return { digest: file.digest, ...evaluate(network, model, own.dataset(file.statistics)) };
  });
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
export async function predict(settings: UseSettings & { readonly out?: string }): Promise<void> {
  const { data } = settings;
  if (data.kind !== 'csv')
    throw new NodeError('input', '--data is digits, but `murmur model predict` is for csv:FILE', {
      mend: 'For digits there is `murmur model evaluate`.',
    });
  const { names, rows } = await withModel(settings.model, async (network, model, file) => {
    const spec = csvOf(file.description);
    const inputs = await readRows(data.file, async () =>
      encodeInputs(await readCsv(data.file, spec), spec, file.statistics),
    );
    return { names: classNames(spec), rows: byClass(network.predict(model, inputs), inputs.count, network) };
  });
  const best = (row: number[]) => names[row.indexOf(Math.max(...row))]!;
  if (settings.json && !settings.out)
    return print(
      true,
      rows.map((row) => ({ class: best(row), probabilities: row })),
      '',
    );
  const csv = [
    ['row', 'class', ...names.map((name) => `p(${name})`)].map(quote).join(','),
    ...rows.map((row, at) => [at + 1, quote(best(row)), ...row.map((p) => p.toFixed(6))].join(',')),
  ].join('\n');
  if (!settings.out) return console.log(csv);
  const told = await writeOutput(settings.out, `${csv}\n`);
  print(settings.json, { out: settings.out, rows: rows.length }, `${told}: ${rows.length} rows`);
}

function csvOf({ data }: TaskDescription) {
  if (data.kind !== 'csv') throw new NodeError('input', 'the model is of digits, its rows are no CSV');
  return data;
}

/** Probabilities by row, one a class also where the model gives the positive class's alone. */
function byClass(probabilities: Float32Array, count: number, { spec }: Network): number[][] {
  const width = probabilities.length / count;
  return Array.from({ length: count }, (_, row) => {
    const found = Array.from(probabilities.subarray(row * width, (row + 1) * width));
    return spec.loss === 'binary' ? [1 - found[0]!, found[0]!] : found;
  });
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
