// The kubo store: the suite against a real node where MURMURATION_KUBO names its RPC address; else against a
// server in this test that speaks block/put, block/get and block/stat as kubo's documentation has them (it is
// not kubo, and the names say so).
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cidOf, digestOf } from '../../../node/protocol/index.ts';
import { createKuboStore } from '../../../node/store/index.ts';
import { compliance } from './compliance.ts';

const real = process.env.MURMURATION_KUBO;

/**
 * Serves block/put, block/get and block/stat over HTTP; `blocks` is all it knows, and can be changed from
 * outside.
 */
async function standIn() {
  const blocks = new Map<string, Uint8Array>();
  const problems: string[] = [];
  let intercept: ((path: string, response: ServerResponse, request: IncomingMessage) => boolean) | undefined;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const call = url.pathname.replace('/api/v0/', '');
    const fail = (text: string) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Message: text, Code: 0, Type: 'error' }));
    };
    if (request.method !== 'POST') problems.push(`${request.method} ${request.url}`);
    const body = await new Response(request as never, { headers: request.headers as never }).bytes();
    if (intercept?.(call, response, request)) return;
    const arg = url.searchParams.get('arg') ?? '';
    if (call === 'block/put') {
      const form = await new Response(body, {
        headers: { 'content-type': request.headers['content-type']! },
      }).formData();
      const bytes = await (form.get('data') as File).bytes();
      if (url.searchParams.get('cid-codec') !== 'raw' || url.searchParams.get('mhtype') !== 'sha2-256')
        return fail('unexpected codec');
      if (bytes.length > 2 ** 20 && url.searchParams.get('allow-big-block') !== 'true')
        return fail(
          "produced block is over 1MiB: big blocks can't be exchanged with other peers. consider using UnixFS for automatic chunking of bigger files, or pass --allow-big-block to override",
        );
      const cid = cidOf(digestOf(bytes));
      blocks.set(cid, bytes);
      response.end(JSON.stringify({ Key: cid, Size: bytes.length }));
    } else if (call === 'block/get') {
      const bytes = blocks.get(arg);
      if (!bytes) return fail(`block was not found locally (offline): ipld: could not find ${arg}`);
      response.end(bytes);
    } else if (call === 'block/stat') {
      const bytes = blocks.get(arg);
      if (!bytes) return fail(`block was not found locally (offline): ipld: could not find ${arg}`);
      response.end(JSON.stringify({ Key: arg, Size: bytes.length }));
    } else fail('unknown command');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    blocks,
    problems,
    intercept: (handler: typeof intercept) => {
      intercept = handler;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (real)
  compliance(`a store behind the kubo node at ${real}`, async () => ({
    store: createKuboStore({ endpoint: real, timeout: 5000 }),
    clean: async () => {},
  }));
else
  compliance('a store behind a stand-in for kubo (no node: MURMURATION_KUBO is not set)', async () => {
    const server = await standIn();
    const until = (handler: (path: string, response: ServerResponse) => boolean) => {
      server.intercept(handler);
      return async () => server.intercept(undefined);
    };
    const refuse = (status: number, text: string) => async () =>
      until((_, response) => {
        response.writeHead(status);
        response.end(JSON.stringify({ Message: text }));
        return true;
      });
    return {
      store: createKuboStore({ endpoint: server.endpoint, timeout: 5000 }),
      replace: async (digest, bytes) => void server.blocks.set(cidOf(digest), bytes),
      breaks: async () =>
        until((_, response) => {
          response.writeHead(200, { 'content-length': '300000' });
          response.write(Buffer.alloc(1000), () => response.destroy());
          return true;
        }),
      stalls: async () => until(() => true),
      fills: refuse(500, 'write /data/ipfs/blocks/put-1: no space left on device'),
      closes: refuse(403, '403 - Forbidden'),
      async clean() {
        expect(server.problems).toEqual([]);
        await server.close();
      },
    };
  });

describe('a kubo endpoint that misbehaves (a stand-in)', () => {
  let server: Awaited<ReturnType<typeof standIn>>;
  const digest = digestOf(Uint8Array.of(1, 2, 3));

  async function store(timeout = 5000) {
    server = await standIn();
    const made = createKuboStore({ endpoint: server.endpoint, timeout });
    await made.start();
    return made;
  }

  afterEach(() => server.close());

  it('is read no further than the limit, however much it sends', async () => {
    const made = await store();
    let sent = 0;
    server.intercept((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
        sent += 65_536;
      };
      response.on('drain', more);
      response.on('error', () => {});
      more();
      return true;
    });
    await expect(made.get(digest, { maxBytes: 1000 })).rejects.toMatchObject({ reason: 'oversized' });
    expect(sent).toBeLessThan(64 * 2 ** 20);
    await expect(made.put(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ reason: 'oversized' });
  });

  it('that never answers is given up', async () => {
    const made = await store(100);
    server.intercept(() => true);
    await expect(made.get(digest, { maxBytes: 10 })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('that breaks off within a block is no block', async () => {
    const made = await store();
    server.intercept((_, response) => {
      response.writeHead(200, { 'content-length': '3' });
      response.write(Buffer.from([1]), () => response.destroy());
      return true;
    });
    await expect(made.get(digest, { maxBytes: 10 })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it.each([200, 500])('that breaks off within any answer of status %i has said nothing', async (status) => {
    const made = await store();
    server.intercept((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"Message":"blo', () => response.destroy());
      return true;
    });
    const reason = 'unreachable';
    await expect(made.put(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ name: 'StoreError', reason });
    await expect(made.has(digest)).rejects.toMatchObject({ name: 'StoreError', reason });
    await expect(made.get(digest, { maxBytes: 200 })).rejects.toMatchObject({ name: 'StoreError', reason });
  });

  it.each([
    'f01551220a8ac1f4b4b2cdb12a0e6a6f5a0b6d3f3c1e2a9f8b7c6d5e4f3a2b1c0d9e8f7a6',
    'BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU',
    'no address at all',
  ])('that names a block by %s is not understood, and nobody is blamed', async (Key) => {
    const made = await store();
    server.intercept((_, response) => {
      response.end(JSON.stringify({ Key, Size: 3 }));
      return true;
    });
    await expect(made.put(Uint8Array.of(1))).rejects.toMatchObject({ name: 'StoreError', reason: 'wrong' });
    await expect(made.has(digest)).rejects.toMatchObject({ name: 'StoreError', reason: 'wrong' });
  });

  it.each(['block was not found locally', 'ipld: could not find bafk'])(
    'that says "%s" has no block',
    async (text) => {
      const made = await store();
      server.intercept((_, response) => {
        response.writeHead(500);
        response.end(JSON.stringify({ Message: text }));
        return true;
      });
      expect(await made.has(digest)).toBe(false);
      await expect(made.get(digest, { maxBytes: 10 })).rejects.toMatchObject({ reason: 'missing' });
    },
  );

  it('behind a path and a password is called there with it, and the password is in no error', async () => {
    server = await standIn();
    const calls: unknown[] = [];
    server.intercept((_, response, request) => {
      calls.push([request.url?.split('?')[0], request.headers.authorization]);
      response.writeHead(500);
      response.end('{"Message":"no"}');
      return true;
    });
    const endpoint = server.endpoint.replace('http://', 'http://clinic:s%3Acret@');
    const made = createKuboStore({ endpoint: `${endpoint}/ipfs`, timeout: 5000 });
    await made.start();
    const failed = await made.put(Uint8Array.of(1)).catch((error: Error) => error);
    const basic = `Basic ${Buffer.from('clinic:s:cret').toString('base64')}`;
    expect(calls).toEqual([['/ipfs/api/v0/block/put', basic]]);
    expect(String(failed)).not.toMatch(/cret/);
    await made.stop();
  });

  it('that keeps something else than it was given is found out at once', async () => {
    const made = await store();
    server.intercept((_, response) => {
      response.end(JSON.stringify({ Key: cidOf(digest), Size: 3 }));
      return true;
    });
    await expect(made.put(Uint8Array.of(9))).rejects.toMatchObject({ reason: 'wrong' });
    server.intercept((_, response) => {
      response.end('{"Key":"QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG","Size":3}');
      return true;
    });
    await expect(made.put(Uint8Array.of(9))).rejects.toMatchObject({ reason: 'wrong' });
  });

  it('cannot send the store elsewhere', async () => {
    const made = await store();
    server.intercept((_, response) => {
      response.writeHead(307, { location: `${server.endpoint}/api/v0/other` });
      response.end();
      return true;
    });
    await expect(made.get(digest, { maxBytes: 10 })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('takes a block above 1 MiB only where the settings allow it', async () => {
    const made = await store();
    await expect(made.put(new Uint8Array(2 ** 20 + 1))).rejects.toMatchObject({ reason: 'oversized' });
    const big = createKuboStore({ endpoint: server.endpoint, maxBlock: 2 ** 21 });
    await big.start();
    await big.put(new Uint8Array(2 ** 20 + 1));
    await big.stop();
  });
});
