// `model evaluate`, `model predict`: a model at work on rows.
import { NodeError } from '../../../errors.ts';
import type { Network } from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { programFlags, readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { type ModelFile, readModelFile } from '../../files/model_file.ts';
import { withNetwork } from '../../model/compute.ts';
import { evaluateModel, predictionsCsv, predictRows } from '../../model/use.ts';
import { readingOf } from '../../open/reading.ts';
import { writeOutput } from '../../output/file.ts';
import { percent, print } from '../../output/format.ts';

type UsePlace = Settings<typeof programFlags>;

export type UseSettings = Settings<typeof readingFlags> & {
  readonly model: string;
  readonly data: DataChoice;
  readonly json: boolean;
};

/** Runs `use` with a model's network and parameters. */
export const withModel = async <T>(
  path: string,
  use: (network: Network, model: Float32Array, file: ModelFile) => Promise<T>,
): Promise<T> => withNetwork(await readModelFile(path), use);

/** `model evaluate`. */
export async function judge(settings: UseSettings & UsePlace & { readonly seed: number }): Promise<void> {
  const { data, seed } = settings;
  const read = await readModelFile(settings.model);
  const use = { data, seed, reading: readingOf(settings), program: settings };
  const found = await evaluateModel(read, use);
  const text = [
    `${found.count} rows`,
    `  accuracy           ${percent(found.accuracy)}`,
    `  AUC                ${found.auc.toFixed(3)}`,
    `  log loss           ${found.logLoss.toFixed(3)}`,
    `  calibration error  ${percent(found.calibration)}`,
  ];
  print(settings.json, { digest: read.file.digest, ...found }, text.join('\n'));
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
  const use = { data, ids, reading: readingOf(settings), program: settings };
  const found = await predictRows(await readModelFile(settings.model), use);
  const { rows } = found;
  if (settings.json && !out) {
    const named = rows.map(({ row, ids: values, best, probabilities }) => ({
      row,
      ...(ids.length > 0 && { ids: Object.fromEntries(ids.map((name, i) => [name, values[i]!])) }),
      class: best,
      probabilities,
    }));
    return print(true, named, '');
  }
  const csv = predictionsCsv(found);
  if (!out) return console.log(csv);
  const told = await writeOutput(out, `${csv}\n`);
  print(settings.json, { out, rows: rows.length }, `${told}: ${rows.length} rows`);
}
