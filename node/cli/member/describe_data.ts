// What a role says of its own data before it starts: how many rows of which class, and what will make a poor
// trainer or judge.
import { classNames, type OwnData, type TaskDescription } from '../../learn/index.ts';

/** Rows below which a hold-out decides by chance: one row more or less is a percent of accuracy. */
const fewRows = 100;

/** Lines for people; they stay on this machine. */
export function describeData({ rows, classes }: OwnData, { data }: TaskDescription): string[] {
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
  ];
}

const plural = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);
