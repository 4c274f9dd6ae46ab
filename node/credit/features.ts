// Features: a person's values as integers, column by column in the schema's order.
import { scoreInstance } from '@murmuration/prover/score';
import { CreditError } from './errors.ts';
import { type CreditColumn, type CreditSchema, featureOne } from './schema.ts';

/** A person's values by column: numbers, or the words of categories. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * The features of values, zeros behind them up to the shape's width.
 *
 * @throws {CreditError} `feature` for a value that is missing, out of its range, or of no category; a value that no column asks for is
 * refused too, since a slip in a name would leave something out.
 */
export function featuresOf(schema: CreditSchema, values: Values): number[] {
  const names = new Set(schema.columns.map(({ name }) => name));
  const unknown = Object.keys(values).find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new CreditError('feature', `${unknown} is given, but the schema has no such column`, {
      mend: `It has ${[...names].join(', ')}.`,
    });
  }
  const features = schema.columns.flatMap((column) => columnFeatures(column, values));
  return padded(schema, features);
}

/** Features with zeros behind them up to the shape's width. */
export function padded({ shape }: Pick<CreditSchema, 'shape'>, features: readonly number[]): number[] {
  const width = scoreInstance(shape).widths[0]!;
  return [...features, ...new Array<number>(width - features.length).fill(0)];
}

function columnFeatures(column: CreditColumn, values: Values): number[] {
  const value = Object.hasOwn(values, column.name) ? values[column.name] : undefined;
  if (value === undefined || value === '') {
    throw new CreditError('feature', `${column.name} is missing, but the schema has it`);
  }
  return column.type === 'numeric' ? [numberFeature(column, value)] : oneHot(column, `${value}`);
}

type Numeric = Extract<CreditColumn, { type: 'numeric' }>;
type Categorical = Extract<CreditColumn, { type: 'categorical' }>;

function numberFeature({ name, range: [low, high] }: Numeric, given: string | number): number {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new CreditError('feature', `${name} is ${given}, but it is a number from ${low} to ${high}`);
  }
  return Math.round(((value - low) / (high - low)) * featureOne);
}

function oneHot({ name, values }: Categorical, value: string): number[] {
  if (!values.includes(value)) {
    throw new CreditError(
      'feature',
      `${name} is ${JSON.stringify(value)}, but it is one of ${values.join(', ')}`,
    );
  }
  return values.map((one) => (one === value ? featureOne : 0));
}
