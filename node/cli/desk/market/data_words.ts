// The data that a task asks for, in words.
import type { Column, Task } from '@murmuration/desk';
import { type ColumnSpec, type CsvSpec, classNames, type TaskDescription } from '../../../learn/index.ts';
import { plainText } from './plain_text.ts';

const longestName = 120;
/** Values of a category, or classes, that are listed. */
const mostListed = 8;

/** The data of a task's description; `unknown` where it cannot be had. */
export function dataOf(description: TaskDescription | undefined): Task['data'] {
  if (!description) return { kind: 'unknown' };
  const { data } = description;
  if (data.kind === 'mnist') return { kind: 'digits', side: data.side };
  return {
    kind: 'table',
    columns: data.columns.map(columnOf),
    target: targetOf(data),
    maxRows: data.maxRows,
  };
}

function columnOf(spec: ColumnSpec): Column {
  const missing = spec.missing === 'reject' ? 'none may be missing' : 'some may be missing';
  return {
    name: plainText(spec.name, longestName),
    type: spec.type,
    takes: `${spec.type === 'numeric' ? numbers(spec.range) : listed(spec.values)}; ${missing}`,
  };
}

const numbers = (range: readonly [number, number] | undefined): string =>
  range ? `numbers from ${range[0]} to ${range[1]}` : 'numbers';

function listed(values: readonly string[]): string {
  const shown = values.slice(0, mostListed).map((value) => plainText(value, longestName));
  const more = values.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function targetOf(data: CsvSpec): Column {
  const { name, threshold } = data.target;
  return {
    name: plainText(name, longestName),
    type: threshold === undefined ? 'categorical' : 'numeric',
    takes: threshold === undefined ? listed(classNames(data)) : `numbers: above ${threshold}, or not`,
  };
}
