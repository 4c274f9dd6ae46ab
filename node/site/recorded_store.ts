// A content store into which nothing is put that the site's log does not have.
import { Recent, reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { digestOf } from '../protocol/index.ts';
import type { ContentStore } from '../store/index.ts';
import type { SiteLog } from './site_log.ts';

/** To whom a content goes. */
export const everybody = 'whoever reads the store';
/** What a log has of a content whose kind its author did not say. */
export const unnamed = 'content of no named kind';

/** Records what is put into a store. */
export function recordedStore(log: SiteLog, store: ContentStore): ContentStore {
  const known = new Recent();
  return {
    start: () => store.start(),
    stop: () => store.stop(),
    get: (digest, options) => store.get(digest, options),
    has: (digest) => store.has(digest),
    async put(bytes, kind) {
      const digest = digestOf(bytes);
      // Put twice, it leaves once.
      if (known.has(digest)) return store.put(bytes, kind);
      const what = kind ?? unnamed;
      const { became } = await log.leaving({
        place: 'store',
        what,
        to: everybody,
        bytes: bytes.length,
        digest,
      });
      try {
        const put = await store.put(bytes, kind);
        known.set(digest, true);
        became('left');
        return put;
      } catch (error) {
        // A store may have taken a part of it.
        became('unsure', { why: reasonOf(error) });
        throw error;
      }
    },
  };
}

/** Tells the log what became of contents that an earlier process was about to put: those that are there left. */
export async function resolveContents(log: SiteLog, store: Pick<ContentStore, 'has'>): Promise<void> {
  const known = new Map<Hex, boolean>();
  for (const { n, place, digest } of log.unresolved) {
    if (place !== 'store') continue;
    const there = known.get(digest) ?? (await store.has(digest).catch(() => false));
    known.set(digest, there);
    log.resolve(n, there ? 'left' : 'unsure');
  }
}
