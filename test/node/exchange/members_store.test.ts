// The store between members: the suite of all stores, and what only a store between members can suffer.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeError } from '../../../node/errors.ts';
import { introductionProtocol } from '../../../node/exchange/introduction.ts';
import { pieceBytes } from '../../../node/exchange/pieces.ts';
import { contentServer } from '../../../node/exchange/serve.ts';
import {
  contentProtocol,
  decodeRequest,
  encodeTail,
  maxContentRequest,
} from '../../../node/exchange/wire.ts';
import { type Peer, signRegistration } from '../../../node/peer/index.ts';
import { cidOf, digestOf } from '../../../node/protocol/index.ts';
import { createFolderStore, type FolderStore } from '../../../node/store/index.ts';
import { domain } from '../peer/fixture.ts';
import { compliance } from '../store/compliance.ts';
import { connected, fresh, type Member, member, stopAll, until } from './fixture.ts';

type Serve = ReturnType<typeof contentServer>;

/** A member that answers requests for contents as it is told. */
async function oddMember(contact: Member, answer: (honest: Serve) => Serve): Promise<Member> {
  const odd = await member({ contacts: [contact.address()] });
  await connected(contact, odd);
  await odd.store.stop();
  // Its store is stopped, and its peer goes on by itself.
  await odd.blocks.start();
  odd.peer.serve(contentProtocol, { maxRequest: maxContentRequest, open: answer(contentServer(odd.blocks)) });
  odd.peer.serve(introductionProtocol, {
    maxRequest: 8192,
    open: async () => new TextEncoder().encode('[]'),
  });
  await odd.peer.start();
  await odd.peer.connect(contact.address());
  await connected(contact, odd);
  return odd;
}

compliance('a store between members, of what another member has', async () => {
  const asks = await member({ shunned: 0 });
  const lies = new Map<string, Uint8Array>();
  let fault: 'breaks' | 'stalls' | undefined;
  const has = await oddMember(asks, (honest) => async (bytes, caller, signal) => {
    const { digest, want } = decodeRequest(bytes);
    if (fault === 'stalls') await new Promise(() => {});
    if (fault === 'breaks' && want !== 'have') throw new Error('away');
    const lie = lies.get(digest);
    if (!lie || want === 'have') return honest(bytes, caller, signal);
    return encodeTail({ length: lie.length, state: new Uint8Array(32), bytes: lie });
  });
  const goesOn = async () => {
    fault = undefined;
  };
  return {
    // What is put lies with the other one, until it is fetched.
    store: {
      async start() {
        await asks.store.start();
        await has.peer.connect(asks.address());
        await connected(asks, has);
      },
      stop: () => asks.store.stop(),
      put: (bytes) => has.blocks.put(bytes),
      get: (digest, options) => asks.store.get(digest, options),
      has: (digest) => has.blocks.has(digest),
    },
    // Nobody can say how long a content is but with its last bytes: what is too long there is a lie as any other.
    lies: ['wrong', 'wrong', 'wrong'],
    async replace(digest, bytes) {
      lies.set(digest, bytes);
    },
    async breaks() {
      fault = 'breaks';
      return goesOn;
    },
    async stalls() {
      fault = 'stalls';
      return goesOn;
    },
    clean: stopAll,
  };
});

compliance('a store between members, of what a member has itself', async () => {
  const alone = await member();
  await connected(alone, await member({ contacts: [alone.address()] }));
  return {
    store: alone.store,
    replace: (digest, bytes) => writeFile(join(alone.folder, cidOf(digest).slice(-2), cidOf(digest)), bytes),
    clean: stopAll,
  };
});

describe('members', () => {
  afterEach(stopAll);

  it('get a content from whoever fetched it, after its author is gone', async () => {
    const author = await member();
    const second = await member({ contacts: [author.address()] });
    const content = fresh(3 * pieceBytes + 17);
    const digest = await author.store.put(content);
    await second.store.get(digest, { maxBytes: content.length });
    await author.store.stop();
    const late = await member({ contacts: [second.address()] });
    expect(Buffer.from(await late.store.get(digest, { maxBytes: content.length })).equals(content)).toBe(
      true,
    );
    expect(await late.store.has(digest)).toBe(true);
  });

  it('that only dial give and take all the same, through one that listens', async () => {
    const seed = await member();
    const [a, b] = [
      await member({ listens: false, contacts: [seed.address()] }),
      await member({ listens: false, contacts: [seed.address()] }),
    ];
    await Promise.all([connected(seed, a), connected(seed, b)]);
    const content = fresh(1000);
    const digest = await a.store.put(content);
    // The seed passes connections on: it has not the content itself.
    await connected(a, b);
    expect(await b.store.get(digest, { maxBytes: 1000 })).toEqual(content);
    expect(await seed.store.has(digest)).toBe(false);
    expect(await seed.store.get(digest, { maxBytes: 1000 })).toEqual(content);
  });

  it('hear of each other from one that both know, and connect', async () => {
    const seed = await member();
    const a = await member({ contacts: [seed.address()] });
    const b = await member({ contacts: [seed.address()] });
    await connected(a, b);
    await seed.store.stop();
    const digest = await a.store.put(fresh(10));
    expect((await b.store.get(digest, { maxBytes: 10 })).length).toBe(10);
  });

  it('keep their contents and their place over a restart', async () => {
    const seed = await member();
    const own = { seed: fresh(32), folder: `${seed.folder}-other`, contacts: [seed.address()] };
    const first = await member(own);
    await connected(seed, first);
    const digest = await first.store.put(fresh(10));
    await first.store.stop();
    await expect(seed.store.get(digest, { maxBytes: 10 })).rejects.toMatchObject({ name: 'StoreError' });
    const again = await member({ ...own, account: first.account });
    await connected(seed, again);
    expect((await seed.store.get(digest, { maxBytes: 10 })).length).toBe(10);
  });

  it('take no false piece, go on with another member, and ask for nothing twice that was verified', async () => {
    const asks = await member();
    const content = fresh(4 * pieceBytes);
    const digest = digestOf(content);
    const wanted: string[] = [];
    const countIn =
      (name: string, honest: Serve): Serve =>
      async (bytes, caller, signal) => {
        const request = decodeRequest(bytes);
        if (request.want !== 'have')
          wanted.push(`${name} ${request.want === 'piece' ? request.index : 'tail'}`);
        return honest(bytes, caller, signal);
      };
    const liar = await oddMember(asks, (honest) =>
      countIn('liar', async (bytes, caller, signal) => {
        const request = decodeRequest(bytes);
        const reply = await honest(bytes, caller, signal);
        if (request.want === 'piece' && request.index === 1) reply[100]! ^= 1;
        return reply;
      }),
    );
    await liar.blocks.put(content);
    const first = await asks.store.get(digest, { maxBytes: content.length }).catch((error: unknown) => error);
    expect(first).toMatchObject({ reason: 'wrong' });
    expect(await asks.store.has(digest)).toBe(false);
    const honest = await oddMember(asks, (serve) => countIn('honest', serve));
    await honest.blocks.put(content);
    expect(Buffer.from(await asks.store.get(digest, { maxBytes: content.length })).equals(content)).toBe(
      true,
    );
    expect(wanted).toEqual(['liar tail', 'liar 2', 'liar 1', 'honest 1', 'honest 0']);
  });

  it('learn a length with the last piece, and fetch no more of what is too long', async () => {
    const asks = await member();
    const asked: string[] = [];
    const has = await oddMember(asks, (honest) => async (bytes, caller, signal) => {
      asked.push(decodeRequest(bytes).want);
      return honest(bytes, caller, signal);
    });
    const digest = await has.blocks.put(fresh(5 * pieceBytes));
    await expect(asks.store.get(digest, { maxBytes: 5 * pieceBytes - 1 })).rejects.toMatchObject({
      reason: 'oversized',
    });
    expect(asked).toEqual(['have', 'tail']);
    // Nothing was kept of it, so whoever is ready to hold it begins at its end.
    expect((await asks.store.get(digest, { maxBytes: 5 * pieceBytes })).length).toBe(5 * pieceBytes);
    expect(asked.filter((want) => want === 'tail')).toHaveLength(2);
  });

  it('go on fetching for a caller that gave up, and tell how far they are', async () => {
    const progress: number[] = [];
    const asks = await member({ progress: (_, done, of) => progress.push(done / of) });
    const release = Promise.withResolvers<void>();
    const has = await oddMember(asks, (honest) => async (bytes, caller, signal) => {
      const request = decodeRequest(bytes);
      if (request.want === 'piece' && request.index === 0) await release.promise;
      return honest(bytes, caller, signal);
    });
    const digest = await has.blocks.put(fresh(2 * pieceBytes));
    const signal = AbortSignal.timeout(300);
    await expect(asks.store.get(digest, { maxBytes: 2 * pieceBytes, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    release.resolve();
    await until(() => asks.store.has(digest));
    expect(progress).toEqual([0.5, 1]);
  });

  it('have the use of what they fetched though their own disk is full, and say so once', async () => {
    const has = await member();
    const folder = `${has.folder}-full`;
    await mkdir(folder);
    const disk = createFolderStore(folder);
    const blocks: FolderStore = {
      ...disk,
      put: () => Promise.reject(new NodeError('store', 'no space is left there')),
    };
    const asks = await member({ contacts: [has.address()], blocks, folder });
    for (const size of [10, 11]) {
      const digest = await has.store.put(fresh(size));
      expect((await asks.store.get(digest, { maxBytes: 11 })).length).toBe(size);
    }
    expect(asks.told).toEqual(['cannot keep what it fetched: no space is left there']);
  });

  it('give away no block that their disk has damaged, and get it back from others', async () => {
    const a = await member();
    const b = await member({ contacts: [a.address()] });
    const content = fresh(2 * pieceBytes + 5);
    const digest = await a.store.put(content);
    await b.store.get(digest, { maxBytes: content.length });
    const file = join(a.folder, cidOf(digest).slice(-2), cidOf(digest));
    const damaged = content.slice();
    damaged[5]! ^= 1;
    await writeFile(file, damaged);
    const late = await member({ contacts: [a.address()] });
    await Promise.all([connected(a, late), connected(b, late)]);
    const reply = await late.store.get(digest, { maxBytes: content.length });
    // Its damage was no lie: it is asked on.
    const other = await a.blocks.put(fresh(10));
    expect((await late.store.get(other, { maxBytes: 10 })).length).toBe(10);
    expect(Buffer.from(reply).equals(content)).toBe(true);
    expect(Buffer.from(await a.store.get(digest, { maxBytes: content.length })).equals(content)).toBe(true);
    expect((await (await onDisk(a)).get(digest, { maxBytes: content.length })).length).toBe(content.length);
  });

  it('say once that a contact is not there, and once that it is back', async () => {
    const first = await member();
    const own = { seed: fresh(32), account: first.account };
    const contact = await member(own);
    const port = /\/tcp\/(\d+)/.exec(contact.address())![1]!;
    const address = contact.address();
    await contact.store.stop();
    const a = await member({ contacts: [address] });
    await until(() => a.told.length > 0);
    expect(a.told).toEqual([expect.stringContaining(`${address} is not reached`)]);
    const back = await member({ ...own, listen: `/ip4/127.0.0.1/tcp/${port}` });
    await until(() => a.told.length > 1);
    expect(a.told[1]).toBe(`${address} is there again`);
    expect(a.told).toHaveLength(2);
    await back.store.stop();
  });
});

describe('a stranger', () => {
  afterEach(stopAll);

  it('gets contents by their digest, at a pace that all strangers share, and is asked for none', async () => {
    const pace = { member: 1e9, strangers: 10_000 };
    const has = await member({ pace, mayJoin: (account) => account === has?.account.address });
    const [a, b] = [
      await member({ stranger: true, listens: false, contacts: [has.address()] }),
      await member({ stranger: true, listens: false, contacts: [has.address()] }),
    ];
    const digests = await Promise.all([1, 2, 3].map((more) => has.store.put(fresh(100_000 + more))));
    const began = performance.now();
    // Two go at once; the third, though another stranger asks, waits for ten seconds' worth of bytes.
    await a.store.get(digests[0]!, { maxBytes: 200_000 });
    const slow = b.store.get(digests[1]!, { maxBytes: 200_000, signal: AbortSignal.timeout(2000) });
    await expect(slow).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - began).toBeGreaterThan(1900);
    // What it has is not fetched from it by those who have not asked: nobody is told that it is there.
    expect(has.book.all().map(({ account }) => account)).toEqual([has.account.address]);
  });

  it('is not taken in by a registration that is forged, of another peer, or of an account without a place', async () => {
    const has = await member({ mayJoin: (account) => account === has?.account.address });
    const stranger = await member({ stranger: true, contacts: [has.address()] });
    await until(() => stranger.peer.connected().length > 0);
    const parts = { signer: stranger.account, key: stranger.peer.key, addresses: [] };
    const own = await signRegistration(domain, parts);
    const show = (registration: unknown, from: Peer = stranger.peer) =>
      from.ask(has.peer.id, {
        protocol: introductionProtocol,
        message: new TextEncoder().encode(JSON.stringify(registration)),
        maxReply: 10_000,
      });
    // It may not join; it is another's; its signature is not that of the account; it is none.
    await expect(show(own)).rejects.toThrow();
    await expect(show(has.book.all()[0])).rejects.toThrow();
    await expect(
      show({ ...own, account: has.account.address, sequence: own.sequence + 1 }),
    ).rejects.toThrow();
    await expect(show([])).rejects.toThrow();
    expect(has.book.accountOf(stranger.peer.id)).toBeUndefined();
  });

  it('finds a place though others hold all: the oldest one goes', async () => {
    const has = await member({ limits: { guests: 2 }, mayJoin: () => false });
    const strangers: Member[] = [];
    for (let i = 0; i < 3; i++) {
      const one = await member({ stranger: true, listens: false });
      await one.peer.connect(has.address());
      strangers.push(one);
    }
    const [oldest, ...others] = strangers.map(({ peer }) => peer);
    await until(() => oldest!.connected().length === 0);
    for (const other of others) expect(other.connected()).toHaveLength(1);
  });
});

/** What lies on a member's disk, without the others. */
async function onDisk({ folder }: Member): Promise<FolderStore> {
  const disk = createFolderStore(folder);
  await disk.start();
  return disk;
}
