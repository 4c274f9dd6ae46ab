// An owner's file against its task: at the owner before it is sealed, at the host before anything is pledged.

import { NodeError } from '../../errors.ts';
import type { HostedFile } from '../../hosting/index.ts';
import {
  checkExamined,
  type Examined,
  examine,
  type OwnData,
  parseTable,
  type TaskDescription,
  tableData,
} from '../../learn/index.ts';
import { readRows } from '../files/read.ts';

/** How faults name the file: what its owner calls it is not the host's business. */
const name = 'the hosted file';

/** @throws NodeError `input` where the task takes no table, or would refuse this one. */
export async function checkFile(file: HostedFile, description: TaskDescription): Promise<Examined> {
  const spec = tableOf(description);
  return readRows(name, async () => {
    const table = await parseTable(file, spec, file.reading);
    const examined = examine(table, spec, { reading: file.reading, labelled: true });
    checkExamined(examined, file.reading);
    return examined;
  });
}

/** The rows for a role. */
export async function rowsOf(file: HostedFile, description: TaskDescription): Promise<OwnData> {
  const spec = tableOf(description);
  return readRows(name, async () =>
    tableData(await parseTable(file, spec, file.reading), spec, file.reading),
  );
}

function tableOf({ data }: TaskDescription) {
  if (data.kind === 'csv') return data;
  throw new NodeError('input', `the task's data are ${data.kind}, but a host is given a table`, {
    mend: 'Choose a task that asks for rows of a table.',
  });
}
