// Reads the logs of a deployment into a task's journal, and begins anew when the chain replaced what was
// read.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { enterLogs } from './enter_logs.ts';
import { type Cursor, catchUp, DeepReorganisation, type FollowSettings } from './follow.ts';
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
    const { client, deployment, task, follow: settings } = this.#settings;
    const { bulletin, disputes, marketplace, keys, rounds, validation, settlement, vault } = deployment;
    const addresses = [bulletin, disputes, marketplace, keys, rounds, validation, settlement, vault];
    try {
      this.#cursor = await catchUp({ client, addresses, settings }, this.#cursor, async (logs, after) => {
        enterLogs(this.#journal, task, logs);
        this.#cursor = after;
      });
    } catch (error) {
      // The journal is nothing but the logs, so it is begun again rather than mended.
      if (error instanceof DeepReorganisation) this.#begin();
      throw error;
    }
  }

  #begin(): void {
    this.#journal = emptyJournal();
    this.#cursor = { next: BigInt(this.#settings.deployment.fromBlock), hash: null };
  }
}
