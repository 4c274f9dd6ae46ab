// A store as roles use it: whatever it does, a call ends in time with bytes or with a StoreError. A share of a network
// disk that hangs, an answer that breaks off, a disk that is full: none of it may be taken for what a content says, and
// none of it may keep a role from its other duties.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import { StoreError } from './error.ts';
import type { ContentStore } from './store.ts';

/** Milliseconds that a call of a store may take: a block of a few MiB comes through a slow line in that time. */
const patience = 30_000;

/** The store, bounded in time and typed. */
export function patientStore(store: ContentStore, atMost = patience): ContentStore {
  async function bounded<T>(what: string, call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) {
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
    const silence = sleep(atMost, undefined, { signal: either }).then(
      () => {
        throw new StoreError('unreachable', `${what}: the store gave no answer within ${atMost / 1000} s`);
      },
      () => {
        signal?.throwIfAborted();
      },
    );
    try {
      return await Promise.race([call(either), silence as Promise<never>]);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof StoreError) throw cause;
      throw new StoreError('unreachable', `${what}: ${reasonOf(cause)}`, { cause });
    } finally {
      over.abort();
    }
  }

  return {
    start: () => store.start(),
    stop: () => store.stop(),
    put: (bytes, kind) => bounded(`a block of ${bytes.length} bytes`, () => store.put(bytes, kind)),
    get: (digest, { maxBytes, signal }) =>
      bounded(`block ${digest}`, (either) => store.get(digest, { maxBytes, signal: either }), signal),
    has: (digest) => bounded(`block ${digest}`, () => store.has(digest)),
  };
}
