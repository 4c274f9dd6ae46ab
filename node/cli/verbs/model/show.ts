// `model show`: where a model comes from.
import { describeAdaptation, readModelFile } from '../../files/model_file.ts';
import { columns, percent, print } from '../../output/format.ts';

/** `model show`. */
export async function show(settings: { readonly model: string; readonly json: boolean }): Promise<void> {
  const { file } = await readModelFile(settings.model);
  const { parameters: _, ...shown } = file;
  const { origin, description, statistics, lineage, layout, digest, adaptation } = file;
  const parameters = layout.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const text = [
    `${description.name}: ${parameters} parameters, digest ${digest}`,
    `task ${origin.task} of ${origin.marketplace} on chain ${origin.chainId}`,
    `  first model     ${lineage.first}`,
    ...lineage.rounds.map(({ round, outcome, model, quality }) => {
      const judged = quality === undefined ? '' : `  ${percent(quality / 10_000)}`;
      return `  round ${columns([round, -5], [outcome, -11])}${model}${judged}`;
    }),
    ...Object.entries(statistics).map(
      ([name, { mean, deviation }]) =>
        `  ${name}: mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)}`,
    ),
    ...(adaptation ? [`  ${describeAdaptation(adaptation)}`] : []),
  ];
  print(settings.json, shown, text.join('\n'));
}
