// The attack: where strangers are answered, one comes under ever other names, and says kilobytes of itself under each.
import { randomBytes } from 'node:crypto';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { expect, it } from 'vitest';
import { createHost } from '../../../node/peer/host.ts';
import { createAddressBook, peerKey, peerLimits } from '../../../node/peer/index.ts';
import { domain } from './fixture.ts';

const key = () => peerKey(randomBytes(32));

it('nothing of what strangers say of themselves is kept', async () => {
  const { libp2p } = await createHost({
    key: await key(),
    directory: createAddressBook(domain, () => false),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    relays: false,
    strangers: new Set(),
    guests: true,
    limits: peerLimits({ dialTimeout: 30_000 }),
  });
  await libp2p.start();
  const known = async (id: string) =>
    (await libp2p.peerStore.all()).some((peer) => peer.id.toString() === id);
  try {
    for (let count = 0; count < 3; count++) {
      const privateKey = await key();
      const id = peerIdFromPrivateKey(privateKey).toString();
      const identified = new Promise((done) =>
        libp2p.addEventListener('peer:identify', done, { once: true }),
      );
      const stranger = await createLibp2p({
        privateKey,
        nodeInfo: { userAgent: 'x'.repeat(4000) },
        transports: [tcp()],
        connectionEncrypters: [noise()],
        streamMuxers: [yamux()],
        connectionMonitor: { enabled: false },
        services: { identify: identify() },
      });
      await stranger.dial(libp2p.getMultiaddrs());
      await identified;
      await stranger.stop();
      await expect.poll(() => libp2p.getConnections().length).toBe(0);
      await expect.poll(() => known(id)).toBe(false);
    }
  } finally {
    await libp2p.stop();
  }
});
