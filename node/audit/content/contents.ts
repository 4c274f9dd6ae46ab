// The content store as an audit reads it: every digest that is asked for is noted, with what came of it.
import { reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { type ContentStore, type GetOptions, StoreError } from '../../store/index.ts';
import type { Checks } from '../checks.ts';

/** What a content is. */
export type ContentKind =
  | 'description'
  | 'model'
  | 'key share'
  | 'self-test'
  | 'statistics'
  | 'proposal'
  | 'ciphertext'
  | 'sum'
  | 'decryption shares'
  | 'evidence';

/** A content that the chain names. */
export interface Artifact {
  readonly digest: Hex;
  readonly kind: ContentKind;
  /** `altered`: the store has other bytes under this digest. */
  readonly state: 'read' | 'missing' | 'altered';
}

/** Where contents are read. */
export type Contents = Pick<ContentStore, 'get'>;

/** Notes what is read of a store. Nothing is ever put into it. */
export class NotedStore {
  readonly #store: Contents;
  readonly #checks: Checks;
  readonly #patience: number;
  readonly #artifacts = new Map<Hex, Artifact>();

  /**
   * @param patience milliseconds that one content may take: a store that searches a network may find nothing.
   */
  constructor(store: Contents, checks: Checks, patience: number) {
    this.#store = store;
    this.#checks = checks;
    this.#patience = patience;
  }

  get artifacts(): readonly Artifact[] {
    return [...this.#artifacts.values()];
  }

  /** The store for contents of one kind. */
  of(kind: ContentKind): Contents {
    return { get: (digest, options) => this.#get(kind, digest, options) };
  }

  async #get(kind: ContentKind, digest: Hex, options: GetOptions): Promise<Uint8Array> {
    const limit = AbortSignal.timeout(this.#patience);
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    try {
      const bytes = await this.#store.get(digest, { ...options, signal });
      this.#note({ digest, kind, state: 'read' });
      return bytes;
    } catch (error) {
      options.signal?.throwIfAborted();
      const known = error instanceof StoreError ? error : this.#silence(digest, limit, error);
      if (known.reason !== 'oversized')
        this.#note({ digest, kind, state: known.reason === 'wrong' ? 'altered' : 'missing' });
      throw known;
    }
  }

  /** Whatever else kept a content from being read: a fault of this machine is no finding about anybody. */
  #silence(digest: Hex, limit: AbortSignal, cause: unknown): StoreError {
    if (limit.aborted) return new StoreError('missing', `block ${digest}: not found in time`);
    return new StoreError('unreachable', `block ${digest}: ${reasonOf(cause)}`, { cause });
  }

  #note(artifact: Artifact): void {
    const { digest, kind, state } = artifact;
    if (this.#artifacts.get(digest)?.state === state) return;
    this.#artifacts.set(digest, artifact);
    const about = { kind: 'content', subject: `${kind} ${digest}`, artifact: digest } as const;
    if (state === 'read') this.#checks.pass('content');
    else if (state === 'missing') this.#checks.leave(about, 'it is in no store that was asked');
    else this.#checks.fail(about, 'the store has other bytes under this digest: they were altered');
  }
}
