// A model in integers as a file: canonical JSON, so that its SHA-256 names it, with all that its digest is computed from and where it comes
// from.
import {
  checkScoreModel,
  type ScoreModel,
  scoreInstance,
  scoreModelDigest,
  scoreShapeNames,
} from '@murmuration/prover/score';
import { z } from 'zod';
import { CreditError } from './errors.ts';
import { padded } from './features.ts';
import { decimal, fileText, hexNumber, hexOf, parseAs } from './parse.ts';
import type { Quantised } from './quantise.ts';
import { type CreditSchema, featureCount, featureOne, schemaDigest } from './schema.ts';

const sha256 = z.string().regex(/^0x[0-9a-f]{64}$/, 'is no digest');

const modelFile = z.strictObject({
  format: z.literal('murmuration-credit-model/1'),
  name: z.string().min(1).max(200),
  shape: z.enum(scoreShapeNames),
  /** The schema's digest. */
  schema: hexNumber,
  /** Where the trained model comes from. */
  origin: z.strictObject({
    chainId: z.int(),
    marketplace: z.string().max(42),
    task: z.string().regex(/^\d{1,20}$/, 'is no number of a task'),
    /** Digest of the trained model's parameters, as the lineage on chain ends. */
    model: sha256,
    rounds: z.int().min(0),
  }),
  /** The name of the class that is default. */
  bad: z.string().max(100),
  /** The chances of default at which the brackets 1 to 9 begin. */
  ladder: z.array(z.number()).length(9),
  /** One of the last sum is 2^-this nats. */
  logitBits: z.int().min(0).max(200),
  layers: z
    .array(z.strictObject({ weights: z.array(z.array(z.int())), biases: z.array(decimal) }))
    .min(1)
    .max(4),
  thresholds: z.array(decimal).length(9),
  /** The Poseidon digest of all that a proof depends on. */
  digest: hexNumber,
});

/** A model's file, parsed. */
export type CreditModelFile = z.output<typeof modelFile>;

/** A model in integers that was read. */
export interface CreditModel {
  readonly file: CreditModelFile;
  readonly model: ScoreModel;
}

/** What a model's file is made of. */
export interface CreditModelParts extends Pick<CreditModelFile, 'name' | 'origin' | 'bad' | 'ladder'> {
  readonly quantised: Quantised;
  readonly schema: CreditSchema;
}

/** A model's file, its text and its digest. */
export async function writeCreditModel({
  quantised,
  schema,
  ...parts
}: CreditModelParts): Promise<{ readonly text: string; readonly digest: bigint }> {
  const { model, logitBits } = quantised;
  const digest = await scoreModelDigest(model);
  const text = fileText({
    format: 'murmuration-credit-model/1',
    ...parts,
    shape: schema.shape,
    schema: hexOf(model.schema),
    logitBits,
    layers: model.layers.map(({ weights, biases }) => ({ weights, biases: biases.map(String) })),
    thresholds: model.thresholds.map(String),
    digest: hexOf(digest),
  });
  return { text, digest };
}

/**
 * Reads a model's file for a schema, and computes its digest again.
 *
 * @throws {CreditError} `file` for another form, or a digest that is not that of its numbers; `schema` for another schema; `model` for
 * numbers that no proof could be made with.
 */
export async function readCreditModel(input: unknown, schema: CreditSchema): Promise<CreditModel> {
  const file = parseAs('the model', modelFile, input);
  if (file.schema !== schemaDigest(schema) || file.shape !== schema.shape) {
    throw new CreditError(
      'schema',
      `the model is of schema ${hexOf(file.schema)}, but this one is ${hexOf(schemaDigest(schema))}`,
    );
  }
  const width = featureCount(schema);
  const model: ScoreModel = {
    shape: scoreInstance(file.shape),
    schema: file.schema,
    layers: file.layers,
    lower: padded(schema, []),
    upper: padded(schema, new Array<number>(width).fill(featureOne)),
    thresholds: file.thresholds,
  };
  try {
    checkScoreModel(model);
  } catch (cause) {
    throw new CreditError('model', `the model is none that can be proven with: ${(cause as Error).message}`, {
      cause,
    });
  }
  const digest = await scoreModelDigest(model);
  if (digest === file.digest) return { file, model };
  throw new CreditError(
    'file',
    `the model's numbers have digest ${hexOf(digest)}, but it says ${hexOf(file.digest)}: it was altered`,
  );
}
