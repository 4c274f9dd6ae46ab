// `model adapt`: a site fits the federation's model to its own rows.
import { adapt, type Quality } from '../../../learn/index.ts';
import type { DataChoice } from '../../command/rules.ts';
import { describeAdaptation, writeAdapted } from '../../files/model_file.ts';
import { openData } from '../../open/data.ts';
import { readingOf } from '../../open/reading.ts';
import { columns, print } from '../../output/format.ts';
import { type UseSettings, withModel } from './use.ts';

const kinds = [
  ['before', 'as it came'],
  ['bias', 'with the bias'],
  ['own', 'own model'],
  ['blend', 'blended'],
] as const;

const figures = [
  ['logLoss', 'log loss'],
  ['auc', 'AUC'],
  ['calibration', 'calibration error'],
  ['shift', 'mean score less share'],
  ['accuracy', 'accuracy'],
] as const;

/** `model adapt`. */
export async function adaptModel(
  settings: UseSettings & {
    readonly blend: boolean;
    readonly aside?: DataChoice;
    readonly out: string;
    readonly seed: number;
  },
): Promise<void> {
  const { data: source, blend, aside, out, seed, json } = settings;
  const { file, adapted } = await withModel(settings.model, async (network, model, file) => {
    const read = async (choice: DataChoice) => {
      const use = {
        description: file.description,
        role: 'trainer',
        seed,
        reading: readingOf(settings),
      } as const;
      return (await openData(choice, use)).dataset(file.statistics);
    };
    const data = await read(source);
    const task = { data, blend, seed, ...(aside && { aside: await read(aside) }) };
    return { file, adapted: adapt(network, model, task) };
  });
  const { rows, judgedOn, positives, quality, gain } = adapted;
  const adaptation = { ...adapted.adaptation, rows };
  const told = await writeAdapted(out, file, adaptation);
  const measured = kinds.flatMap(([kind, name]) => {
    const of = quality[kind];
    return of ? [{ name, of }] : [];
  });
  const text = [
    `${told}: ${describeAdaptation(adaptation)}`,
    `on rows set aside, ${judgedOn} in all, ${positives} of the second class:`,
    `  ${columns(['', -22], ...measured.map(({ name }) => [name, 15] as const))}   gain, and 95 % of draws`,
    ...figures.map(([figure, name]) => {
      const values = measured.map(({ of }) => [of[figure].value.toFixed(3), 15] as const);
      return `  ${columns([name, -22], ...values)}   ${describeGain(gain[figure])}`;
    }),
  ];
  print(json, { out, digest: file.digest, judgedOn, positives, adaptation, quality, gain }, text.join('\n'));
}

function describeGain({ value, interval: [low, high] }: Quality[keyof Quality]): string {
  const signed = (x: number) => `${x < 0 ? '' : '+'}${x.toFixed(3)}`;
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}
