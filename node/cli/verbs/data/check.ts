// `data check`: a file against a task's description.
import { NodeError } from '../../../errors.ts';
import { examine, faultLine, loadTable, refusalOf } from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { programFlags, readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { readDescription } from '../../files/policy.ts';
import { readRows } from '../../files/read.ts';
import { describeTable } from '../../member/describe_data.ts';
import { checkProgram, describeProgram } from '../../open/host.ts';
import { readingOf } from '../../open/reading.ts';
import { print } from '../../output/format.ts';

interface CheckSettings extends Settings<typeof readingFlags & typeof programFlags> {
  readonly description: string;
  readonly data: DataChoice;
  readonly json: boolean;
}

/**
 * `data check`.
 * @throws NodeError `input`, after everything is printed, where the file would be refused.
 */
export async function check(settings: CheckSettings): Promise<void> {
  const { data, json } = settings;
  const { data: spec, model } = await readDescription({ description: settings.description, preset: 'base' });
  if (data.kind === 'mnist' || spec.kind !== 'csv')
    throw new NodeError('input', `the task's data are ${spec.kind}, and --data is ${data.kind}`, {
      mend: 'Rows of a table can be checked.',
    });
  const reading = readingOf(settings);
  const examined = await readRows(data.file, async () =>
    examine(await loadTable(data, spec, reading), spec, { reading, labelled: true }),
  );
  const { faults, rows, usable, columns, classes, notes } = examined;
  const refused = refusalOf(examined, reading) !== undefined;
  const program = model.kind === 'program' ? model : undefined;
  // A site that has its program already learns here whether it is the task's; another one what to install.
  const installed =
    settings.exec === undefined
      ? undefined
      : await checkProgram(model, settings, (line) => console.error(line));
  const text = [
    ...describeTable(examined),
    ...(program
      ? [`the task's model: ${installed ?? `${describeProgram(program)}, to be installed here`}`]
      : []),
    ...(faults.length > 0 ? ['what cannot be used'] : []),
    ...faults.flatMap((fault) => [`  ${faultLine(fault)}`, ...(fault.mend ? [`    ${fault.mend}`] : [])]),
    ...(faults.length > 0 && usable.length < rows
      ? [`without the rows that cannot be used (--drop-faulty), ${usable.length} of ${rows} are left`]
      : []),
    ...(refused ? [] : ['the file can be used']),
  ];
  const found = {
    usable: !refused,
    rows,
    usableRows: usable.length,
    classes,
    columns: columns.map(({ spec: { name, type }, missing, clipped, span, counts, constant }) => ({
      name,
      type,
      missing,
      clipped,
      constant,
      ...(span && { least: span[0], largest: span[1] }),
      ...(type === 'categorical' && { counts }),
    })),
    faults,
    notes,
    ...(program && { program: { files: program.files, checked: installed !== undefined } }),
  };
  print(json, found, text.join('\n'));
  if (refused)
    throw new NodeError('input', `${data.file}: a trainer or validator would refuse it`, {
      mend: 'Mend what is listed.',
    });
}
