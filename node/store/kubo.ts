// A content store behind a kubo (IPFS) node's RPC interface: block/put, block/get, block/stat. The node is
// not trusted: its answers are hashed, and never read beyond the limit.
import { reasonOf } from '@murmuration/core';
import type { Hex } from 'viem';
import { z } from 'zod';
import { digestOf } from '../protocol/index.ts';
import { addressOf, checkContent, digestIn, oversized } from './content.ts';
import { StoreError } from './error.ts';
import { type ContentStore, searchTime } from './store.ts';

/** What a kubo node answers to block/put and block/stat. */
const blockSchema = z.object({ Key: z.string().max(128), Size: z.int().nonnegative() });
const errorSchema = z.object({ Message: z.string() });

const kuboSchema = z.strictObject({
  /**
   * The node's RPC address, such as http://127.0.0.1:5001. User and password in it are sent as a header, and a path
   * comes before that of each call.
   */
  endpoint: z.url({ protocol: /^https?$/ }),
  /** Milliseconds for one call. The node searches its network for {@link searchTime} at most. */
  timeout: z.int().positive().default(30_000),
  /** Bytes of a block, at most. Bitswap carries blocks of up to 2 MiB between nodes. */
  maxBlock: z
    .int()
    .positive()
    .default(2 ** 20),
  /** Whether blocks that are put are pinned, so that the node's garbage collection leaves them. */
  pin: z.boolean().default(true),
});

/**
 * A store behind a kubo endpoint. Blocks above 1 MiB need `maxBlock` raised, and then go with
 * `allow-big-block`.
 */
export function createKuboStore(settings: z.input<typeof kuboSchema>): ContentStore {
  const { endpoint: given, timeout, maxBlock, pin } = kuboSchema.parse(settings);
  const searching = Math.min(timeout, searchTime);
  const { base, headers, shown: endpoint } = accessOf(new URL(given));
  let closing: AbortController | undefined;

  async function call(
    path: string,
    query: Record<string, string>,
    signal?: AbortSignal,
    body?: FormData,
  ): Promise<Response> {
    if (!closing)
      throw new StoreError('unreachable', `kubo store ${endpoint}: not started; call start() first`);
    const url = new URL(`api/v0/${path}`, base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signals = [closing.signal, AbortSignal.timeout(timeout), ...(signal ? [signal] : [])];
    const options = { method: 'POST', headers, signal: AbortSignal.any(signals), redirect: 'error' } as const;
    const response = await fetch(url, body ? { ...options, body } : options).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new StoreError('unreachable', `kubo ${path} at ${endpoint}: ${fetchReason(error)}`, {
        cause: error,
      });
    });
    if (response.status === 401 || response.status === 403)
      throw new StoreError('denied', `kubo ${path} at ${endpoint}: status ${response.status}`, {
        mend: 'Put user and password into the address: kubo:https://name:word@host/.',
      });
    return response;
  }

  return {
    async start() {
      closing ??= new AbortController();
    },

    async stop() {
      closing?.abort(new StoreError('unreachable', `kubo store ${endpoint}: stopped`));
      closing = undefined;
    },

    async put(bytes) {
      const digest = digestOf(bytes);
      if (bytes.length > maxBlock) throw oversized(digest, bytes.length, maxBlock);
      const form = new FormData();
      form.append('data', new Blob([new Uint8Array(bytes)]), 'block');
      const query = { 'cid-codec': 'raw', mhtype: 'sha2-256', pin: String(pin) };
      const big: Record<string, string> = bytes.length > 2 ** 20 ? { 'allow-big-block': 'true' } : {};
      const response = await call('block/put', { ...query, ...big }, undefined, form);
      const { Key } = await answerOf('block/put', response);
      const kept = digestIn(Key);
      if (kept !== digest)
        throw new StoreError('wrong', `block ${digest}: the node says that it kept ${kept}`, {
          mend: 'Use another node.',
        });
      return digest;
    },

    async get(digest, { maxBytes, signal }) {
      const limit = Math.min(maxBytes, maxBlock);
      const response = await call('block/get', { arg: addressOf(digest), timeout: `${searching}ms` }, signal);
      if (!response.ok) {
        const text = await messageOf(response);
        // A node that has searched its network in vain answers that a deadline has passed.
        const reason = isNotFound(text) || /deadline/i.test(text) ? 'missing' : 'unreachable';
        throw new StoreError(reason, `block ${digest}: the node at ${endpoint} does not give it (${text})`);
      }
      return checkContent(digest, await bodyOf(digest, response, limit, signal), limit);
    },

    async has(digest) {
      const response = await call('block/stat', { arg: addressOf(digest), offline: 'true' });
      if (!response.ok) {
        const text = await messageOf(response);
        if (isNotFound(text)) return false;
        throw new StoreError('unreachable', `kubo block/stat at ${endpoint}: ${text}`);
      }
      return digestIn((await answerOf('block/stat', response)).Key) === digest;
    },
  };
}

/** Kubo has two ways to say that it does not have a block. */
const isNotFound = (text: string): boolean => /not find|not found/i.test(text);

/** How the node is called: where its paths begin, who asks, and how it is named to people. */
function accessOf({ protocol, host, pathname, username, password }: URL) {
  const base = new URL(`${protocol}//${host}${pathname.replace(/\/*$/, '/')}`);
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers: Record<string, string> =
    username || password ? { authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {};
  return { base, headers, shown: `${protocol}//${host}` };
}

/** The body of an answer, read no further than the limit. */
async function bodyOf(
  digest: Hex,
  response: Response,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of partsOf(`block ${digest}`, response, signal)) {
    size += part.length;
    if (size > limit) throw oversized(digest, size, limit);
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function answerOf(path: string, response: Response): Promise<z.output<typeof blockSchema>> {
  const text = await textOf(response);
  if (!response.ok) {
    const full = /no space left|storagemax|quota/i.test(text);
    throw new StoreError(
      full ? 'full' : 'unreachable',
      `kubo ${path}: ${response.status} ${text.slice(0, 200)}`,
      full ? { mend: "Free some space on the node's disk, or raise its Datastore.StorageMax." } : {},
    );
  }
  const parsed = blockSchema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new StoreError('wrong', `kubo ${path}: the answer is no block (${text.slice(0, 200)})`);
  return parsed.data;
}

async function messageOf(response: Response): Promise<string> {
  const text = await textOf(response);
  const parsed = errorSchema.safeParse(jsonOf(text));
  return (parsed.success ? parsed.data.Message : text).slice(0, 200) || `status ${response.status}`;
}

/** The parts of an answer as they come. @throws StoreError `unreachable` where it breaks off. */
async function* partsOf(what: string, response: Response, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch (error) {
    signal?.throwIfAborted();
    throw new StoreError('unreachable', `${what}: the answer is cut short (${fetchReason(error)})`, {
      cause: error,
    });
  }
}

/** A short answer as text: the node could send any amount. */
async function textOf(response: Response): Promise<string> {
  const limit = 64 * 1024;
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of partsOf('kubo', response)) {
    text += decoder.decode(part, { stream: true });
    if (text.length > limit)
      throw new StoreError('oversized', `kubo: an answer of more than ${limit} characters`);
  }
  return text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason of a failed fetch: its cause, if it has one, says more than the error itself. */
const fetchReason = (error: unknown): string =>
  reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
