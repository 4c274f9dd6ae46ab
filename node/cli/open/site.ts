// The site of a role: everything that a trainer, validator or prover works with on a task beside its account.
import type { PostedTask } from '../../chain/index.ts';
import type { Closers } from '../../local/closers.ts';
import type { Reachability } from '../../peer/index.ts';
import {
  createTools,
  type Learning,
  loadTask,
  type Member,
  type PeerPlace,
  type Tools,
} from '../../roles/index.ts';
import { recordedJobs, recordedStore } from '../../site/index.ts';
import type { ContentStore } from '../../store/index.ts';
import { betweenMembers, type StoreSettings, storeOf } from './content_place.ts';
import { type KeysSettings, openKeys } from './keys.ts';
import { openMembersStore } from './members_store.ts';
import { openStore } from './store.ts';
import { checkDeployment, presetOf } from './trust.ts';

/** Encryption and proofs of the task's preset, the content store, and what the task learns. */
export interface Site {
  readonly tools: Tools;
  readonly store: ContentStore;
  /** The peer that gives and takes contents, where members do so. */
  readonly place: PeerPlace | undefined;
  readonly learning: Learning;
  /** Says how the task stands, on which it depends how long its contents stay. */
  keep(posted: PostedTask): Promise<void>;
}

/** Where the site stands, and who works there. */
export interface SitePlan {
  readonly member: Member;
  readonly posted: PostedTask;
  /** How others reach its peer, where members give each other contents. */
  readonly reachability: Reachability;
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
  settings: StoreSettings & KeysSettings,
  { member, posted, reachability, say, closers }: SitePlan,
): Promise<Site> {
  const { deployment, client } = member;
  const keys = await openKeys(settings, deployment, presetOf(posted), say);
  await checkDeployment({ client, deployment, keys: [keys], cache: settings.cache });
  const { store, place, keep } = await openRoleStore(settings, { member, posted, reachability, say });
  closers.add(() => store.stop());
  const learning = await loadTask(recordedStore(member.log, store), posted);
  const tools = await createTools(keys, {
    cacheFolder: settings.cache,
    say,
    sending: recordedJobs(member.log),
  });
  closers.add(() => tools.stop());
  return { tools, store, place, learning, keep };
}

/** The store of a role, and its peer where the store has one. */
export async function openRoleStore(
  settings: StoreSettings,
  plan: Omit<SitePlan, 'closers'>,
): Promise<Pick<Site, 'store' | 'place' | 'keep'>> {
  const { deployment } = plan.member;
  if (storeOf(settings, deployment) === betweenMembers) return openMembersStore(settings, plan);
  const store = await openStore(settings, deployment, plan.posted);
  return { store, place: undefined, keep: async () => undefined };
}
