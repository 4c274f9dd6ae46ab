// `model show`: where a model comes from.
import { readModelFile } from '../../files/model_file.ts';
import { percent, print } from '../../output/format.ts';

/** `model show`. */
export async function show({
  model,
  json,
}: {
  readonly model: string;
  readonly json: boolean;
}): Promise<void> {
  const { file } = await readModelFile(model);
  const { parameters: _, ...shown } = file;
  const { origin, description, statistics, lineage, digest } = file;
  const text = [
    `${description.name}: ${file.layout.reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0)} parameters, digest ${digest}`,
    `task ${origin.task} of ${origin.marketplace} on chain ${origin.chainId}`,
    `  first model     ${lineage.first}`,
    ...lineage.rounds.map(
      ({ round, outcome, model: reached, quality }) =>
        `  round ${String(round).padEnd(4)} ${outcome.padEnd(10)} ${reached}${quality === undefined ? '' : `  ${percent(quality / 10_000)}`}`,
    ),
    ...Object.entries(statistics).map(
      ([name, { mean, deviation }]) =>
        `  ${name}: mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)}`,
    ),
  ];
  print(json, shown, text.join('\n'));
}
