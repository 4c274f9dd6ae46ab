// The attack: a member sends a message byte by byte. Nothing of it is too large or too often, and each byte would cost the
// one who waits for the rest a hundred.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, expect, it } from 'vitest';
import { federation, introduce, type Member, stopAll } from './fixture.ts';

const slow = '/murmuration/test/slow/1';
const members: Member[] = [];
afterEach(async () => {
  await stopAll(members.splice(0));
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use, of objects and of their buffers. */
function inUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it('a message that comes in many parts takes no more memory than its bytes', async () => {
  const parts = 50_000;
  const [a, b] = await federation(2, { transferTimeout: 300_000 });
  members.push(a!, b!);
  await introduce(a!, [b!]);
  b!.peer.serve(slow, { maxRequest: 2 * parts, handler: async () => new Uint8Array() });
  // A host of the member's own making.
  const host = await createLibp2p({
    privateKey: a!.peer.key,
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
  });
  try {
    const connection = await host.dial(multiaddr(b!.peer.addresses()[0]!));
    const stream = await connection.newStream(slow);
    stream.send(Uint8Array.of(0, 1, 0x60, 0));
    const signal = AbortSignal.timeout(300_000);
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent++) {
        if (!stream.send(Uint8Array.of(7))) await stream.onDrain({ signal });
        // So that each is a frame of its own.
        if (sent % 100 === 0) await new Promise((done) => setImmediate(done));
      }
      // The connection keeps the order: once another stream is agreed upon, all parts are there.
      (await connection.newStream(slow, { signal, negotiateFully: true })).abort(new Error('agreed upon'));
    };
    await send(1000);
    const before = inUse();
    await send(parts);
    // Buffers of the sender's go a little later.
    await expect.poll(() => inUse() - before, { timeout: 60_000 }).toBeLessThan(20 * parts);
    expect(stream.status).toBe('open');
    stream.abort(new Error('enough'));
  } finally {
    await host.stop();
  }
});
