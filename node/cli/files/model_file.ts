// A trained model as a file: JSON that says what it is, where it comes from and how to use it, with its
// parameters inside.
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import {
  type ModelLayout,
  type Statistics,
  type TaskDescription,
  taskDescription,
} from '../../learn/index.ts';
import { decodeModel, digestOf, encodeModel } from '../../protocol/index.ts';
import type { Lineage } from '../../roles/index.ts';
import { describeIssues } from '../output/fault.ts';
import { writeOutput } from '../output/file.ts';
import { digest } from './digest.ts';
import { readJson } from './read.ts';

export const modelFormat = 'murmuration-model/1';

/** node/cli/README.md, "The model's file", says what each member is. */
const schema = z.strictObject({
  format: z.literal(modelFormat),
  origin: z.strictObject({
    chainId: z.int(),
    marketplace: z.string(),
    task: z.string(),
    description: digest.optional(),
    trainers: z.int().optional(),
    validators: z.int().optional(),
  }),
  description: taskDescription,
  statistics: z.record(z.string(), z.strictObject({ mean: z.number(), deviation: z.number() })),
  lineage: z.strictObject({
    first: digest,
    rounds: z.array(
      z.strictObject({ round: z.int(), outcome: z.string(), model: digest, quality: z.int().optional() }),
    ),
  }),
  layout: z.array(z.strictObject({ shape: z.array(z.int()), offset: z.int() })),
  digest,
  parameters: z.base64(),
  adaptation: z
    .strictObject({
      bias: z.number(),
      own: z
        .strictObject({ share: z.number().min(0).max(1), weights: z.array(z.number()).min(2).readonly() })
        .optional(),
      rows: z.int().min(1),
    })
    .optional(),
});

export type ModelFile = z.output<typeof schema>;

/** What a model's file is made of. */
export interface ModelParts {
  origin: ModelFile['origin'];
  description: TaskDescription;
  statistics: Statistics;
  lineage: Lineage;
  layout: ModelLayout;
}

/** Writes a model. @returns how its file is told of. */
export async function writeModelFile(path: string, parts: ModelParts): Promise<string> {
  const { origin, description, statistics, lineage, layout } = parts;
  const file: ModelFile = {
    format: modelFormat,
    origin,
    description,
    statistics,
    lineage: { first: lineage.first, rounds: [...lineage.steps] },
    layout: layout.weights.map(({ shape, offset }) => ({ shape: [...shape], offset })),
    digest: lineage.digest,
    parameters: Buffer.from(encodeModel(lineage.model)).toString('base64'),
  };
  return write(path, file);
}

/** Writes a model as a site has adapted it; its parameters, and where they come from, stay. */
export const writeAdapted = (
  path: string,
  file: ModelFile,
  adaptation: NonNullable<ModelFile['adaptation']>,
): Promise<string> => write(path, { ...file, adaptation });

/** How a model was adapted, on one line. */
export function describeAdaptation({ bias, own, rows }: NonNullable<ModelFile['adaptation']>): string {
  const blend = own ? `, blended with ${Math.round(own.share * 100)} % of a model of the site's own` : '';
  return `adapted to ${rows} rows of one site: ${bias < 0 ? '' : '+'}${bias.toFixed(3)} on the logit${blend}`;
}

const write = (path: string, file: ModelFile): Promise<string> =>
  writeOutput(path, `${JSON.stringify(file, null, 1)}\n`);

/** @throws NodeError `input` unless the file is a model whose parameters have the digest that it names. */
export async function readModelFile(
  path: string,
): Promise<{ file: ModelFile; parameters: (size: number) => Float32Array }> {
  const parsed = schema.safeParse(await readJson(path));
  if (!parsed.success)
    throw new NodeError('input', `${path}: ${describeIssues(parsed.error)}`, {
      mend: 'It must be a file of `murmur model save`.',
    });
  const file = parsed.data;
  const bytes = new Uint8Array(Buffer.from(file.parameters, 'base64'));
  if (digestOf(bytes) !== file.digest)
    throw new NodeError(
      'input',
      `${path}: its parameters have digest ${digestOf(bytes)}, not ${file.digest}: the file was altered`,
      { mend: 'Save it again.' },
    );
  return { file, parameters: (size) => decodeModel(bytes, size) };
}
