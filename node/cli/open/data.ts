// A role's own data: rows of a file, or a share of the demonstration's digits.

import { dealDigits, demoMirroredShare } from '../../demo/index.ts';
import { NodeError } from '../../errors.ts';
import {
  loadTable,
  type OwnData,
  plainReading,
  type Reading,
  scaledData,
  type TableSource,
  type TaskDescription,
  tableData,
} from '../../learn/index.ts';
import type { DataChoice } from '../command/rules.ts';
import { readRows } from '../files/read.ts';

/**
 * A trainer's data, or a validator's hold-out.
 * @throws NodeError naming a CSV file, and of a bad cell its row and column.
 */
export async function openData(
  choice: DataChoice,
  use: {
    readonly description: TaskDescription;
    readonly role: 'trainer' | 'validator';
    /** Decides how digits are dealt. */
    readonly seed: number;
    /** What the site says of its file. */
    readonly reading?: Reading;
  },
): Promise<OwnData> {
  const { description, role, seed, reading = plainReading } = use;
  const spec = description.data;
  if ((choice.kind === 'mnist') !== (spec.kind === 'mnist'))
    throw new NodeError('input', `--data is ${choice.kind}, but the task's data are ${spec.kind}`);
  if (spec.kind === 'csv') {
    const source = choice as TableSource;
    return readRows(source.file, async () =>
      tableData(await loadTable(source, spec, reading), spec, reading),
    );
  }
  const { part, of, mirrored } = choice as Extract<DataChoice, { kind: 'mnist' }>;
  if (role === 'validator' && mirrored)
    throw new NodeError('input', '--data is mirrored, but a validator holds out plain and mirrored digits', {
      mend: 'Leave out :mirrored.',
    });
  const count = role === 'trainer' ? of : 1;
  const digits = await dealDigits({
    seed,
    trainers: Array(count).fill(mirrored ? 'mirrored' : 'plain'),
    validators: role === 'validator' ? of : 1,
    mirroredShare: demoMirroredShare,
    side: spec.side,
  });
  return scaledData((role === 'trainer' ? digits.trainers : digits.validators)[part - 1]!);
}
