// What the federation asks of a content store; test/node/store/compliance.ts is the suite that every store
// must pass.
import type { Hex } from 'viem';

/**
 * Milliseconds that a store searches others for a block before it says that the block is missing. A look of a role
 * takes longer (node/roles): one that runs out says nothing of the block, since the store itself may be slow.
 */
export const searchTime = 8_000;

/** What a content is to who puts it: stores keep all alike, a site's log tells them apart. */
export const contentKinds = [
  'update',
  'probe',
  'proposal',
  'decryption shares',
  'sum',
  'model',
  'key share',
  'dealing',
  'self-test shares',
  'statistics',
  'statistics shares',
  'peer addresses',
  'description',
  'evidence',
  'accusation signature',
  'copy',
] as const;
/** One of {@link contentKinds}. `copy`: another's content, kept for the others. */
export type ContentKind = (typeof contentKinds)[number];

/** Limits of one read. */
export interface GetOptions {
  /** Bytes that the caller is ready to hold; a longer block is refused before it is read whole. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** Blocks by their SHA-256. A block that `get` returns has been hashed; no caller needs to check it again. */
export interface ContentStore {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Keeps the bytes, durably once this resolves, and resolves to their digest. Putting twice changes nothing.
   * @param kind for who records what is put.
   */
  put(bytes: Uint8Array, kind?: ContentKind): Promise<Hex>;
  /** The block of a digest. @throws StoreError `missing`, `wrong`, `oversized` or `unreachable` */
  get(digest: Hex, options: GetOptions): Promise<Uint8Array>;
  /** Whether the block is here, without asking others for it. */
  has(digest: Hex): Promise<boolean>;
}
