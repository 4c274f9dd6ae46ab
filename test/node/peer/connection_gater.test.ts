// The connection gater: strangers stay out in both directions, and a member has its few connections and no
// more.
import { noise } from '@libp2p/noise';
import { peerIdFromString } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionGater } from '../../../node/peer/connection_gater.ts';
import { federation, introduce, type Member, stopAll } from './fixture.ts';

const members: Member[] = [];
afterEach(async () => {
  await stopAll(members.splice(0));
});

describe('a connection gater', () => {
  const peer = peerIdFromString('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp');
  const relay = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5');
  const gaterOf = (known: boolean, connections: number) =>
    connectionGater({
      directory: {
        accountOf: () => (known ? `0x${'1'.repeat(40)}` : undefined),
        locate: () => undefined,
        relays: () => [],
        isRelay: (id) => id === relay.toString(),
      },
      strangers: new Set(),
      guests: false,
      connectionsPerPeer: 3,
      connectionsOf: () => connections,
    });
  const denies = (known: boolean, connections: number) =>
    gaterOf(known, connections).denyInboundEncryptedConnection!(peer, undefined as never);

  it('lets a member in until it has as many connections as it may have', () => {
    expect([0, 1, 2, 3, 4].map((connections) => denies(true, connections))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('lets no stranger in, and dials none', async () => {
    expect(denies(false, 0)).toBe(true);
    for (const known of [false, true]) {
      const { denyDialPeer, denyOutboundEncryptedConnection } = gaterOf(known, 0);
      expect(await denyDialPeer!(peer)).toBe(!known);
      expect(await denyOutboundEncryptedConnection!(peer, undefined as never)).toBe(!known);
    }
  });

  it('dials a relay that is named, which does not come in', async () => {
    const gater = gaterOf(false, 0);
    expect(await gater.denyDialPeer!(relay)).toBe(false);
    expect(await gater.denyOutboundEncryptedConnection!(relay, undefined as never)).toBe(false);
    expect(gater.denyInboundEncryptedConnection!(relay, undefined as never)).toBe(true);
  });

  it('gives places to members alone, and passes on what members send members through relays', async () => {
    for (const known of [false, true]) {
      const gater = gaterOf(known, 0);
      expect(await gater.denyInboundRelayReservation!(peer)).toBe(!known);
      expect(await gater.denyOutboundRelayedConnection!(peer, peer)).toBe(!known);
      expect(await gater.denyInboundRelayedConnection!(relay, peer)).toBe(!known);
      // From a peer that nobody named as a relay.
      expect(await gater.denyInboundRelayedConnection!(peer, peer)).toBe(true);
    }
  });
});

it('a member that dials again and again keeps as many connections as it may have', async () => {
  const limit = 2;
  const [a, b] = await federation(2, { connectionsPerPeer: limit });
  members.push(a!, b!);
  await introduce(a!, [b!]);
  // A host of the member's own making, which keeps to no limit.
  const host = await createLibp2p({
    privateKey: a!.peer.key,
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
  });
  try {
    const address = multiaddr(b!.peer.addresses()[0]!);
    for (let count = 0; count < limit + 2; count++) {
      const dialled = host.dial(address, { force: true }).then(
        (connection) => connection.newStream('/nothing').catch(() => undefined),
        () => undefined,
      );
      await dialled;
    }
    await expect
      .poll(() => host.getConnections().filter(({ status }) => status === 'open').length)
      .toBe(limit);
  } finally {
    await host.stop();
  }
});
