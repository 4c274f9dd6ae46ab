// The chain as providers serve it: nodes that limit, lag, leave out, and know neither pending blocks nor EIP-1559;
// receipts that are late, nonces that are taken, transactions that stick. What is read is whole, and what is sent is
// sent once.
import { bulletinAbi } from '@murmuration/contracts';
import { createWalletClient, type Hex, http, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ContractsGone,
  connect,
  createActions,
  createChainReader,
  createClient,
  createTaskChain,
  type Sender,
  type TaskChain,
} from '../../../node/chain/index.ts';
import { prospectOf } from '../../../node/errors.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token, topicOf } from '../../../node/protocol/index.ts';
import { applyForSeat } from '../../../node/roles/index.ts';
import { loop } from '../../../node/roles/runtime/loop.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';
import { type Fault, first, type Manner, openProvider, type Provider } from './provider.ts';

let site: Site;
let ada: Person;
let ben: Person;
let task: bigint;
const providers: Provider[] = [];
const filled = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
let posted = 0;

beforeAll(async () => {
  site = await openSite();
  const planner = await person(site, 10);
  const members = await Promise.all([11, 12, 13, 14].map((index) => person(site, index)));
  [ada, ben] = members as [Person, Person];
  task = await planner.actions.post(smallTask);
  for (const [index, { actions, account }] of members.entries()) {
    const role = index < 2 ? 'trainer' : 'validator';
    const secretBox = createSecretBox(new Uint8Array(32).fill(index + 1));
    const member = {
      actions,
      signer: account,
      deployment: site.deployment,
      secretBox,
      places: openPlaces,
    };
    await applyForSeat(member, { task, role, stake: 40n * token });
  }
  await readAt(site.anvil.url, planner.sender).advance();
});
afterAll(() => {
  for (const provider of providers) provider.stop();
  return site?.anvil.stop();
});

async function provider(manner?: Manner): Promise<Provider> {
  const opened = await openProvider(site.anvil.url, manner);
  providers.push(opened);
  return opened;
}

/** The task over a provider. */
function readAt(url: string, sender = ada.sender, window = 2000): TaskChain {
  const { deployment } = site;
  const client = createClient({
    url,
    deployment,
    settings: { gasHeadroom: 30, receiptTimeout: 1000, pollingInterval: 20 },
  });
  const reader = createChainReader({ client, deployment, follow: { confirmations: 0, window } });
  return createTaskChain({ reader, sender, task, onTransaction: () => undefined });
}

/** A sender over a provider. */
async function sendAt(url: string, receiptTimeout = 10_000): Promise<Sender> {
  const settings = { gasHeadroom: 30, receiptTimeout, pollingInterval: 20 };
  return (await connect({ url, deployment: site.deployment, settings }, ada.account)).sender;
}

/** Announces something new as the second member. */
async function announce(): Promise<Hex> {
  posted += 1;
  const digest = filled(posted);
  await readAt(site.anvil.url, ben.sender).announce('peer', 0, digest);
  return digest;
}

const digestsIn = ({ journal }: TaskChain) =>
  journal.announcements.filter(({ topic }) => topic === topicOf('peer', 0)).map(({ digest }) => digest);

const postsIn = ({ journal }: TaskChain) =>
  journal.posted.get(`${topicOf('peer', 0)}/${ben.account.address}`) ?? 0;

const call = () =>
  ({
    address: site.deployment.bulletin,
    abi: bulletinAbi,
    functionName: 'post',
    args: [1n, zeroHash, zeroHash],
  }) as const;

const nonceOf = () => site.client.getTransactionCount({ address: ada.account.address });

/** The journal that is read there holds what was announced, and the terms are the task's. */
async function expectWhole(url: string, digest: string): Promise<void> {
  const chain = readAt(url);
  await chain.refresh();
  expect(digestsIn(chain)).toContain(digest);
  const { client } = await connect({ url, deployment: site.deployment }, ada.account);
  const { posting } = createActions({ client, sender: ada.sender, deployment: site.deployment });
  expect(await posting(task)).toEqual(await ada.actions.posting(task));
}

describe('a journal over a provider', () => {
  it.each<readonly [string, Fault]>([
    ['-32005', { error: { code: -32005, message: 'query returned more than 10000 results' } }],
    ['-32602', { error: { code: -32602, message: 'block range too large' } }],
    ['-32600', { error: { code: -32600, message: 'eth_getLogs is limited to a 10 block range' } }],
    ['-32603', { error: { code: -32603, message: 'Internal error' } }],
    ['HTTP 400', { status: 400 }],
    ['HTTP 413', { status: 413 }],
    ['a page for people', { status: 200, text: '<html>' }],
  ])('that limits windows to 10 blocks with %s is whole, and so are the terms', async (_, fault) => {
    const digest = await announce();
    await site.rpc('anvil_mine', '0x30');
    const { url } = await provider(({ method, params: [query] }) => {
      const blocks = Number(query?.toBlock) - Number(query?.fromBlock) + 1;
      return method === 'eth_getLogs' &&
        (query.toBlock === undefined ? false : !(blocks <= 10)) &&
        !query.blockHash
        ? fault
        : undefined;
    });
    await expectWhole(url, digest);
  });

  it('that keeps no old state begins at the block of the deployment', async () => {
    const digest = await announce();
    await site.rpc('anvil_mine', '0x30');
    const { url } = await provider(({ method, params: [, block] }) =>
      method === 'eth_call' && typeof block === 'string' && block.startsWith('0x')
        ? { error: { code: -32000, message: 'missing trie node' } }
        : undefined,
    );
    await expectWhole(url, digest);
  });

  it('whose nodes lag behind the one that tells the head misses nothing', async () => {
    const { url } = await provider();
    const chain = readAt(url);
    await chain.refresh();
    const behind = await site.client.getBlockNumber({ cacheTime: 0 });
    const digest = await announce();
    const { hash } = await site.client.getBlock();
    let lags = true;
    providers.at(-1)!.manner = ({ method, params: [query] }) => {
      if (method !== 'eth_getLogs' || !lags) return undefined;
      // What geth answers: nothing of a range that it does not have, and an error of a block that it does not know.
      if (query.blockHash === undefined) return { result: [] };
      return query.blockHash === hash ? { error: { code: -32000, message: 'unknown block' } } : undefined;
    };
    await expect(chain.refresh()).rejects.toThrow(/unknown block/);
    expect(chain.height).toBe(behind + 1n);
    lags = false;
    await chain.refresh();
    expect(digestsIn(chain)).toContain(digest);
  });

  it('whose head goes back and forth, as that of several nodes does, is the one of the highest', async () => {
    const { url } = await provider();
    const chain = readAt(url);
    await chain.refresh();
    const old = await site.rpc('eth_getBlockByNumber', 'latest', false);
    const digest = await announce();
    await chain.refresh();
    const { journal, height } = chain;
    providers.at(-1)!.manner = first(1, 'eth_getBlockByNumber', { result: old });
    await chain.refresh();
    expect(chain.journal).toBe(journal);
    expect(chain.height).toBe(height);
    expect(digestsIn(chain)).toContain(digest);
  });

  it.each<readonly [string, Fault]>([
    ['401', { status: 401 }],
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['null', { result: null }],
    ['an error', { error: { code: -32000, message: 'header not found' } }],
    ['half of an answer', 'breaks off'],
  ])('keeps what it has where a request fails: %s is no reorganisation', async (_, fault) => {
    const { url } = await provider();
    const chain = readAt(url);
    await chain.refresh();
    const { journal, height } = chain;
    const known = postsIn(chain);
    await announce();
    const digest = await announce();
    let failing = true;
    providers.at(-1)!.manner = ({ method, params: [block] }) =>
      failing && method === 'eth_getBlockByNumber' && block !== 'latest' ? fault : undefined;
    const failure = await chain.refresh().catch((error: unknown) => error);
    expect(String(failure)).not.toMatch(/reorganisation/);
    expect(prospectOf(failure)).not.toBe('final');
    expect(chain.journal).toBe(journal);
    expect(chain.height).toBe(height);
    failing = false;
    await chain.refresh();
    expect(chain.journal).toBe(journal);
    expect(postsIn(chain)).toBe(known + 2);
    expect(digestsIn(chain)).toContain(digest);
  });

  it('takes nothing of blocks that do not link up: the answers are of two histories', async () => {
    const { url } = await provider();
    const chain = readAt(url);
    await chain.refresh();
    const { height } = chain;
    await announce();
    const digest = await announce();
    let elsewhere = true;
    providers.at(-1)!.manner = async ({ method, params: [block] }, next) => {
      if (!elsewhere || method !== 'eth_getBlockByNumber' || block === 'latest') return undefined;
      if (BigInt(block) < height) return undefined;
      // A block of another branch, at the height that is asked for.
      return { result: { ...((await next()) as object), parentHash: filled(0xee), hash: filled(0xef) } };
    };
    await chain.refresh();
    expect(chain.height).toBe(height);
    elsewhere = false;
    await chain.refresh();
    expect(digestsIn(chain)).toContain(digest);
  });

  it('gives no view of another block than the one that was looked at', async () => {
    const { url } = await provider();
    const chain = readAt(url);
    const asked: unknown[] = [];
    providers.at(-1)!.manner = ({ method, params: [, block] }) => {
      if (method === 'eth_call') asked.push(block);
      return undefined;
    };
    await chain.state();
    const { hash } = await site.client.getBlock();
    expect(asked).toEqual([{ blockHash: hash }]);
  });
});

describe('a sender over a provider', () => {
  it('that knows no pending block sends all the same', async () => {
    const { url } = await provider(({ params }) =>
      params.includes('pending')
        ? { error: { code: -32602, message: 'pending block is not supported' } }
        : undefined,
    );
    const sender = await sendAt(url);
    expect((await sender.send(call())).status).toBe('success');
    const now = await readAt(url).time();
    expect(Math.abs(Number(now) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('without EIP-1559 pays the price of gas', async () => {
    const { url } = await provider(async ({ method }, next) => {
      if (method === 'eth_maxPriorityFeePerGas')
        return { error: { code: -32601, message: 'no such method' } };
      if (method !== 'eth_getBlockByNumber') return undefined;
      const { baseFeePerGas: _, ...block } = (await next()) as Record<string, unknown>;
      return { result: block };
    });
    const { transactionHash: hash } = await (await sendAt(url)).send(call());
    expect((await site.client.getTransaction({ hash })).type).toBe('legacy');
  });

  it('that proposes no tip gives the one that its price leaves', async () => {
    const { url } = await provider(({ method }) =>
      method === 'eth_maxPriorityFeePerGas'
        ? { error: { code: -32601, message: 'no such method' } }
        : undefined,
    );
    const { transactionHash: hash } = await (await sendAt(url)).send(call());
    expect((await site.client.getTransaction({ hash })).type).toBe('eip1559');
  });

  it('that has the receipt late waits for it, and sends nothing twice', async () => {
    const before = await nonceOf();
    const { url, counts } = await provider(first(4, 'eth_getTransactionReceipt', { result: null }));
    expect((await (await sendAt(url)).send(call())).status).toBe('success');
    expect(await nonceOf()).toBe(before + 1);
    expect(counts.get('eth_sendRawTransaction')).toBe(1);
  });

  it('that had the transaction already is content', async () => {
    const { url } = await provider(async ({ method }, next) => {
      if (method !== 'eth_sendRawTransaction') return undefined;
      await next();
      return { error: { code: -32000, message: 'already known' } };
    });
    expect((await (await sendAt(url)).send(call())).status).toBe('success');
  });

  it('whose nonce another process takes sends with the next one', async () => {
    const wallet = createWalletClient({ account: ada.account, transport: http(site.anvil.url) });
    let taken = false;
    const { url } = await provider(async ({ method }) => {
      if (method !== 'eth_sendRawTransaction' || taken) return undefined;
      taken = true;
      await wallet.sendTransaction({ to: ada.account.address, chain: null });
      return { error: { code: -32000, message: 'nonce too low' } };
    });
    const before = await nonceOf();
    expect((await (await sendAt(url)).send(call())).status).toBe('success');
    expect(await nonceOf()).toBe(before + 2);
  });

  it('notices another transaction with its nonce, also when the node has taken both', async () => {
    const wallet = createWalletClient({ account: ada.account, transport: http(site.anvil.url) });
    let swallowed = 0;
    const { url } = await provider(async ({ method }) => {
      if (method !== 'eth_sendRawTransaction' || swallowed > 0) return undefined;
      swallowed++;
      await wallet.sendTransaction({ to: ada.account.address, chain: null });
      return { result: filled(0xaa) };
    });
    const before = await nonceOf();
    expect((await (await sendAt(url)).send(call())).status).toBe('success');
    expect(await nonceOf()).toBe(before + 2);
  });

  it('raises the fee of a transaction that sticks, and no second one is mined', async () => {
    const before = await nonceOf();
    await site.rpc('evm_setAutomine', false);
    const hashes: Hex[] = [];
    const { url } = await provider(async ({ method }, next) => {
      if (method !== 'eth_sendRawTransaction') return undefined;
      hashes.push((await next()) as Hex);
      // The third fee is enough.
      if (hashes.length === 3) await site.rpc('evm_mine');
      return { result: hashes.at(-1) };
    });
    const receipt = await (await sendAt(url, 2000)).send(call());
    await site.rpc('evm_setAutomine', true);
    expect(receipt.transactionHash).toBe(hashes[2]);
    expect(new Set(hashes).size).toBe(3);
    expect(await nonceOf()).toBe(before + 1);
  });

  it('raises it a few times, and says then what sticks', async () => {
    await site.rpc('evm_setAutomine', false);
    const offered: bigint[] = [];
    const { url, counts } = await provider(async ({ method }, next) => {
      if (method !== 'eth_sendRawTransaction') return undefined;
      const hash = (await next()) as Hex;
      offered.push((await site.client.getTransaction({ hash })).maxFeePerGas!);
      return { result: hash };
    });
    const stuck = await (await sendAt(url, 600)).send(call()).catch((error: unknown) => error);
    expect(String(stuck)).toMatch(/is not mined after 600 ms/);
    expect(prospectOf(stuck)).toBe('passing');
    expect(counts.get('eth_sendRawTransaction')).toBe(4);
    expect(Number(offered.at(-1)) / Number(offered[0])).toBeLessThan(2);
    expect(offered).toEqual([...offered].sort((a, b) => Number(a - b)));
    await site.rpc('evm_mine');
    await site.rpc('evm_setAutomine', true);
  });

  it('that fails by itself does not speak for the contract', async () => {
    const { url } = await provider(({ method, params: [of] }) =>
      method === 'eth_estimateGas' || (method === 'eth_call' && of?.from)
        ? { error: { code: -32603, message: 'Internal error' } }
        : undefined,
    );
    const failure = await (await sendAt(url)).send(call()).catch((error: unknown) => error);
    expect(failure).not.toMatchObject({ code: 'reverted' });
    expect(prospectOf(failure)).toBe('passing');
  });
});

describe('a chain that has lost its contracts', () => {
  it('is told from one that is away: it never comes back, and the loop that works on it ends', async () => {
    const { url } = await provider(({ method }) =>
      method === 'eth_call' || method === 'eth_getCode' ? { result: '0x' } : undefined,
    );
    const chain = readAt(url);
    const gone = await chain.state().catch((error: unknown) => error);
    expect(gone).toBeInstanceOf(ContractsGone);
    expect(prospectOf(gone)).toBe('final');
    const final = Promise.withResolvers<unknown>();
    const told: unknown[] = [];
    const working = loop(async () => void (await chain.state()), {
      interval: 5,
      onError: (error) => told.push(error),
      onFinal: final.resolve,
    });
    await working.start();
    expect(await final.promise).toBeInstanceOf(ContractsGone);
    expect(told).toEqual([]);
    await working.stop();
  });

  it('is not one whose answer is empty for once', async () => {
    const { url } = await provider(first(1, 'eth_call', { result: '0x' }));
    const failure = await readAt(url)
      .state()
      .catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(ContractsGone);
    expect(prospectOf(failure)).not.toBe('final');
  });
});
