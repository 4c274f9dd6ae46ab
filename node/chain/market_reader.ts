// Reads the logs of a deployment into the journals of all tasks that have not ended: one look at the chain, however
// many tasks there are.
import { type Economics, type TaskParameters, type TaskStatus, taskStatuses } from '@murmuration/contracts';
import { enterLogs, type JournalEvent } from './enter_logs.ts';
import type { Waiting } from './heads.ts';
import { type Draft, emptyJournal, type Journal } from './journal.ts';
import type { JournalSource } from './journal_reader.ts';
import { LogReader, type LogSettings } from './log_reader.ts';

/** A task that has not ended. */
export interface OpenTask {
  readonly task: bigint;
  readonly parameters: TaskParameters;
  readonly economics: Economics;
  readonly status: TaskStatus;
  /** When the stage before the rounds ends: seconds, chain time; 0 once rounds run. */
  readonly deadline: bigint;
  readonly journal: Journal;
  /** How many logs it has had: another number says that something has changed. */
  readonly logs: number;
}

/** The marketplace, as far as it has been read. */
export interface MarketReader {
  readonly height: bigint;
  /** By number, in the order in which they were posted. */
  readonly tasks: ReadonlyMap<bigint, OpenTask>;
  /**
   * Reads new logs; calls at the same time share one reading.
   * @throws DeepReorganisation when the chain replaced what was read; there are then no tasks, and the next call reads
   * them anew.
   */
  refresh(): Promise<void>;
  /** Resolves once there may be something new at or above this height, or after so long. */
  news(since: bigint, waiting: Waiting): Promise<void>;
  /** A task's journal, empty where there is no such task. */
  journalOf(task: bigint): JournalSource;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
type TaskDraft = Writable<Omit<OpenTask, 'journal'>> & { readonly journal: Draft<Journal> };

/** All tasks of a deployment that have not ended. */
export function readMarket(settings: LogSettings): MarketReader {
  const tasks = new Map<bigint, TaskDraft>();
  const reader = new LogReader(settings, {
    begin: () => tasks.clear(),
    journals: () => Array.from(tasks, ([task, { journal }]) => [task, journal] as const),
    reads: () => true,
    enter: (logs) => enterLogs((task, event) => follow(tasks, task, event), logs),
  });
  return {
    tasks,
    get height() {
      return reader.height;
    },
    refresh: () => reader.refresh(),
    news: (since, waiting) => reader.news(since, waiting),
    journalOf: (task) => ({
      get journal() {
        return tasks.get(task)?.journal ?? emptyJournal();
      },
      get height() {
        return reader.height;
      },
      refresh: () => reader.refresh(),
      news: (since, waiting) => reader.news(since, waiting),
    }),
  };
}

/** The journals that an event belongs to; a task begins with its posting and is dropped at its end. */
function follow(
  tasks: Map<bigint, TaskDraft>,
  task: bigint | undefined,
  event: JournalEvent,
): Draft<Journal>[] {
  // Of a dispute, whose journals know whether it is theirs.
  if (task === undefined) return Array.from(tasks.values(), ({ journal }) => journal);
  if (event.eventName === 'TaskPosted') {
    const { parameters, economics } = event.args;
    const begun = { status: 'open', deadline: 0n, journal: emptyJournal(), logs: 0 } as const;
    tasks.set(task, { task, parameters, economics, ...begun });
  }
  const found = tasks.get(task);
  if (!found) return [];
  found.logs++;
  if (event.eventName === 'StageEntered') {
    found.status = taskStatuses[event.args.status]!;
    found.deadline = found.status === 'running' ? 0n : event.args.deadline;
    if (found.status === 'ended' || found.status === 'cancelled') tasks.delete(task);
  }
  return [found.journal];
}
