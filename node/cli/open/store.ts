// The content store.
import { type ContentStore, createFolderStore, createKuboStore, patientStore } from '../../store/index.ts';
import type { ChainSettings } from '../command/flags.ts';

/**
 * What kubo nodes exchange of one block, at most: dealings among many trainers are larger than its default of
 * 1 MiB.
 */
const maxKuboBlock = 2 * 2 ** 20;

/** The content store, started. */
export async function openStore({ store }: Pick<ChainSettings, 'store'>): Promise<ContentStore> {
  const opened = store.startsWith('kubo:')
    ? createKuboStore({ endpoint: store.slice('kubo:'.length), maxBlock: maxKuboBlock })
    : createFolderStore(store);
  await opened.start();
  return patientStore(opened);
}
