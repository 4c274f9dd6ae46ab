// The content store: a folder that all share, a kubo node, or what members give each other.
import type { Deployment } from '@murmuration/contracts';
import type { PostedTask } from '../../chain/index.ts';
import { type ContentStore, createFolderStore, createKuboStore, patientStore } from '../../store/index.ts';
import { betweenMembers, type StoreSettings, storeOf } from './content_place.ts';
import { ownContents } from './own_contents.ts';

/**
 * What kubo nodes exchange of one block, at most: dealings among many trainers are larger than its default of
 * 1 MiB.
 */
const maxKuboBlock = 2 * 2 ** 20;

/** A folder or kubo node by its name. */
export const createNamedStore = (name: string): ContentStore =>
  name.startsWith('kubo:')
    ? createKuboStore({ endpoint: name.slice('kubo:'.length), maxBlock: maxKuboBlock })
    : createFolderStore(name);

/**
 * The content store for somebody who looks or plans, started. Between members, it has what lies on this machine, and
 * what those that are named with --peer give to strangers; without a task, what lies here of all tasks.
 */
export async function openStore(
  settings: StoreSettings,
  deployment: Deployment,
  posted?: PostedTask,
): Promise<ContentStore> {
  const name = storeOf(settings, deployment);
  const opened =
    name !== betweenMembers
      ? createNamedStore(name)
      : posted
        ? // Loaded when it is needed: libp2p takes a while.
          await (await import('./members_store.ts')).onlookersStore(settings, deployment, posted)
        : ownContents(settings);
  await opened.start();
  return patientStore(opened);
}
