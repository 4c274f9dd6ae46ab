// What leaves a process by each of its doors is in the site's log before it is out, and what is turned away there, too.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutgoingCall } from '../../../node/chain/index.ts';
import { NodeError } from '../../../node/errors.ts';
import { bucket } from '../../../node/peer/index.ts';
import { digestOf } from '../../../node/protocol/index.ts';
import { observing, tellRefusal } from '../../../node/roles/runtime/recorded.ts';
import {
  type EntryOf,
  openSiteLog,
  readSiteLog,
  recordedCalls,
  recordedJobs,
  recordedPeer,
  recordedStore,
  requestLimits,
  resolveContents,
  type SiteLog,
  unresolvedOf,
} from '../../../node/site/index.ts';
import { type ContentStore, StoreError } from '../../../node/store/index.ts';
import { federation, introduce, loner, type Member, stopAll } from '../peer/fixture.ts';
import { content, newFolder, settings } from './fixture.ts';

const members: Member[] = [];
afterEach(() => stopAll(members.splice(0)));

/** A log that cannot be written: nothing may leave. */
const full: Pick<SiteLog, 'leaving'> = {
  leaving: async () => {
    throw new NodeError('state', 'no space');
  },
};
const unwritable = (log: SiteLog): SiteLog => ({ ...log, leaving: full.leaving });

async function newLog() {
  const folder = newFolder();
  const log = await openSiteLog(settings(folder));
  const read = async () => (await readSiteLog(folder)).entries.map(({ entry }) => entry);
  const leaves = async () =>
    (await read()).filter((entry): entry is EntryOf<'leaves'> => entry.kind === 'leaves');
  const refused = async () => (await read()).flatMap((entry) => (entry.kind === 'refused' ? [entry] : []));
  return { folder, log, read, leaves, refused };
}

/** A store in memory that tells what was logged when something was put. */
function memory(logged: () => Promise<readonly unknown[]>) {
  const blocks = new Map<string, Uint8Array>();
  const before: number[] = [];
  const store: ContentStore = {
    start: async () => undefined,
    stop: async () => undefined,
    async put(bytes) {
      before.push((await logged()).length);
      blocks.set(digestOf(bytes), bytes);
      return digestOf(bytes);
    },
    async get(digest) {
      const bytes = blocks.get(digest);
      if (!bytes) throw new StoreError('missing', 'not here');
      return bytes;
    },
    has: async (digest) => blocks.has(digest),
  };
  return { store, before, blocks };
}

describe('a recorded store', () => {
  it('has written a content down before it takes it, once, and takes none that cannot be written', async () => {
    const { log, leaves } = await newLog();
    const { store, before, blocks } = memory(leaves);
    const bytes = randomBytes(40);
    const recorded = recordedStore(log, store);
    await recorded.put(bytes, 'proposal');
    await recorded.put(bytes, 'proposal');
    expect(before).toEqual([1, 1]);
    expect(await leaves()).toMatchObject([
      { place: 'store', what: 'proposal', bytes: 40, digest: digestOf(bytes), round: 3 },
    ]);
    await expect(recordedStore(unwritable(log), store).put(randomBytes(8))).rejects.toMatchObject({
      code: 'state',
    });
    expect(blocks.size).toBe(1);
    await log.close();
  });

  it('tells of contents that a killed process was about to put whether they are there', async () => {
    const { log, folder } = await newLog();
    const [there, not] = [randomBytes(9), randomBytes(9)];
    for (const bytes of [there, not]) await log.leaving({ ...content(0), digest: digestOf(bytes) });
    const { store } = memory(async () => []);
    await store.put(there);
    const { entries } = await readSiteLog(folder);
    const told: unknown[] = [];
    const unresolved = unresolvedOf(entries);
    await resolveContents({ ...log, unresolved, resolve: (n, fate) => void told.push([n, fate]) }, store);
    expect(told).toEqual([
      [unresolved[0]!.n, 'left'],
      [unresolved[1]!.n, 'unsure'],
    ]);
    await log.close();
  });
});

describe('a recorded peer', () => {
  const full = () => bucket(requestLimits.perSecond, requestLimits.burst);
  const echo = '/murmuration/test/echo/1';

  it('has written down messages and answers before they leave', async () => {
    const [a, b] = await federation(2);
    members.push(a!, b!);
    const [asker, answerer] = [await newLog(), await newLog()];
    const logged: number[] = [];
    const from = recordedPeer(asker.log, a!.peer, full);
    const to = recordedPeer(answerer.log, b!.peer, full);
    to.serve(echo, {
      maxRequest: 100,
      async handler(bytes) {
        logged.push((await asker.leaves()).length);
        return Buffer.concat([bytes, bytes]);
      },
    });
    const message = randomBytes(10);
    const request = { protocol: echo, message, maxReply: 100 };
    const reply = await from.request(b!.account.address, request);
    expect(logged).toEqual([1]);
    expect(await asker.leaves()).toMatchObject([
      { place: 'peer', what: `message of ${echo}`, to: b!.account.address, digest: digestOf(message) },
    ]);
    expect(await answerer.leaves()).toMatchObject([
      { place: 'peer', what: `answer of ${echo}`, to: a!.account.address, digest: digestOf(reply) },
    ]);
    await expect(
      recordedPeer(unwritable(asker.log), a!.peer, full).request(b!.account.address, request),
    ).rejects.toMatchObject({ code: 'state' });
    expect(logged).toEqual([1]);
    for (const { log } of [asker, answerer]) await log.close();
  });

  it('tells of strangers, and of members that are refused', async () => {
    const told: { from: string; what: string; why: string }[] = [];
    const [a, b] = await federation(2, {}, { refused: (refusal) => told.push(refusal) });
    members.push(a!, b!);
    b!.peer.serve(echo, { maxRequest: 5, handler: async (bytes) => bytes });
    const ask = (message: Uint8Array) =>
      a!.peer.request(b!.account.address, { protocol: echo, message, maxReply: 100 });
    await expect(ask(randomBytes(6))).rejects.toThrow();
    expect(told).toContainEqual({
      from: a!.account.address,
      what: echo,
      why: expect.stringContaining('6 bytes'),
    });
    const stranger = await loner();
    members.push(stranger);
    // The stranger knows the member, and not the other way round.
    await introduce(b!, [stranger]);
    const request = { protocol: echo, message: new Uint8Array(), maxReply: 1 };
    await expect(stranger.peer.request(b!.account.address, request)).rejects.toThrow();
    expect(told).toContainEqual({
      from: stranger.peer.id,
      what: 'a connection',
      why: 'it speaks for no member',
    });
  });
});

describe('recorded calls', () => {
  const call: OutgoingCall = {
    to: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    call: 'post',
    data: '0x01020304',
  };

  it('are written down when they are shown to the node, once, and when they are sent, each time', async () => {
    const { log, leaves, read } = await newLog();
    const outgoing = recordedCalls(log);
    await outgoing.shows(call);
    await outgoing.shows(call);
    const cleared = await outgoing.sends({ ...call, nonce: 5 });
    const entries = await leaves();
    const digest = digestOf(Uint8Array.of(1, 2, 3, 4));
    expect(entries).toMatchObject([
      { what: 'post, to be tried', bytes: 4, digest, nonce: null },
      { what: 'post', bytes: 36, digest, nonce: 5 },
    ]);
    cleared.mined(`0x${'ab'.repeat(32)}`);
    outgoing.keptBack(call, 'it would be recorded as invalid');
    await log.close();
    expect((await read()).at(-2)).toMatchObject({ kind: 'became' });
    const blocked = recordedCalls(unwritable(log));
    await expect(blocked.sends({ ...call, nonce: 6 })).rejects.toMatchObject({ code: 'state' });
    await expect(blocked.shows(call)).rejects.toMatchObject({ code: 'state' });
  });
});

describe('recorded jobs', () => {
  it('are written down with where they go', async () => {
    const { log, leaves } = await newLog();
    const body = randomBytes(20);
    const ended = await recordedJobs(log)({ circuit: 'update', to: 'https://prover.example', body });
    expect(await leaves()).toMatchObject([
      { place: 'prover', what: 'job of update, sealed', to: 'https://prover.example', bytes: 20 },
    ]);
    ended();
    await log.close();
  });
});

describe('what a role keeps back', () => {
  it('is in the log, with the reason; other faults are not', async () => {
    const { log, refused } = await newLog();
    const observe = observing(log, () => undefined);
    const account = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf';
    const chain = { account, journal: { rounds: [{ number: 4 }] } } as never;
    const error = new NodeError('sum', 'two sums show single updates', { keeps: 'decryption share' });
    tellRefusal({ chain, observe }, new NodeError('sum', 'the round failed', { cause: error }));
    tellRefusal({ chain, observe }, new NodeError('store', 'missing'));
    await log.close();
    expect(await refused()).toMatchObject([
      { what: 'decryption share', why: 'two sums show single updates' },
    ]);
  });
});
