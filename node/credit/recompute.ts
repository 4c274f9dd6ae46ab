// From a task's trained model to the file of its integers in one step: who publishes it and who signs its digest compute the same bytes.
import { classNames } from '../learn/index.ts';
import { type FloatLayer, floatLayers, type TrainedScore, tableOf } from './dense.ts';
import { CreditError } from './errors.ts';
import { type CreditModelFile, writeCreditModel } from './model_file.ts';
import { type Quantised, quantise } from './quantise.ts';
import type { CreditSchema } from './schema.ts';

/** What beside the trained model decides a file; all of it stands in the file. */
export interface Publication extends Pick<CreditModelFile, 'bad' | 'ladder' | 'origin'> {
  readonly schema: CreditSchema;
}

/** A model's file and what it was made of. */
export interface MadeModel {
  /** The file's text; the SHA-256 of its bytes names it. */
  readonly text: string;
  /** The Poseidon digest, by which proofs know it. */
  readonly digest: bigint;
  readonly layers: readonly FloatLayer[];
  readonly quantised: Quantised;
}

/** The place of the class that is default. @throws {CreditError} `model` for a class that there is not. */
export function classPlace(names: readonly string[], bad: string): 0 | 1 {
  const place = names.indexOf(bad);
  if (place === 0 || place === 1) return place;
  throw new CreditError('model', `the class of defaults is ${bad}, but the classes are ${names.join(', ')}`);
}

/**
 * The file of a trained model in integers. To verify a file that somebody published, give what it says of itself (`bad`, `ladder`,
 * `origin`) with the trained model and the schema that one has from elsewhere, and compare the texts.
 *
 * @throws {CreditError} `model` or `schema` for a model that is no score, or not of this schema.
 */
export async function creditModelOf(
  trained: TrainedScore,
  { schema, bad, ladder, origin }: Publication,
): Promise<MadeModel> {
  const place = classPlace(classNames(tableOf(trained.description)), bad);
  const layers = floatLayers(trained, { schema, bad: place });
  const quantised = quantise(layers, { schema, ladder });
  const { name } = trained.description;
  const { text, digest } = await writeCreditModel({
    quantised,
    schema,
    name,
    origin,
    bad,
    ladder: [...ladder],
  });
  return { text, digest, layers, quantised };
}
