// Reads the logs of a deployment into a task's journal.
import { enterLogs } from './enter_logs.ts';
import { firstBlockOf } from './first_block.ts';
import type { Waiting } from './heads.ts';
import { type Draft, emptyJournal, type Journal } from './journal.ts';
import { LogReader, type LogSettings } from './log_reader.ts';

/** A journal that grows with the chain. */
export interface JournalSource {
  readonly journal: Journal;
  /** The block before which everything is in the journal. */
  readonly height: bigint;
  /**
   * Reads new logs; calls at the same time share one reading.
   * @throws DeepReorganisation when the chain replaced what was read; the journal is then empty, and the next
   * call reads it anew.
   */
  refresh(): Promise<void>;
  /** Resolves once there may be something new at or above this height, or after so long. */
  news(since: bigint, waiting: Waiting): Promise<void>;
}

/** Which task of which deployment is read, and how. */
export interface JournalSettings extends LogSettings {
  readonly task: bigint;
}

/** The journal of one task. */
export function readJournal({ task, ...settings }: JournalSettings): JournalSource {
  let journal: Draft<Journal>;
  const from = async () => {
    const { number: head } = await settings.heads.look();
    return firstBlockOf({ ...settings, head, task });
  };
  const reader = new LogReader(
    { ...settings, from },
    {
      begin() {
        journal = emptyJournal();
      },
      journals: () => [[task, journal]],
      reads: (of) => of === task,
      enter: (logs) => enterLogs((of = task) => (of === task ? [journal] : []), logs),
    },
  );
  return {
    get journal() {
      return journal;
    },
    get height() {
      return reader.height;
    },
    refresh: () => reader.refresh(),
    news: (since, waiting) => reader.news(since, waiting),
  };
}
