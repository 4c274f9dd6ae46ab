// Content that will be needed again when its author may be gone.
import type { Hex } from 'viem';
import type { ContentStore, GetOptions } from './store.ts';

/**
 * Fetches a block and puts it into the store: a store that fetches blocks from others may forget those that
 * were not put into it.
 */
export async function fetchAndPin(
  store: ContentStore,
  digest: Hex,
  options: GetOptions,
): Promise<Uint8Array> {
  const bytes = await store.get(digest, options);
  await store.put(bytes, 'copy');
  return bytes;
}
