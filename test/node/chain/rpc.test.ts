// The transport over providers that limit, fail, stall and answer garbage; several of them; and what is shown of
// their addresses.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { bulletinAbi } from '@murmuration/contracts';
import { type Client, createClient, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ChainAway,
  connect,
  createClient as createChainClient,
  onSilence,
  type RpcLimits,
  rpcTransport,
  shownRpc,
} from '../../../node/chain/index.ts';
import { describeError } from '../../../node/cli/output/fault.ts';
import { prospectOf } from '../../../node/errors.ts';
import { openSite, person, type Site } from './fixture.ts';
import { type Fault, first, openProvider, type Provider } from './provider.ts';

let site: Site;
const proxies: Provider[] = [];
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => {
  for (const proxy of proxies) proxy.stop();
  return site?.anvil.stop();
});

async function provider(
  ...manner: Parameters<typeof openProvider> extends [string, ...infer Rest] ? Rest : never
) {
  const proxy = await openProvider(site.anvil.url, ...manner);
  proxies.push(proxy);
  return proxy;
}

const clientOf = (setting: string, limits?: RpcLimits): Client =>
  createClient({ transport: rpcTransport(setting, limits) });
const chainId = (client: Client) => client.request({ method: 'eth_chainId' } as never) as Promise<string>;
const right = '0x7a69';

describe('a provider that fails for a moment is asked again', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['429 as an error of JSON-RPC', { error: { code: 429, message: 'Too Many Requests' } }],
    [
      'a limit of requests with a code of its own',
      { error: { code: -32007, message: '25/second request limit reached' } },
    ],
    ['an error of its own', { error: { code: -32603, message: 'Internal error' } }],
    ['a page for people', { status: 200, text: '<html>maintenance</html>' }],
    ['JSON that is no JSON-RPC', { status: 200, text: '{"ok":true}' }],
    ['half of an answer', 'breaks off'],
  ];
  it.each(faults)('%s', async (_, fault) => {
    const { url, counts } = await provider(first(2, 'eth_chainId', fault));
    expect(await chainId(clientOf(url))).toBe(right);
    expect(counts.get('eth_chainId')).toBe(3);
  });

  it('nothing at all, within its patience', async () => {
    const { url } = await provider(first(1, 'eth_chainId', 'stalls'));
    expect(await chainId(clientOf(url, { patience: 200 }))).toBe(right);
  });

  it('when it asks to be, and not before', async () => {
    const asked = performance.now();
    const { url } = await provider(first(1, 'eth_chainId', { status: 429, headers: { 'retry-after': '1' } }));
    expect(await chainId(clientOf(url))).toBe(right);
    expect(performance.now() - asked).toBeGreaterThan(990);
  });

  it('a few times, and then it is away, which passes', async () => {
    const { url, counts } = await provider(() => ({ status: 503 }));
    const away = await chainId(clientOf(url)).catch((error: unknown) => error);
    expect(prospectOf(away)).toBe('passing');
    expect(describeError(away)).toBe(
      `${url} does not answer (HTTP 503). Start the node (for development: \`anvil\`), or set another --rpc.`,
    );
    expect(counts.get('eth_chainId')).toBe(4);
  });
});

describe('a provider that takes questions and never answers', () => {
  it('is told before the last try, and the tries stay as they are', async () => {
    const { url, counts } = await provider(() => 'stalls');
    const silences: ChainAway[] = [];
    const limits = { patience: 100, tries: 3, onSilence: (error: ChainAway) => silences.push(error) };
    const asked = counts.get('eth_chainId') ?? 0;
    await expect(chainId(clientOf(url, limits))).rejects.toThrow('nothing after 0.1 s');
    expect(counts.get('eth_chainId')).toBe(asked + 3);
    expect(silences.map(({ message }) => message)).toEqual(
      Array(2).fill(`${url} does not answer (nothing after 0.1 s)`),
    );
  });

  it('is not told where it refuses at once, nor where another one answers', async () => {
    const silences: ChainAway[] = [];
    const limits = { patience: 2000, tries: 2, onSilence: (error: ChainAway) => silences.push(error) };
    const refusing = await provider(() => ({ status: 503 }));
    await expect(chainId(clientOf(refusing.url, limits))).rejects.toThrow('HTTP 503');
    const [stalling, answering] = [await provider(() => 'stalls'), await provider()];
    expect(await chainId(clientOf(`${stalling.url},${answering.url}`, { ...limits, patience: 100 }))).toBe(
      right,
    );
    expect(silences).toEqual([]);
  });

  it('is heard by whoever listens to a client of it, and no longer than they do', async () => {
    const { url } = await provider(() => 'stalls');
    const client = createChainClient({ url }, { patience: 100, tries: 2 });
    const heard: unknown[] = [];
    const deaf = onSilence(client, (error) => heard.push(error));
    await expect(client.getChainId()).rejects.toThrow();
    expect(heard).toEqual([expect.any(ChainAway)]);
    deaf();
    await expect(client.getChainId()).rejects.toThrow();
    expect(heard).toHaveLength(1);
  });
});

describe('an error that a provider answers with is an answer: it is not asked again', () => {
  it.each([
    [-32000, 'header not found'],
    // As anvil and others tell a call that fails, under the code of errors of their own.
    [-32603, 'EVM error OutOfGas'],
    [-32603, 'out of gas'],
    [-32603, 'execution reverted'],
    [-32603, 'invalid opcode: opcode 0xfe not defined'],
  ])('%i, %s', async (code, message) => {
    const { url, counts } = await provider(() => ({ error: { code, message } }));
    await expect(chainId(clientOf(url))).rejects.toThrow(message);
    expect(counts.get('eth_chainId')).toBe(1);
  });
});

describe('of several providers', () => {
  it.each([
    ['is away', 'http://127.0.0.1:1'],
    ['fails', undefined],
  ])('the next is asked where one %s, and first from then on', async (_, gone) => {
    const failing = await provider(() => ({ status: 500 }));
    const working = await provider();
    const client = clientOf(`${gone ?? failing.url}, ${working.url}`);
    for (let turn = 0; turn < 3; turn++) expect(await chainId(client)).toBe(right);
    expect(working.counts.get('eth_chainId')).toBe(3);
    if (!gone) expect(failing.counts.get('eth_chainId')).toBe(1);
  });

  it('all are named where none answers', async () => {
    const failing = await provider(() => ({ status: 500 }));
    const client = clientOf(`http://127.0.0.1:1,${failing.url}`, { tries: 2 });
    const away = await chainId(client).catch((error: unknown) => error);
    expect(describeError(away)).toMatch(
      new RegExp(`^http://127.0.0.1:1 does not answer .*; ${failing.url} does not answer \\(HTTP 500\\)`),
    );
  });
});

describe('questions of one moment', () => {
  const three = (client: Client) =>
    Promise.all(
      ['0x0', '0x1', '0x2'].map(
        (block) =>
          client.request({ method: 'eth_getBlockByNumber', params: [block, false] } as never) as Promise<{
            number: string;
          }>,
      ),
    );

  it('go in one exchange', async () => {
    let exchanges = new Set<unknown>();
    const { url } = await provider((_, __, request) => {
      exchanges = exchanges.add(request);
      return undefined;
    });
    expect((await three(clientOf(url))).map(({ number }) => number)).toEqual(['0x0', '0x1', '0x2']);
    expect(exchanges.size).toBe(1);
  });

  it.each<readonly [string, Fault]>([
    [
      'an error',
      { status: 200, text: '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}' },
    ],
    ['a status', { status: 400 }],
  ])('go one by one to a provider that refuses several with %s', async (_, fault) => {
    const seen = new Map<unknown, number>();
    const { url } = await provider(async (_asked, _next, request) => {
      seen.set(request, (seen.get(request) ?? 0) + 1);
      // The first exchange is the one with all three.
      return seen.size === 1 ? fault : undefined;
    });
    expect((await three(clientOf(url))).map(({ number }) => number)).toEqual(['0x0', '0x1', '0x2']);
    expect(seen.size).toBe(4);
  });
});

describe('what is secret in an address', () => {
  const secret = (port: number) => `http://ada:hunter2@127.0.0.1:${port}/v3/abcdef0123?apikey=sesame`;
  const told = /hunter2|abcdef0123|sesame|ada:|YWRhOmh1bnRlcjI/;

  it('reaches the provider', async () => {
    let got: unknown[] = [];
    const { port } = await provider((_, __, { url, headers }) => {
      got = [url, headers.authorization];
      return undefined;
    });
    expect(await chainId(clientOf(secret(port)))).toBe(right);
    expect(got).toEqual(['/v3/abcdef0123?apikey=sesame', `Basic ${btoa('ada:hunter2')}`]);
  });

  it.each<readonly [string, Fault | undefined]>([
    ['an error of its server', { status: 500, text: 'http://ada:hunter2@x/v3/abcdef0123' }],
    ['a refusal', { error: { code: -32000, message: 'no' } }],
    ['nothing', undefined],
  ])('is told by no error, with %s as the answer', async (_, fault) => {
    const { port } = await provider(() => fault);
    const client = clientOf(secret(fault ? port : 1), { tries: 1 });
    const error = await chainId(client).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    for (let at = error; at instanceof Error; at = at.cause) {
      expect(at.message).not.toMatch(told);
      expect(JSON.stringify(at)).not.toMatch(told);
      expect(String(at.stack)).not.toMatch(told);
    }
    expect(describeError(error)).not.toMatch(told);
  });

  it('is told by nothing that names a chain', async () => {
    const { port } = await provider();
    expect(shownRpc(`${secret(port)}, https://b.example/key`)).toBe(
      `http://127.0.0.1:${port}, https://b.example`,
    );
    const { account } = await person(site, 3);
    const other = await connect({ url: secret(port), deployment: { chainId: 1 } }, account).catch(String);
    expect(other).toMatch(/^NodeError: http:\/\/127\.0\.0\.1:\d+ serves chain 31337/);
    expect(other).not.toMatch(told);
  });
});

it('ChainAway says whether a smaller question may be answered', () => {
  const away = (overtaxed: boolean) => new ChainAway([{ name: 'a', reason: 'b', overtaxed }]).overtaxed;
  expect([away(true), away(false)]).toEqual([true, false]);
});

describe('a connection that is kept', () => {
  it('and that the node has closed meanwhile is opened anew, without another try', async () => {
    const used = new Map<Socket, number>();
    const server = createServer((request, response) => {
      const times = (used.get(request.socket) ?? 0) + 1;
      used.set(request.socket, times);
      if (times > 1) request.socket.destroy();
      else response.end(JSON.stringify({ jsonrpc: '2.0', id: times, result: right }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const client = clientOf(`http://127.0.0.1:${port}`, { tries: 1 });
      for (let times = 0; times < 3; times++) expect(await chainId(client)).toBe(right);
      expect(used.size).toBe(3);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('and that breaks off in the middle of a packed answer is asked again', async () => {
    let times = 0;
    const packed = gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result: right }));
    const server = createServer((request, response) => {
      times += 1;
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      if (times > 1) response.end(packed);
      else response.write(packed.subarray(0, packed.length >> 1), () => request.socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const asked = performance.now();
      expect(await chainId(clientOf(`http://127.0.0.1:${port}`, { patience: 60_000 }))).toBe(right);
      expect(times).toBe(2);
      // At once, not when the time for an answer is over.
      expect(performance.now() - asked).toBeLessThan(50_000);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('serves question after question', async () => {
    const sockets = new Set<Socket>();
    const { url } = await provider((_, __, { socket }) => {
      sockets.add(socket);
      return undefined;
    });
    const client = clientOf(url);
    for (let times = 0; times < 5; times++) await chainId(client);
    expect(sockets.size).toBe(1);
  });
});

describe('a node that lies', () => {
  /** The attack: who has taken a node's name has questions, which show what an account is about, sent anywhere. */
  it('about where it is gets nobody to go there', async () => {
    const elsewhere = await provider();
    const { url } = await provider(() => ({ status: 307, headers: { location: elsewhere.url } }));
    await expect(chainId(clientOf(url, { tries: 1 }))).rejects.toThrow(/HTTP 307/);
    expect(elsewhere.counts.size).toBe(0);
  });

  /** The attack: a few kilobytes that unpack to a thousand times as many, and so on up to all memory. */
  it('about the size of its answer takes no memory for it', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 21, 0x20), { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 12);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { url } = await provider(() => ({ status: 200, headers, text: bomb }));
    const failure = await chainId(clientOf(url, { tries: 1, mostBytes: 2 ** 20 })).catch(
      (error: unknown) => error,
    );
    expect(describeError(failure)).toMatch(/its answer has more than 1048576 bytes/);
  });

  /** The attack: the node proposes a tip of all that the account has, and whoever makes the block gets it. */
  it('about the tip gets no more than a bounded one', async () => {
    const ada = await person(site, 31);
    const balance = await site.client.getBalance({ address: ada.account.address });
    const { url } = await provider(({ method }) =>
      method === 'eth_maxPriorityFeePerGas'
        ? { result: `0x${(balance / 200_000n).toString(16)}` }
        : undefined,
    );
    const { sender } = await connect({ url, deployment: site.deployment }, ada.account);
    const { transactionHash: hash } = await sender.send({
      address: site.deployment.bulletin,
      abi: bulletinAbi,
      functionName: 'post',
      args: [1n, zeroHash, zeroHash],
    });
    const { maxPriorityFeePerGas } = await site.client.getTransaction({ hash });
    expect(maxPriorityFeePerGas).toBe(100_000_000_000n);
    const left = await site.client.getBalance({ address: ada.account.address });
    expect(balance - left).toBeLessThan(balance / 1000n);
  });
});
