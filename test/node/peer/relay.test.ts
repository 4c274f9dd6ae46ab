// Members without an inbound port: they reach others and are reached, through members and through relays that are no
// members; strangers are not, and a relay sees nothing of what it passes on.
import { randomBytes } from 'node:crypto';
import { peerIdFromString } from '@libp2p/peer-id';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost } from '../../../node/peer/host.ts';
import { namedRelay, type PeerNews, peerKey, peerLimits } from '../../../node/peer/index.ts';
import { introduce, loner, type Member, stopAll } from './fixture.ts';

const echo = '/murmuration/test/echo/1';
const members: Member[] = [];
const ending: (() => Promise<void>)[] = [];

afterEach(async () => {
  await stopAll(members.splice(0));
  for (const end of ending.splice(0)) await end();
});

type Settings = Parameters<typeof loner>[1];

/** A started member that answers. */
async function member(settings: Settings = {}, limits: Parameters<typeof loner>[0] = {}): Promise<Member> {
  const made = await loner(limits, settings);
  made.peer.serve(echo, { maxRequest: 1 << 22, handler: async (bytes) => bytes });
  members.push(made);
  return made;
}

/** A member without an inbound port. */
const hidden = (settings: Settings = {}, limits = {}) => member({ listen: [], ...settings }, limits);

/** Makes everybody known to everybody. */
async function meet(all: readonly Member[]): Promise<void> {
  for (const each of all) await introduce(each, all);
}

async function ask(from: Member, to: Member, message: Uint8Array = randomBytes(300)): Promise<void> {
  const reply = await from.peer.request(to.account.address, { protocol: echo, message, maxReply: 1 << 22 });
  expect(Buffer.from(reply).equals(message)).toBe(true);
}

/** Asks until it is answered: places at relays are taken beside. */
const reaches = (from: Member, to: Member, message?: Uint8Array) =>
  expect.poll(() => ask(from, to, message).then(() => true, String)).toBe(true);

describe('a member without an inbound port', () => {
  it('is reached through a member that has one, by it and by others like itself', async () => {
    const [a, b, relay] = [await hidden(), await hidden(), await member()];
    expect(a.peer.addresses()).toEqual([]);
    await meet([a, b, relay]);
    await reaches(a, relay);
    await reaches(relay, b);
    // Larger than what relays pass on by default.
    await reaches(a, b, randomBytes(1 << 21));
    await ask(b, a);
  });

  it('is reached by nobody where nobody relays, and the line about it comes once until it is', async () => {
    const news: PeerNews[] = [];
    const a = await hidden({ onNews: (each) => news.push(each) }, { awayAfter: 1000 });
    const b = await hidden();
    await meet([a, b]);
    const fails = () => expect(ask(a, b)).rejects.toThrow('nobody passes connections on');
    await fails();
    await fails();
    // It may be about to come: nothing is said of a moment.
    expect(news).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (let i = 0; i < 3; i++) await fails();
    const relay = await member();
    await introduce(relay, [a, b]);
    await meet([a, b, relay]);
    await reaches(a, b);
    expect(news.filter((each) => each.kind === 'member')).toEqual([
      { kind: 'member', account: b.account.address, failure: expect.stringContaining('no address') },
      { kind: 'member', account: b.account.address, failure: undefined },
    ]);
  });

  it('goes on through another relay when one is gone, and comes back to it', async () => {
    const news: PeerNews[] = [];
    const [a, b] = [await hidden(), await hidden({ onNews: (each) => news.push(each) })];
    const relays = [await member(), await member()];
    await meet([a, b, ...relays]);
    const ofRelay = (relay: Member, failed: boolean) =>
      news.filter(
        (each) =>
          each.kind === 'relay' && each.relay === relay.peer.id && (each.failure !== undefined) === failed,
      ).length;
    for (const relay of relays) await expect.poll(() => ofRelay(relay, false)).toBe(1);
    for (const [i, gone] of relays.entries()) {
      const at = gone.peer.addresses()[0]!;
      await gone.peer.stop();
      await reaches(a, b);
      await reaches(b, a);
      await expect.poll(() => ofRelay(gone, true)).toBe(1);
      // Where it was: nothing is announced anew.
      const again = await loner({}, { key: gone.peer.key, listen: [at.split('/p2p/')[0]!] });
      members.push(again);
      for (const each of [a, b, ...relays]) await introduce(each, [again]);
      await expect.poll(() => ofRelay(gone, false)).toBe(2);
      expect(ofRelay(relays[1 - i]!, true)).toBe(i);
    }
  });

  it('is reached again after its connection had as many bytes as a relay passes on', async () => {
    const [a, b] = [await hidden(), await hidden()];
    const relay = await member({}, { relayedBytes: 300_000 });
    await meet([a, b, relay]);
    await reaches(a, b, randomBytes(100_000));
    await expect(ask(a, b, randomBytes(400_000))).rejects.toThrow();
    await reaches(a, b, randomBytes(100_000));
  });
});

describe('a relay that is no member', () => {
  /** A host of its own, that relays for those whom `knows` says. */
  async function stranger(knows: (peer: string) => boolean) {
    const { libp2p } = await createHost({
      key: await peerKey(randomBytes(32)),
      directory: {
        accountOf: (peer) => (knows(peer) ? `0x${'1'.repeat(40)}` : undefined),
        locate: () => undefined,
        relays: () => [],
        isRelay: () => false,
      },
      listen: ['/ip4/127.0.0.1/tcp/0'],
      relays: true,
      strangers: new Set(),
      guests: false,
      limits: peerLimits(),
    });
    await libp2p.start();
    ending.push(async () => libp2p.stop());
    return { libp2p, relay: namedRelay(libp2p.getMultiaddrs()[0]!.toString())! };
  }

  it('serves the members that name it and those that look for them, and sees noise alone', async () => {
    const { libp2p, relay } = await stranger(() => true);
    const b = await hidden({ relays: [relay] });
    expect(b.peer.addresses()).toEqual([`${relay.addresses[0]}/p2p/${relay.peer}/p2p-circuit`]);
    // The one that asks was told of no relay: the other one's address says it.
    const a = await hidden();
    await meet([a, b]);
    await reaches(a, b);
    const passed: Buffer[] = [];
    for (const stream of libp2p.getConnections().flatMap(({ streams }) => streams)) {
      const send = stream.send.bind(stream);
      stream.send = (data) => {
        passed.push(Buffer.from(data.subarray()));
        return send(data);
      };
    }
    const secret = randomBytes(50_000);
    await ask(a, b, secret);
    const seen = Buffer.concat(passed);
    // There and back.
    expect(seen.length).toBeGreaterThan(2 * secret.length);
    for (let at = 0; at + 16 < secret.length; at += 16)
      expect(seen.includes(secret.subarray(at, at + 16))).toBe(false);
    // It cannot speak for anybody: what it asks itself is refused.
    const there = libp2p.getConnections(peerIdFromString(b.peer.id))[0]!;
    const stream = await there.newStream(echo);
    await expect.poll(() => stream.status).toBe('reset');
  });

  it('has no place for a stranger, and passes nothing on to or from one', async () => {
    let known = new Set<string>();
    const { relay } = await stranger((peer) => known.has(peer));
    const news: PeerNews[] = [];
    const b = await hidden({ relays: [relay], onNews: (each) => news.push(each) });
    const a = await hidden();
    await meet([a, b]);
    await expect.poll(() => news.length).toBe(1);
    expect(news[0]).toMatchObject({ kind: 'relay', relay: relay.peer, failure: expect.any(String) });
    known = new Set([b.peer.id]);
    await expect.poll(() => news.length).toBe(2);
    await expect(ask(a, b)).rejects.toThrow();
    known.add(a.peer.id);
    await reaches(a, b);
  });
});

describe('websockets', () => {
  it('carry a member and its relaying as TCP does', async () => {
    const relay = await member({ listen: ['/ip4/127.0.0.1/tcp/0/ws'] });
    expect(relay.peer.addresses()[0]).toMatch(/\/ws\/p2p\//);
    const [a, b] = [await hidden(), await hidden()];
    await meet([a, b, relay]);
    await reaches(a, relay, randomBytes(1 << 20));
    await reaches(a, b, randomBytes(1 << 20));
  });
});

it('a member announces what it was told to in place of what it listens on', async () => {
  const announce = ['/dns4/clinic.example/tcp/4001'];
  const { peer } = await member({ announce });
  expect(peer.addresses()).toEqual(announce);
});
