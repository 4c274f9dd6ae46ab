// Content that will be needed again when its author may be gone.
import type { Hex } from 'viem';
import type { ContentStore, GetOptions } from './store.ts';

/** Fetches a block and keeps it: a store that fetches from others may forget what was not put into it here. */
export async function fetchAndPin(
  store: ContentStore,
  digest: Hex,
  options: GetOptions,
): Promise<Uint8Array> {
  const bytes = await store.get(digest, options);
  await store.put(bytes);
  return bytes;
}
