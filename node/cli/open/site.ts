// The site of a role: everything that a trainer, validator or prover works with on a task beside its account.
import type { PostedTask } from '../../chain/index.ts';
import type { Closers } from '../../local/closers.ts';
import { createTools, type Learning, loadTask, type Member, type Tools } from '../../roles/index.ts';
import { recordedJobs, recordedStore } from '../../site/index.ts';
import type { ContentStore } from '../../store/index.ts';
import type { ChainSettings } from '../command/flags.ts';
import { type KeysSettings, openKeys } from './keys.ts';
import { openStore } from './store.ts';
import { checkDeployment, presetOf } from './trust.ts';

/** Encryption and proofs of the task's preset, the content store, and what the task learns. */
export interface Site {
  readonly tools: Tools;
  readonly store: ContentStore;
  readonly learning: Learning;
}

/** Where the site stands, and who works there. */
export interface SitePlan {
  readonly member: Member;
  readonly posted: PostedTask;
  /** Hears what is loaded. */
  readonly say: (text: string) => void;
  /** Gets what has to be closed. */
  readonly closers: Closers;
}

/**
 * Opens a site.
 * @throws NodeError `task` for a preset that this version does not know, `deployment` for a deployment that is
 * not to be trusted, and what opens keys and store.
 */
export async function openSite(
  settings: Pick<ChainSettings, 'store'> & KeysSettings,
  { member, posted, say, closers }: SitePlan,
): Promise<Site> {
  const { deployment, client } = member;
  const keys = await openKeys(settings, deployment, presetOf(posted), say);
  await checkDeployment({ client, deployment, keys: [keys], cache: settings.cache });
  const store = await openStore(settings);
  closers.add(() => store.stop());
  const learning = await loadTask(recordedStore(member.log, store), posted);
  const tools = await createTools(keys, {
    cacheFolder: settings.cache,
    say,
    sending: recordedJobs(member.log),
  });
  closers.add(() => tools.stop());
  return { tools, store, learning };
}
