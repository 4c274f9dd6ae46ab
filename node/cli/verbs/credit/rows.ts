// Rows with labels that a score is judged on.
import { CreditError, type CreditSchema, type ScoredRows, scoredRowsOf } from '../../../credit/index.ts';
import type { Examined, TaskDescription } from '../../../learn/index.ts';
import type { Settings } from '../../command/flag.ts';
import type { readingFlags } from '../../command/flags.ts';
import type { DataChoice } from '../../command/rules.ts';
import { openData } from '../../open/data.ts';
import { readingOf } from '../../open/reading.ts';

/** A file's rows as features, and the table that they come from. */
export async function openScoredRows(
  settings: Settings<typeof readingFlags> & { readonly data: DataChoice },
  {
    description,
    schema,
    bad,
  }: {
    readonly description: TaskDescription;
    readonly schema: CreditSchema;
    readonly bad: 0 | 1;
  },
): Promise<{ readonly rows: ScoredRows; readonly examined: Examined }> {
  const use = { description, role: 'validator', seed: 1, reading: readingOf(settings) } as const;
  const { examined } = await openData(settings.data, use);
  if (!examined)
    throw new CreditError('model', 'the rows are digits, but a credit score is of rows of a table');
  return { rows: scoredRowsOf(examined, { schema, bad }), examined };
}
