// Reads the logs of a deployment into a task's journal, and begins anew when the chain replaced what was
// read.
import { bulletinAbi, type Deployment, marketplaceAbi } from '@murmuration/contracts';
import { type Log, type PublicClient, parseEventLogs } from 'viem';
import { enterLogs } from './enter_logs.ts';
import { type BlockRange, type Cursor, catchUp, DeepReorganisation, type FollowSettings } from './follow.ts';
import { type Draft, emptyJournal, type Journal } from './journal.ts';

/** Which task of which deployment is read, and how. */
export interface JournalSettings {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly task: bigint;
  readonly follow: FollowSettings;
}

/** A task's journal as it grows. */
export class JournalReader {
  readonly #settings: JournalSettings;
  #journal!: Draft<Journal>;
  #cursor!: Cursor;
  #reading: Promise<void> | undefined;

  constructor(settings: JournalSettings) {
    this.#settings = settings;
    this.#begin();
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** The block before which everything is in the journal. */
  get height(): bigint {
    return this.#cursor.next;
  }

  /**
   * Reads new logs; calls at the same time share one reading.
   * @throws DeepReorganisation when the chain replaced what was read; the journal is then empty, and the next
   * call reads it anew.
   */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { client, task, follow: settings } = this.#settings;
    const logsIn = (range: BlockRange) => this.#logsIn(range);
    try {
      this.#cursor = await catchUp({ client, settings, logsIn }, this.#cursor, async (logs, after) => {
        enterLogs(this.#journal, task, logs);
        this.#cursor = after;
      });
    } catch (error) {
      // The journal is nothing but the logs, so it is begun again rather than mended.
      if (error instanceof DeepReorganisation) this.#begin();
      throw error;
    }
  }

  /**
   * The logs of a range. Of the bulletin, on which anybody can post any number of digests, only posts of those who
   * had a seat in some committee of the task are asked for.
   */
  async #logsIn(range: BlockRange): Promise<Log[]> {
    const { client, deployment, task } = this.#settings;
    const { disputes, marketplace, keys, rounds, validation, settlement, vault } = deployment;
    const logs: Log[] = await client.getLogs({
      address: [disputes, marketplace, keys, rounds, validation, settlement, vault],
      ...range,
    });
    const committees = parseEventLogs({ abi: marketplaceAbi, logs, eventName: 'CommitteeSet' });
    const seated = [
      ...this.#journal.epochs.values(),
      ...committees.map(({ args }) => args).filter((args) => args.task === task),
    ].flatMap(({ trainers, validators }) => [...trainers, ...validators]);
    if (seated.length === 0) return logs;
    const sender = [...new Set(seated)];
    const query = { address: deployment.bulletin, abi: bulletinAbi, eventName: 'Posted' } as const;
    const posts: Log[] = await client.getContractEvents({ ...query, args: { task, sender }, ...range });
    return [...logs, ...posts].sort(
      (a, b) => Number(a.blockNumber! - b.blockNumber!) || a.logIndex! - b.logIndex!,
    );
  }

  #begin(): void {
    this.#journal = emptyJournal();
    this.#cursor = { next: BigInt(this.#settings.deployment.fromBlock), hash: null };
  }
}
