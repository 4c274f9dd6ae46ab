// A deployment's chain as one process reads it: one look at the latest block, one journal and one set of views a
// task, whichever and however many accounts work on them.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import type { FollowSettings } from './follow.ts';
import { GasKnown } from './gas_known.ts';
import { Heads } from './heads.ts';
import { type JournalSource, readJournal } from './journal_reader.ts';
import { type MarketReader, readMarket } from './market_reader.ts';
import type { TaskViews } from './task_chain.ts';
import { createTaskViews } from './task_views.ts';

/** What is read, and how. */
export interface ReaderSettings {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly follow: FollowSettings;
  /** Milliseconds for which a look at the latest block serves; 0 by default: every look is its own. */
  readonly freshFor?: number;
}

/** A deployment's chain, to be shared by those who read it in one process. */
export interface ChainReader {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly heads: Heads;
  readonly gas: GasKnown;
  /** The journal of a task; one for each. */
  journal(task: bigint): JournalSource;
  /** The views of a task; one for each. */
  views(task: bigint): TaskViews;
  /** All tasks of the deployment, in one reading of its logs. */
  market(): MarketReader;
}

/** Reads a deployment's chain. */
export function createChainReader(settings: ReaderSettings): ChainReader {
  const { client, deployment, follow, freshFor = 0 } = settings;
  const heads = new Heads(client, { freshFor });
  const logs = { client, deployment, follow, heads };
  const journals = new Map<bigint, JournalSource>();
  const views = new Map<bigint, TaskViews>();
  let market: MarketReader | undefined;
  return {
    client,
    deployment,
    heads,
    gas: new GasKnown(),
    journal: (task) => of(journals, task, () => readJournal({ ...logs, task })),
    views: (task) => of(views, task, () => createTaskViews({ client, deployment, heads, task })),
    market() {
      market ??= readMarket(logs);
      return market;
    },
  };
}

function of<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
