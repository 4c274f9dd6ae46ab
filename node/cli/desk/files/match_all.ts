// A file against all tasks that ask for a table, in a thread of its own.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sibling } from '@murmuration/core/sibling';
import type { Match } from '@murmuration/desk';
import type { CsvSpec, Reading, TableSource } from '../../../learn/index.ts';

/** What the thread is told. */
export interface Matching {
  readonly source: TableSource;
  readonly reading: Reading;
  readonly tasks: readonly { readonly task: string; readonly spec: CsvSpec }[];
}

/** What every task would make of a file, in the order of the tasks. */
export async function matchAll(matching: Matching): Promise<Match[]> {
  if (matching.tasks.length === 0) return [];
  const worker = new Worker(sibling(import.meta.url, 'match.worker'), { workerData: matching, execArgv: [] });
  try {
    // It rejects where the thread fails.
    const [matches] = (await once(worker, 'message')) as [Match[]];
    return matches;
  } finally {
    await worker.terminate();
  }
}
