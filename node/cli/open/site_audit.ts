// The audit of a site for whoever asks for it: its logs are found below a folder, and held against the chain.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import type { Address, PublicClient } from 'viem';
import { auditSite, type SiteReport } from '../../audit/index.ts';
import { NodeError } from '../../errors.ts';
import { siteLogFolder } from '../../roles/runtime/recorded.ts';
import { type ReadLog, readSiteLog } from '../../site/index.ts';
import { version } from '../command/version.ts';
import type { StoreSettings } from './content_place.ts';
import { openStore } from './store.ts';
import { type Believed, confirmationsOf } from './task_audit.ts';

/** Whose logs are held against which chain. */
export interface SiteAuditPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: StoreSettings & Believed;
}

/** Logs, and whose they must be. */
export interface SiteLogs {
  readonly account: Address | undefined;
  readonly logs: readonly ReadLog[];
}

/**
 * Audits a site.
 * @param open reads its logs: after the last block that counts, since a role at work writes down, and then sends.
 */
export async function auditLogs(
  { client, deployment, settings }: SiteAuditPlace,
  open: () => Promise<SiteLogs>,
  say: (text: string) => void,
): Promise<SiteReport> {
  const until = await client.getBlockNumber({ cacheTime: 0 });
  const { account, logs } = await open();
  const store = await openStore(settings, deployment);
  try {
    return await auditSite({
      client,
      deployment,
      logs,
      account,
      store,
      until,
      confirmations: confirmationsOf(settings, deployment),
      software: `murmur ${version()}`,
      now: new Date(),
      say,
    });
  } finally {
    await store.stop();
  }
}

/** An account's logs below a home folder. @throws NodeError `input` where there is none */
export async function findLogs(home: string, account: Address): Promise<ReadLog[]> {
  const states = join(home, 'state');
  const found = await readdir(states, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  // Documents of a local federation lie beside the folders.
  const names = found.flatMap((each) => (each.isDirectory() ? [each.name] : []));
  const logs = [];
  for (const name of names.sort()) {
    const log = await readSiteLog(siteLogFolder(join(states, name))).catch((error: unknown) => {
      // A state folder without a log, of an earlier version say.
      if (error instanceof NodeError && error.code === 'input') return undefined;
      throw error;
    });
    if (log && isOf(log, account)) logs.push(log);
  }
  if (logs.length > 0) return logs;
  throw new NodeError('input', `below ${states} there is no log of ${account}`, {
    mend: 'Name its folders with --logs; a role that ran with --state has it there, below site-log.',
  });
}

/** Whether a log is of an account, or does not say so any more. */
function isOf({ entries }: ReadLog, account: Address): boolean {
  const opened = entries.flatMap(({ entry }) => (entry.kind === 'opened' ? [entry.account] : []));
  return opened.length === 0 || opened.some((of) => of.toLowerCase() === account.toLowerCase());
}
