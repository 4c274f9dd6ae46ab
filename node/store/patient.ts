// A store as roles use it: whatever it does, a call ends in time with bytes or with a StoreError. A share of a network
// disk that hangs, an answer that breaks off, a disk that is full: none of it may be taken for what a content says, and
// none of it may keep a role from its other duties.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import { StoreError } from './error.ts';
import type { ContentStore } from './store.ts';

/** Milliseconds that a call of a store may take, beside what its bytes need. */
const patience = 30_000;

/** Bytes in a millisecond on the slowest line that blocks are waited for: 1 Mbit a second. */
const slowest = 125;

/** One call of a store. */
interface Call {
  /** For messages. */
  readonly what: string;
  /** That go one way or the other, at most. */
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The store, bounded in time and typed. @param atMost milliseconds of a call, beside what its bytes need. */
export function patientStore(store: ContentStore, atMost = patience): ContentStore {
  async function bounded<T>(
    { what, bytes, signal }: Call,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = atMost + Math.ceil(bytes / slowest);
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
    const silence = sleep(limit, undefined, { signal: either }).then(
      () => {
        throw new StoreError('unreachable', `${what}: the store gave no answer within ${limit / 1000} s`);
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
    put: (bytes) =>
      bounded({ what: `a block of ${bytes.length} bytes`, bytes: bytes.length }, () => store.put(bytes)),
    get: (digest, { maxBytes, signal }) =>
      bounded({ what: `block ${digest}`, bytes: maxBytes, signal }, (either) =>
        store.get(digest, { maxBytes, signal: either }),
      ),
    has: (digest) => bounded({ what: `block ${digest}`, bytes: 0 }, () => store.has(digest)),
  };
}
