// A file against one task: column by column what fits, by the checks that a role makes before it starts.

import { MurmurationError } from '@murmuration/core';
import type { ColumnFit, Match } from '@murmuration/desk';
import {
  type CsvSpec,
  type Examined,
  examine,
  type Fault,
  faultLine,
  lackingColumns,
  loadTable,
  type Reading,
  refusalOf,
  type Table,
  type TableSource,
} from '../../../learn/index.ts';
import { describeColumn, describeTable } from '../../member/describe_data.ts';
import { describeError } from '../../output/fault.ts';
import { plainText } from '../market/plain_text.ts';

const longestText = 500;
const plain = (text: string) => plainText(text, longestText);

/** What a task would make of a file. */
export async function matchFile(
  { source, reading }: { readonly source: TableSource; readonly reading: Reading },
  task: string,
  spec: CsvSpec,
): Promise<Match> {
  try {
    const table = await loadTable(source, spec, reading);
    const lacking = lackingColumns(table, spec);
    return lacking.length > 0
      ? lackingMatch(task, spec, lacking)
      : examinedMatch(task, { table, reading }, spec);
  } catch (error) {
    // Anything else is a fault of this program, or of the disk.
    if (!(error instanceof MurmurationError || error instanceof RangeError)) throw error;
    return { ...nothing(task), says: [plain(describeError(error))] };
  }
}

const nothing = (task: string): Match => ({
  task,
  fits: 'no',
  rows: 0,
  usable: 0,
  says: [],
  columns: [],
  mends: [],
});

/** A file that lacks columns: the others are not read, since most likely it is another kind of file. */
function lackingMatch(task: string, { columns, target }: CsvSpec, lacking: readonly string[]): Match {
  const names = [...columns.map(({ name }) => name), target.name];
  const there = names.length - lacking.length;
  return {
    ...nothing(task),
    says: [`${there} of ${names.length} columns that the task asks for are in the file`],
    columns: names.map((name) =>
      lacking.includes(name)
        ? { name: plain(name), fits: 'no', says: 'is not in the file' }
        : { name: plain(name), fits: 'yes', says: 'is in the file' },
    ),
    mends: ['Rename the columns of the file as the task names them, if it has them under other names.'],
  };
}

function examinedMatch(
  task: string,
  { table, reading }: { readonly table: Table; readonly reading: Reading },
  spec: CsvSpec,
): Match {
  const examined = examine(table, spec, { reading, labelled: true });
  const { faults, rows, usable } = examined;
  const refused = refusalOf(examined, { dropFaulty: false }) !== undefined;
  const usableRest = refusalOf(examined, { dropFaulty: true }) === undefined;
  const [first, ...others] = describeTable(examined);
  const columns = examined.columns.length;
  return {
    task,
    fits: !refused ? 'yes' : usableRest ? 'rows' : 'no',
    rows,
    usable: usable.length,
    // Between them stand the columns, which have their own place.
    says: [
      first!,
      ...others.slice(columns),
      ...faults.filter(({ column }) => column === undefined).map(faultLine),
    ].map(plain),
    columns: [...examined.columns.map((column) => columnFit(column, faults)), targetFit(examined)],
    mends: [...new Set(faults.flatMap(({ mend }) => mend ?? []))].map(plain),
  };
}

function columnFit(column: Examined['columns'][number], faults: readonly Fault[]): ColumnFit {
  const { name } = column.spec;
  return fitOf(name, describeColumn(column), faults);
}

const targetFit = ({ spec: { target }, faults }: Examined): ColumnFit =>
  fitOf(target.name, 'what is predicted', faults);

/** A column whose every fault is of single cells does without their rows. */
function fitOf(name: string, says: string, faults: readonly Fault[]): ColumnFit {
  const own = faults.filter(({ column }) => column === name);
  if (own.length === 0) return { name: plain(name), fits: 'yes', says: plain(says) };
  const whole = own.some(({ count }) => count === undefined);
  return {
    name: plain(name),
    fits: whole ? 'no' : 'partly',
    says: plain(own.map((fault) => faultLine(fault).replace(`${name}: `, '')).join('; ')),
  };
}
