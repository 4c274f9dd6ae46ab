// The content store of members without a shared disk: each keeps on its own disk what it made and what it fetched, and
// gives it to the others.

import type { Hex } from 'viem';
import type { Peer } from '../peer/index.ts';
import { isDigest } from '../protocol/index.ts';
import {
  type ContentStore,
  type FolderStore,
  mayStillCome,
  orEnded,
  oversized,
  StoreError,
} from '../store/index.ts';
import { type Acquaintances, createAcquaintance } from './acquaintance.ts';
import { Fetcher, type FetchSettings } from './fetch.ts';
import { contentServer, type Pace } from './serve.ts';
import { contentProtocol, maxContentRequest } from './wire.ts';

/** What a store between members is made of. */
export interface MembersStoreParts extends Acquaintances, FetchSettings {
  readonly peer: Peer;
  /** Where this member's contents lie. */
  readonly blocks: FolderStore;
  readonly pace?: Pace;
}

/** A content that is being fetched, for all who wait for it. */
interface Job {
  readonly maxBytes: number;
  readonly done: Promise<Uint8Array>;
}

/**
 * A store between members. It starts and stops the peer that it is given. A caller that gives up leaves the fetch
 * going, so that the content is here when it asks again.
 */
export function createMembersStore(parts: MembersStoreParts): ContentStore {
  const { peer, blocks, pace, tell } = parts;
  const acquaintance = createAcquaintance(parts);
  const fetcher = new Fetcher(peer, parts);
  const jobs = new Map<Hex, Job>();
  let closing: AbortController | undefined;
  let endServing: (() => void) | undefined;
  let toldFull = false;

  function running(): AbortController {
    if (!closing) throw new StoreError('unreachable', "members' store: not started; call start() first");
    return closing;
  }

  async function fetch(digest: Hex, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    if (peer.connected().length === 0) await acquaintance.look();
    const bytes = await fetcher.fetch(digest, maxBytes, signal);
    // Whoever fetched a content gives it to others, too. It is of use also where this disk does not take it.
    await blocks.put(bytes).then(
      () => {
        toldFull = false;
      },
      (error: Error) => {
        if (!toldFull) tell(`cannot keep what it fetched: ${error.message}`);
        toldFull = true;
      },
    );
    return bytes;
  }

  /** What others have of a digest. A fetch that began before it was asked for, and fails, is begun again once. */
  async function fromOthers(digest: Hex, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const known = jobs.get(digest);
    if (known && known.maxBytes >= maxBytes) {
      const bytes = await known.done.catch(() => undefined);
      if (bytes) return bytes;
    }
    return begin(digest, maxBytes, signal);
  }

  function begin(digest: Hex, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const known = jobs.get(digest);
    if (known && known.maxBytes >= maxBytes) return known.done;
    const done = fetch(digest, maxBytes, signal);
    const job = { maxBytes, done };
    jobs.set(digest, job);
    const over = () => {
      if (jobs.get(digest) === job) jobs.delete(digest);
    };
    done.then(over, over);
    return done;
  }

  return {
    async start() {
      if (closing) return;
      await blocks.start();
      endServing = peer.serve(contentProtocol, {
        maxRequest: maxContentRequest,
        open: contentServer(blocks, pace),
      });
      await peer.start();
      closing = new AbortController();
      acquaintance.start();
    },

    async stop() {
      closing?.abort(new StoreError('unreachable', "members' store: stopped"));
      closing = undefined;
      endServing?.();
      endServing = undefined;
      await acquaintance.stop();
      await Promise.allSettled(Array.from(jobs.values(), ({ done }) => done));
      await peer.stop();
      await blocks.stop();
    },

    async put(bytes) {
      running();
      return blocks.put(bytes);
    },

    async get(digest, options) {
      const { signal: stopped } = running();
      const { maxBytes, signal } = options;
      signal?.throwIfAborted();
      try {
        return await blocks.get(digest, options);
      } catch (own) {
        if (!(own instanceof StoreError) || !isDigest(digest)) throw own;
        // What this disk lost, damaged or does not give, others may have.
        try {
          const bytes = await orEnded(fromOthers(digest, maxBytes, stopped), signal);
          // Another caller may be ready to hold more.
          if (bytes.length > maxBytes) throw oversized(digest, bytes.length, maxBytes);
          return bytes;
        } catch (error) {
          throw own.reason !== 'missing' && mayStillCome(error) ? own : error;
        }
      }
    },

    async has(digest) {
      running();
      return blocks.has(digest);
    },
  };
}
