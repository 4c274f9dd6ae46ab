// What a role says of its own data before it starts: how many rows of which class, and what will make a poor
// trainer or judge.
import {
  classNames,
  type Examined,
  type ExaminedColumn,
  type OwnData,
  type TaskDescription,
} from '../../learn/index.ts';

/** Rows below which a hold-out decides by chance: one row more or less is a percent of accuracy. */
const fewRows = 100;

/** Lines for people; they stay on this machine. */
export function describeData({ rows, classes, examined }: OwnData, { data }: TaskDescription): string[] {
  const names = data.kind === 'csv' ? classNames(data) : classes.map((_, digit) => `${digit}`);
  const counts = names.map((name, at) => `${name}: ${classes[at]}`).join(', ');
  const absent = names.filter((_, at) => classes[at] === 0);
  return [
    `data: ${plural(rows)} by ${data.kind === 'csv' ? data.target.name : 'digit'}, ${counts}`,
    ...(absent.length > 0
      ? [`data: no row of ${absent.join(', ')}: nothing can be learnt or judged of it here`]
      : []),
    ...(rows < fewRows
      ? [`data: only ${plural(rows)}: one of them is ${(100 / rows).toFixed(0)} % of accuracy`]
      : []),
    ...(examined ? oddities(examined).map((text) => `data: ${text}`) : []),
  ];
}

/** What a table holds, for people: rows and classes, then each column. */
export function describeTable(examined: Examined): string[] {
  const { spec, usable, classes, columns } = examined;
  const counts = classNames(spec).map((name, at) => `${name}: ${classes[at]}`);
  return [
    `${plural(usable.length)} by ${spec.target.name}, ${counts.join(', ')}`,
    ...columns.map((column) => `  ${column.spec.name.padEnd(16)} ${describeColumn(column)}`),
    ...examined.notes,
  ];
}

/** What one column holds, for people. */
export function describeColumn({ spec, span, counts, missing, clipped, constant }: ExaminedColumn): string {
  const numeric = span ? `${span[0]} to ${span[1]}` : 'no number';
  const values =
    spec.type === 'numeric' ? numeric : spec.values.map((value, i) => `${value}: ${counts[i]}`).join(', ');
  return [
    values,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(clipped > 0 ? [`${clipped} clipped`] : []),
    ...(constant ? ['always the same'] : []),
  ].join('; ');
}

/** What is worth a word although the rows can be used. */
function oddities({ table, rows, usable, columns, notes }: Examined): string[] {
  const of = (what: (column: ExaminedColumn) => number, words: string) =>
    columns.flatMap((column) => {
      const count = what(column);
      return count > 0 ? [`${column.spec.name}: ${count} of ${plural(table.rows.length)} ${words}`] : [];
    });
  return [
    ...notes,
    ...(usable.length < rows
      ? [`${rows - usable.length} of ${plural(rows)} cannot be used and are left out`]
      : []),
    ...of(({ missing }) => missing, 'are missing'),
    ...of(({ clipped }) => clipped, 'lie outside of the range and are moved to its end'),
    ...columns.flatMap(({ spec, constant }) =>
      constant ? [`${spec.name} is always the same: nothing can be learnt from it here`] : [],
    ),
  ];
}

const plural = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
