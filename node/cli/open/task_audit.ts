// The audit of a task for whoever asks for it: its keys, its deployment and its store, opened; then everything computed again.
import { type Deployment, developmentChains } from '@murmuration/contracts';
import type { KeySet } from '@murmuration/prover';
import { checkContributors, readKeysTranscript } from '@murmuration/prover/ceremony';
import type { PublicClient } from 'viem';
import { type Audited, auditTask } from '../../audit/index.ts';
import { defaultFollowSettings, readTask } from '../../chain/index.ts';
import { version } from '../command/version.ts';
import type { StoreSettings } from './content_place.ts';
import { type KeysSettings, openKeys } from './keys.ts';
import { openStore } from './store.ts';
import { inspect, presetOf } from './trust.ts';

/** Where reorganisations happen, blocks this deep are taken for the chain's own. */
const defaultConfirmations = 5;

/** What says how far a chain's blocks are believed. */
export interface Believed {
  readonly confirmations?: number | undefined;
}

/** Blocks above a block before it counts: development chains do not reorganise. */
export const confirmationsOf = (
  { confirmations }: Believed,
  { chainId }: Pick<Deployment, 'chainId'>,
): number => confirmations ?? (developmentChains.includes(chainId) ? 0 : defaultConfirmations);

/** Where a task is audited. */
export interface AuditPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: KeysSettings & StoreSettings & Believed;
}

/** Audits a task. @param say hears of each step. */
export async function auditPosted(
  { client, deployment, settings }: AuditPlace,
  task: bigint,
  say: (text: string) => void,
): Promise<Audited> {
  const posted = await readTask(client, deployment, task);
  const keys = await openKeys(settings, deployment, presetOf(posted), say);
  say('checks the deployment');
  const inspection = await inspect({ client, deployment, keys: [keys], cache: settings.cache });
  const store = await openStore(settings, deployment, posted);
  try {
    return await auditTask({
      client,
      deployment,
      task,
      follow: { ...defaultFollowSettings, confirmations: confirmationsOf(settings, deployment) },
      store,
      keys,
      contributors: await contributorsOf(keys),
      inspection,
      software: `murmur ${version()}`,
      now: new Date(),
      say,
    });
  } finally {
    await store.stop();
  }
}

async function contributorsOf(keys: KeySet): Promise<readonly string[]> {
  return keys.kind === 'insecure-development' ? [] : checkContributors(await readKeysTranscript(keys));
}
