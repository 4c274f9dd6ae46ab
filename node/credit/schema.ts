// A schema: what an issuer attests of a person, and how each value becomes integers that circuits compute with.
import { type ScoreShapeName, scoreInstance, scoreShapeNames } from '@murmuration/prover/score';
import { z } from 'zod';
import { type CsvSpec, inputWidth } from '../learn/index.ts';
import { canonicalJson } from '../protocol/canonical_json.ts';
import { digestOf } from '../protocol/digest.ts';
import { CreditError } from './errors.ts';
import { parseAs } from './parse.ts';
import { protectedWord } from './protected.ts';

/** What a feature of 1 is: integers of a feature go from 0 to this. */
export const featureOne = 2 ** 14;

const name = z.string().min(1).max(200);
/** Why a protected attribute is in the schema, in the words of who made it. */
const reason = z.string().min(10).max(500).optional();

const numeric = z.strictObject({
  type: z.literal('numeric'),
  name,
  /** Least and largest value; both become features, 0 and 2^14. */
  range: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'must be [low, high] with low < high'),
  protected: reason,
});

const categorical = z.strictObject({
  type: z.literal('categorical'),
  name,
  values: z.array(z.string().min(1).max(100)).min(2).max(64),
  protected: reason,
});

const schemaFile = z
  .strictObject({
    format: z.literal('murmuration-credit-schema/1'),
    name,
    shape: z.enum(scoreShapeNames),
    columns: z
      .array(z.discriminatedUnion('type', [numeric, categorical]))
      .min(1)
      .max(64),
  })
  .refine(
    ({ columns }) => new Set(columns.map((one) => one.name)).size === columns.length,
    'names a column twice',
  )
  .refine(
    ({ columns }) =>
      columns.every((one) => one.type === 'numeric' || new Set(one.values).size === one.values.length),
    'names a value of a column twice',
  );

/** A schema, parsed. */
export type CreditSchema = z.infer<typeof schemaFile>;
/** A column of it. */
export type CreditColumn = CreditSchema['columns'][number];

/**
 * A schema from JSON.
 *
 * @throws {CreditError} `file` for another form, or more features than its shape takes; `protected` for a protected attribute that does not
 * say why it is there.
 */
export function parseSchema(input: unknown): CreditSchema {
  return checkSchema(parseAs('the schema', schemaFile, input));
}

function checkSchema(schema: CreditSchema): CreditSchema {
  for (const column of schema.columns) {
    const word = protectedWord(column.name);
    if (word === undefined || column.protected !== undefined) continue;
    throw new CreditError(
      'protected',
      `column ${column.name} speaks of ${word}, but a protected attribute says why it is there`,
      {
        mend: 'Leave it out, or say in its member "protected" on what ground it may decide about credit.',
      },
    );
  }
  const [width, most] = [featureCount(schema), scoreInstance(schema.shape).widths[0]!];
  if (width > most) {
    throw new CreditError(
      'file',
      `the schema has ${width} features, but ${schema.shape} takes ${most} at most`,
    );
  }
  return schema;
}

/** What a task's columns are made a schema of. */
export interface SchemaSource {
  readonly name: string;
  readonly shape: ScoreShapeName;
  readonly data: CsvSpec;
  /** By column: why a protected attribute is in it. */
  readonly protectedBy?: Readonly<Record<string, string>>;
}

/**
 * The schema of a task's table.
 *
 * @throws {CreditError} `file` for a numeric column without a range, or one with a rule for missing values; `protected` as
 * {@link parseSchema} does.
 */
export function schemaOf({ name, shape, data, protectedBy = {} }: SchemaSource): CreditSchema {
  const columns = data.columns.map((column): CreditColumn => {
    const why = Object.hasOwn(protectedBy, column.name) ? { protected: protectedBy[column.name] } : {};
    if (column.missing !== 'reject') {
      throw new CreditError(
        'file',
        `column ${column.name} has a rule for missing values, but an issuer attests each value`,
        {
          mend: 'Score by columns that have every value.',
        },
      );
    }
    if (column.type === 'categorical')
      return { type: 'categorical', name: column.name, values: column.values, ...why };
    if (!column.range) {
      throw new CreditError(
        'file',
        `column ${column.name} has no range, but a feature has a least and a largest value`,
        {
          mend: 'Give the task a range for it.',
        },
      );
    }
    return { type: 'numeric', name: column.name, range: column.range, ...why };
  });
  return parseSchema({ format: 'murmuration-credit-schema/1', name, shape, columns });
}

/** Features of a row: one of a number, one of each value of a category. */
export const featureCount = ({ columns }: Pick<CreditSchema, 'columns'>): number =>
  columns.reduce((sum, column) => sum + widthOf(column), 0);

/** Features of a column. */
export const widthOf = (column: CreditColumn): number =>
  column.type === 'numeric' ? 1 : column.values.length;

/** Digest of a schema: SHA-256 of its canonical JSON without the first byte, in [0, 2^248). */
export function schemaDigest(schema: CreditSchema): bigint {
  const digest = digestOf(new TextEncoder().encode(canonicalJson(schema)));
  return BigInt(`0x${digest.slice(4)}`);
}

/** Whether a task's rows have the features of a schema, in its order. */
export const fitsTask = (schema: CreditSchema, data: CsvSpec): boolean =>
  inputWidth(data) === featureCount(schema) &&
  data.columns.every(({ name }, i) => schema.columns[i]!.name === name);
