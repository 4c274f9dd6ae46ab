// Reads the logs of a deployment in order, each once, and has them read anew when the chain replaced what was read.
import { bulletinAbi, type Deployment, marketplaceAbi } from '@murmuration/contracts';
import { type Address, type Log, type PublicClient, parseEventLogs } from 'viem';
import { type Cursor, catchUp, DeepReorganisation, type FollowSettings, type LogQuery } from './follow.ts';
import type { Heads, Waiting } from './heads.ts';
import type { Journal } from './journal.ts';

/** Which deployment is read, and how. */
export interface LogSettings {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly follow: FollowSettings;
  readonly heads: Heads;
  /** The first block that is read, if it is not the deployment's. */
  from?(): Promise<bigint>;
}

/** What becomes of the logs. */
export interface LogSink {
  /** Forgets everything: the first log follows. */
  begin(): void;
  /** The journals so far, by task. */
  journals(): Iterable<readonly [task: bigint, journal: Journal]>;
  /** Whether a task's logs are entered. */
  reads(task: bigint): boolean;
  enter(logs: Log[]): void;
}

/** Members of one epoch of a task. */
interface Committee {
  readonly trainers: readonly Address[];
  readonly validators: readonly Address[];
}

/** Who has or had a seat in a committee, by task. */
type Seats = Map<bigint, Set<Address>>;

const sizeOf = (seats: Seats): number => [...seats.values()].reduce((sum, { size }) => sum + size, 0);

/** Tasks whose posts are asked for at once: nodes take so many topics. */
const tasksAtOnce = 50;

/** Where the reading of a deployment's logs stands. */
export class LogReader {
  readonly #settings: LogSettings;
  readonly #sink: LogSink;
  #cursor!: Cursor;
  #reading: { readonly done: Promise<void>; readonly outdated: number } | undefined;

  constructor(settings: LogSettings, sink: LogSink) {
    this.#settings = settings;
    this.#sink = sink;
    this.#begin();
  }

  /** The block before which everything has been read. */
  get height(): bigint {
    return this.#cursor.next;
  }

  /**
   * Reads new logs; calls at the same time share one reading, unless this process has changed the chain since it
   * began: who has just sent a transaction sees it.
   * @throws DeepReorganisation when the chain replaced what was read; everything is then forgotten, and the next call
   * reads it anew.
   */
  async refresh(): Promise<void> {
    const { outdated } = this.#settings.heads;
    while (this.#reading && this.#reading.outdated < outdated)
      await this.#reading.done.catch(() => undefined);
    this.#reading ??= {
      outdated,
      done: this.#read().finally(() => {
        this.#reading = undefined;
      }),
    };
    return this.#reading.done;
  }

  /** Resolves once there may be logs at or above a height; see {@link Heads.reaching}. */
  news(since: bigint, waiting: Waiting): Promise<void> {
    const { heads, follow } = this.#settings;
    return heads.reaching(since + BigInt(follow.confirmations), waiting);
  }

  async #read(): Promise<void> {
    const { client, follow: settings, heads, from } = this.#settings;
    if (from && this.#cursor.hash === null) this.#cursor = { next: await from(), hash: null };
    const logsIn = (query: LogQuery) => this.#logsIn(query);
    const latest = () => heads.look();
    try {
      this.#cursor = await catchUp(
        { client, settings, latest, logsIn },
        this.#cursor,
        async (logs, after) => {
          this.#sink.enter(logs);
          this.#cursor = after;
        },
      );
    } catch (error) {
      // What was made of the logs is nothing but them, so it is begun again rather than mended.
      if (error instanceof DeepReorganisation) this.#begin();
      throw error;
    }
  }

  /**
   * The logs of some blocks. Of the bulletin, on which anybody can post any number of digests, only posts of those who
   * had a seat in some committee of the task are read.
   */
  async #logsIn(blocks: LogQuery): Promise<Log[]> {
    const { client, deployment } = this.#settings;
    const { disputes, marketplace, keys, rounds, validation, settlement, vault } = deployment;
    const address = [disputes, marketplace, keys, rounds, validation, settlement, vault];
    const known = this.#seats([]);
    // In one exchange: committees that these blocks set are rare.
    const [logs, early]: [Log[], Log[]] = await Promise.all([
      client.getLogs({ address, ...blocks }),
      this.#posts(known, blocks),
    ]);
    const seats = this.#seats(logs);
    const posts = sizeOf(seats) === sizeOf(known) ? early : await this.#posts(seats, blocks);
    if (posts.length === 0) return logs;
    return [...logs, ...posts].sort(
      (a, b) => Number(a.blockNumber! - b.blockNumber!) || a.logIndex! - b.logIndex!,
    );
  }

  /** Posts of those who have or had a seat, each in its task. */
  async #posts(seats: Seats, blocks: LogQuery): Promise<Log[]> {
    const { client, deployment } = this.#settings;
    const query = { address: deployment.bulletin, abi: bulletinAbi, eventName: 'Posted' } as const;
    const tasks = [...seats.keys()];
    const posts: Log[] = [];
    for (let at = 0; at < tasks.length; at += tasksAtOnce) {
      const task = tasks.slice(at, at + tasksAtOnce);
      const sender = [...new Set(task.flatMap((each) => [...seats.get(each)!]))];
      const args = { task, sender };
      const found = await client.getContractEvents({ ...query, args, strict: true, ...blocks });
      posts.push(...found.filter(({ args }) => seats.get(args.task)?.has(args.sender)));
    }
    return posts;
  }

  /** Who has or had a seat in a committee, by task; also of committees that these logs set. */
  #seats(logs: readonly Log[]): Seats {
    const seats = new Map<bigint, Set<Address>>();
    const add = (task: bigint, committees: Iterable<Committee>) => {
      const seated = seats.get(task) ?? new Set<Address>();
      for (const { trainers, validators } of committees)
        for (const account of [...trainers, ...validators]) seated.add(account);
      if (seated.size > 0) seats.set(task, seated);
    };
    for (const [task, { epochs }] of this.#sink.journals()) add(task, epochs.values());
    const set = parseEventLogs({ abi: marketplaceAbi, logs: [...logs], eventName: 'CommitteeSet' });
    for (const { args } of set) if (this.#sink.reads(args.task)) add(args.task, [args]);
    return seats;
  }

  #begin(): void {
    this.#sink.begin();
    this.#cursor = { next: BigInt(this.#settings.deployment.fromBlock), hash: null };
  }
}
