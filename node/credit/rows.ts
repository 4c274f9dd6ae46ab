// Rows of a table as a score sees them: features, outcomes, the words that an issuer attests, and groups of other columns.
import { type Examined, normalName } from '../learn/index.ts';
import { type ScoredRows, unitFeatures } from './compare.ts';
import { CreditError } from './errors.ts';
import type { Values } from './features.ts';
import type { CreditSchema } from './schema.ts';

/** The usable rows of a table in the schema's order. @param bad is the class that is default. */
export function scoredRowsOf(
  { columns, usable, labels }: Examined,
  { schema, bad }: { readonly schema: CreditSchema; readonly bad: 0 | 1 },
): ScoredRows {
  return {
    features: usable.map((row) =>
      unitFeatures(
        schema.columns,
        columns.map(({ cells }) => cells[row]!),
      ),
    ),
    bad: usable.map((row) => labels[row] === bad),
  };
}

/** A row's values by column, as an issuer reads them. @param row of the table */
export const valuesOf = ({ columns }: Pick<Examined, 'columns'>, row: number): Values =>
  Object.fromEntries(
    columns.map(({ spec, cells }) => [
      spec.name,
      spec.type === 'categorical' ? spec.values[cells[row]!]! : cells[row]!,
    ]),
  );

/** A column of a file whose groups are compared; numbers are cut at these places. */
export interface Grouping {
  readonly column: string;
  readonly cuts: readonly number[];
}

/** By usable row the group of an attribute, which the schema need not have. @throws {CreditError} `feature` where the file has no such column. */
export function groupsOf({ table, usable }: Examined, { column, cuts }: Grouping): string[] {
  const at = table.header.findIndex((name) => normalName(name) === normalName(column));
  if (at < 0)
    throw new CreditError('feature', `--group is ${column}, but the file has ${table.header.join(', ')}`);
  return usable.map((row) => {
    const text = table.rows[row]![at]!.trim();
    if (cuts.length === 0) return text === '' ? 'missing' : text;
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value)) return 'no number';
    const place = cuts.findIndex((cut) => value < cut);
    return place < 0
      ? `${cuts.at(-1)} and above`
      : place === 0
        ? `below ${cuts[0]}`
        : `${cuts[place - 1]} to below ${cuts[place]}`;
  });
}
