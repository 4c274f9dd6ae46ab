// Addresses through the bulletin, on which anyone may write: strangers, members that announce what is
// nowhere, copies of what others announce.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Draft, emptyJournal, type Journal, type TaskChain } from '../../../node/chain/index.ts';
import {
  type AddressBook,
  createAddressBook,
  createPeer,
  peerKey,
  peerLimits,
} from '../../../node/peer/index.ts';
import { digestOf, topicOf } from '../../../node/protocol/index.ts';
import {
  createPeerDirectory,
  maxAddresses,
  memberOf,
  memberPeer,
  type PeerDirectory,
  toldOf,
} from '../../../node/roles/directory.ts';
import { peerBytes } from '../../../node/roles/key/keying.ts';
import type { RoleContext } from '../../../node/roles/runtime/context.ts';
import { type ContentStore, createFolderStore } from '../../../node/store/index.ts';

const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;
const [first, second, stranger] = [1, 2, 3].map((n) => privateKeyToAccount(`0x${String(n).repeat(64)}`));

let folder: string;
let store: ContentStore;
let journal: Draft<Journal>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  store = createFolderStore(folder);
  await store.start();
  journal = emptyJournal();
  const keys = new Map();
  for (const [index, { address }] of [first!, second!].entries())
    keys.set(address, { peer: peerBytes((await peerOf(index)).id), sealingKey: '0x00', keyShare: '0x00' });
  journal.epochs.set(1, { trainers: [], validators: [], keys, confirmed: new Map() });
});
afterEach(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

async function peerOf(index: number, port = 4000, addresses = 1) {
  const key = await peerKey(new Uint8Array(32).fill(index + 1));
  const directory = createAddressBook(domain, () => true);
  const peer = createPeer({ key, directory, listen: [], limits: peerLimits() });
  return {
    ...peer,
    addresses: () =>
      Array.from({ length: addresses }, (_, n) => `/ip4/127.0.0.1/tcp/${port + index + n}/p2p/${peer.id}`),
  };
}

const post = (account: { address: `0x${string}` }, digest: Hex) =>
  journal.announcements.push({ sender: account.address, topic: topicOf('peer', 0), digest, block: 1n });

/** A member's directory; what it says is pushed to `said`. */
async function open(
  index: number,
  port?: number,
  said: string[] = [],
  addresses?: number,
): Promise<PeerDirectory & { book: AddressBook }> {
  const signer = [first!, second!][index]!;
  const chain = {
    account: signer.address,
    journal,
    announce: async (_: string, __: number, digest: Hex) => post(signer, digest),
  } as unknown as TaskChain;
  const context = {
    name: 'trainer',
    chain,
    store,
    observe: (event: { type: string; text: string }) => said.push(event.text),
  } as unknown as RoleContext;
  const book = createAddressBook(domain, (account) => memberPeer(chain, account) !== undefined);
  return {
    book,
    ...createPeerDirectory(context, { book, peer: await peerOf(index, port, addresses), domain, signer }),
  };
}

const portOf = (book: AddressBook) =>
  book
    .locate(second!.address)
    ?.addresses.join()
    .match(/tcp\/(\d+)/)?.[1];

describe('a directory of peers', () => {
  it("knows the others' latest addresses, also after they started again", async () => {
    const mine = await open(0);
    await (await open(1)).refresh();
    await mine.refresh();
    expect(portOf(mine.book)).toBe('4001');
    await (await open(1, 5000)).refresh();
    await mine.refresh();
    expect(portOf(mine.book)).toBe('5001');
  });

  it('knows them also of a member whose clock was set back in between', async () => {
    const mine = await open(0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      await (await open(1)).refresh();
    } finally {
      vi.useRealTimers();
    }
    await mine.refresh();
    expect(portOf(mine.book)).toBe('4001');
    for (const port of [5000, 6000]) {
      await (await open(1, port)).refresh();
      await mine.refresh();
      expect(portOf(mine.book)).toBe(`${port + 1}`);
    }
  });

  it('finds a member whose announcement broke off on its way once', async () => {
    const mine = await open(0);
    await (await open(1)).refresh();
    const { get } = store;
    store.get = () => Promise.reject(new TypeError('terminated'));
    await mine.refresh();
    expect(portOf(mine.book)).toBeUndefined();
    store.get = get;
    await mine.refresh();
    expect(portOf(mine.book)).toBe('4001');
  });

  it('hears a member whose announcement a stranger has copied and posted before it', async () => {
    const mine = await open(0);
    await (await open(1)).refresh();
    const { digest } = journal.announcements.pop()!;
    post(stranger!, digest);
    await mine.refresh();
    expect(portOf(mine.book)).toBeUndefined();
    post(second!, digest);
    await mine.refresh();
    expect(portOf(mine.book)).toBe('4001');
  });

  it('passes over garbage once, and looks for one content of a member at a time, however much it announces', async () => {
    const said: string[] = [];
    const mine = await open(0, undefined, said);
    await mine.refresh();
    post(second!, await store.put(Uint8Array.of(1)));
    await mine.refresh();
    await mine.refresh();
    expect(said).toHaveLength(1);
    const gets: string[] = [];
    const { get } = store;
    store.get = (...args) => {
      gets.push(args[0]);
      return get(...args);
    };
    for (let n = 0; n < 100; n++) post(second!, digestOf(Uint8Array.of(n, 7)));
    await mine.refresh();
    await mine.refresh();
    expect(gets).toEqual(Array(2).fill(digestOf(Uint8Array.of(99, 7))));
  });

  it('announces its addresses once while they stay, no more than eight, and does not read them back', async () => {
    const mine = await open(0);
    const get = vi.spyOn(store, 'get');
    await mine.refresh();
    await mine.refresh();
    expect(journal.announcements).toHaveLength(1);
    expect(get).not.toHaveBeenCalled();
    expect(mine.book.locate(first!.address)?.addresses).toEqual(['/ip4/127.0.0.1/tcp/4000']);
    const many = await open(1, 4000, [], 10);
    await many.refresh();
    expect(many.book.locate(second!.address)?.addresses).toHaveLength(maxAddresses);
  });

  it('fetches nothing of a stranger, and takes no peer but the one that its member registered', async () => {
    const said: string[] = [];
    const mine = await open(0, undefined, said);
    await mine.refresh();
    const get = vi.spyOn(store, 'get');
    post(stranger!, digestOf(Uint8Array.of(1)));
    journal.announcements.push({
      ...{
        sender: second!.address,
        topic: topicOf('peer', 1),
        digest: digestOf(Uint8Array.of(2)),
        block: 1n,
      },
    });
    await mine.refresh();
    expect(get).not.toHaveBeenCalled();
    post(second!, journal.announcements[0]!.digest);
    await mine.refresh();
    expect(said).toEqual([
      expect.stringMatching(
        `^passes over the address of ${second!.address}: the registration is of peer .* is on chain`,
      ),
    ]);
  });
});

describe('who is who in a task', () => {
  it('follows from the keys of every epoch', async () => {
    const third = (await peerOf(2)).id;
    const keys = new Map([
      [stranger!.address, { peer: peerBytes(third), sealingKey: '0x00', keyShare: '0x00' }],
    ]);
    journal.epochs.set(2, { trainers: [], validators: [], keys, confirmed: new Map() } as never);
    const chain = { journal } as unknown as TaskChain;
    const ids = [(await peerOf(0)).id, (await peerOf(1)).id, third];
    const accounts = [first!, second!, stranger!].map(({ address }) => address);
    expect(ids.map((id) => memberOf(chain, id))).toEqual(accounts);
    expect(accounts.map((account) => memberPeer(chain, account))).toEqual(ids);
    journal.epochs.delete(2);
    expect([memberOf(chain, third), memberPeer(chain, stranger!.address)]).toEqual([undefined, undefined]);
  });

  it('and what became of reaching them is told in both directions', () => {
    const member = { kind: 'member', account: '0x1' } as const;
    const relay = { kind: 'relay', relay: '/ip4/1' } as const;
    const failure = 'no answer';
    expect(
      [member, { ...member, failure }, relay, { ...relay, failure }].map((news) => toldOf(news as never)),
    ).toEqual([
      'reaches 0x1 again',
      'does not reach 0x1: no answer; it is tried again',
      'is reached through the relay /ip4/1',
      'has no place at the relay /ip4/1: no answer; it is asked again',
    ]);
  });
});
