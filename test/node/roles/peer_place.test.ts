// A peer before its member has a role: it shows everybody who connects a registration of where it is, signed once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPeerPlace, type PeerPlace } from '../../../node/roles/peer_place.ts';
import { openSiteLog, readSiteLog, type SiteLog } from '../../../node/site/index.ts';

const signer = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const chain = { chainId: 31337, rounds: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;
const folder = mkdtempSync(join(tmpdir(), 'peer-place-'));

let log: SiteLog;
let place: PeerPlace;
beforeAll(async () => {
  log = await openSiteLog({
    folder,
    account: signer.address,
    chainId: chain.chainId,
    marketplace: chain.rounds,
    sent: 0,
    software: 'test',
    round: () => 0,
  });
  place = await createPeerPlace({
    chain,
    secretBox: { seed: () => new Uint8Array(32).fill(7) },
    signer,
    reachability: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    guests: false,
    mayJoin: () => true,
    onNews: () => undefined,
    log,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('is registered anew where its addresses changed, and only then; each registration is written down before', async () => {
  await place.peer.start();
  const first = await place.registration();
  expect(await place.registration()).toBe(first);
  expect(first).toMatchObject({
    peer: place.peer.id,
    addresses: [expect.stringMatching(/^\/ip4\/127.0.0.1\/tcp\//)],
  });
  await place.peer.stop();
  // The clock was set back meanwhile: a registration of an earlier sequence would be passed over.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  await place.peer.start();
  const second = await place.registration();
  vi.useRealTimers();
  expect(second.addresses).not.toEqual(first.addresses);
  expect(second.sequence).toBeGreaterThan(first.sequence);
  await place.peer.stop();
  await log.close();
  const { entries } = await readSiteLog(folder);
  expect(entries.filter(({ entry }) => entry.kind === 'leaves')).toHaveLength(2);
});
