// The trainers' ring behind a round: two members over TCP, one of which cannot find a ciphertext at first.
// What failed opens anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHe, type He } from '@murmuration/he';
import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedSubmission, RoundEntry, TaskChain } from '../../../../node/chain/index.ts';
import { addCiphertexts, sealChunks } from '../../../../node/cryptography/index.ts';
import {
  createAddressBook,
  createPeer,
  type Peer,
  peerKey,
  peerLimits,
  signRegistration,
} from '../../../../node/peer/index.ts';
import { probeSum, updateSum } from '../../../../node/protocol/index.ts';
import { createRingService, type RingService, type RingSession } from '../../../../node/ring/index.ts';
import { createSumRing } from '../../../../node/roles/round/sum_ring.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { type MadeGroup, makeGroup } from '../../../he/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sum-ring-'));
const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;
const signers = [1, 2].map((n) => privateKeyToAccount(`0x${String(n).repeat(64)}`));
const stores: ContentStore[] = [];
const peers: Peer[] = [];
const services: RingService[] = [];
let he: He;
let made: MadeGroup;

beforeAll(async () => {
  he = await createHe('tiny');
  made = makeGroup(he, 2, 2);
  const books = signers.map(() => createAddressBook(domain, () => true));
  for (const [index, book] of books.entries()) {
    const key = await peerKey(new Uint8Array(32).fill(index + 1));
    const peer = createPeer({ key, directory: book, listen: ['/ip4/127.0.0.1/tcp/0'], limits: peerLimits() });
    await peer.start();
    peers.push(peer);
    const service = createRingService(peer);
    service.start();
    services.push(service);
    const store = createFolderStore(join(folder, String(index)));
    await store.start();
    stores.push(store);
  }
  for (const [index, peer] of peers.entries()) {
    const addresses = peer.addresses().map((address) => address.replace(/\/p2p\/[^/]+$/, ''));
    const registration = await signRegistration(domain, {
      signer: signers[index]!,
      key: peer.key,
      addresses,
    });
    for (const book of books) await book.add(registration);
  }
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await Promise.all(peers.map((peer) => peer.stop()));
  await Promise.all(stores.map((store) => store.stop()));
  rmSync(folder, { recursive: true });
});

/** What a ring asks of its task's chain. */
const chain = {
  chainId: domain.chainId,
  rounds: domain.contract,
  task: 1n,
  terms: async () => ({ aggregateDuration: 1200 }),
} as unknown as TaskChain;

/** A round whose updates of both members are in the first one's store. */
async function makeRound(number: number) {
  const { chainId, contract } = domain;
  const binding = { subject: 'update', chainId, contract, task: 1n, round: number } as const;
  const coordinates = Int32Array.from({ length: presets.tiny.coordinatesPerChunk }, (_, j) => (j % 50) - 25);
  const contents = signers.map(
    ({ address }) =>
      sealChunks(
        { he, group: made.group },
        { binding: { ...binding, sender: address }, chunks: [coordinates] },
      )[0]!.content,
  );
  const accepted: AcceptedSubmission[] = [];
  for (const [index, content] of contents.entries()) {
    const digest: Hex = await stores[0]!.put(content);
    accepted.push({
      sender: signers[index]!.address,
      sum: updateSum,
      weight: index + 1,
      commitments: [],
      digests: [digest],
    });
  }
  const entry = {
    number,
    submitted: { update: accepted, probe: accepted.map((each) => ({ ...each, sum: probeSum(0) })) },
  } as unknown as RoundEntry;
  return { binding, contents, accepted, entry };
}

/** A member's ring, and the sessions that it opens. */
const makeRing = (index: number, opened: RingSession[] = [], of = chain) =>
  createSumRing({
    service: {
      ...services[index]!,
      open(settings) {
        const session = services[index]!.open(settings);
        opened.push(session);
        return session;
      },
    },
    signer: signers[index]!,
    chain: of,
    store: stores[index]!,
    he,
    chunks: 1,
    tell: () => undefined,
  });

const { signal } = new AbortController();
const ofRound = (entry: RoundEntry) => ({ group: made.group, entry, sum: updateSum });

describe('a round in the ring', () => {
  it('opens anew after content was missing, and gives the same sum to whoever asks again', async () => {
    const { binding, contents, accepted, entry } = await makeRound(1);
    const rings = [makeRing(0), makeRing(1)];
    const sum = (index: number) => rings[index]!.sum(ofRound(entry), signal);
    try {
      // Of the second member's store nothing is there: neither its own addend nor the other's.
      const first = sum(0);
      await expect(sum(1)).rejects.toThrow(/addend \d of .*not in/);
      await expect(sum(1)).rejects.toThrow(/addend \d of .*not in/);
      for (const content of contents) await stores[1]!.put(content);
      const second = sum(1);
      expect(sum(1)).toBe(second);
      const expected = await addCiphertexts(
        { he, group: made.group, store: stores[0]! },
        { binding, accepted, chunks: 1 },
      );
      expect(await first).toEqual(expected);
      expect(await second).toEqual(expected);
      for (const ring of rings) expect(ring.chains(entry, updateSum).length).toBeGreaterThan(0);
    } finally {
      await Promise.all(rings.map((ring) => ring.stop()));
    }
  });

  it('is closed by the next round, and by its member’s end: neither leaves a session behind', async () => {
    const [earlier, later] = [await makeRound(2), await makeRound(3)];
    const sessions: RingSession[] = [];
    const ring = makeRing(0, sessions);
    const closed = (sum: Promise<unknown>) => expect(sum).rejects.toThrow('the ring was closed');
    const open = (count: number) => expect.poll(() => sessions.length).toBe(count);
    // The other member opens no ring: each of these waits for it.
    const first = ring.sum(ofRound(earlier.entry), signal);
    await open(1);
    const second = ring.sum(ofRound(later.entry), signal);
    await closed(first);
    await open(2);
    expect(ring.chains(earlier.entry, updateSum)).toEqual([]);
    // The round's other sums have rings beside it.
    let isClosed = false;
    void second.catch(() => {
      isClosed = true;
    });
    const beside = ring.sum({ ...ofRound(later.entry), sum: probeSum(0) }, signal);
    await open(3);
    expect(isClosed).toBe(false);
    await Promise.all([closed(second), closed(beside), ring.stop()]);
    const again = ring.sum(ofRound(later.entry), signal);
    await open(4);
    await Promise.all([closed(again), ring.stop()]);
  });

  it('is not opened after the next round or its member’s end, where the chain answers late', async () => {
    const [earlier, later] = [await makeRound(4), await makeRound(5)];
    const sessions: RingSession[] = [];
    const answers: (() => void)[] = [];
    const terms = () => new Promise((resolve) => answers.push(() => resolve({ aggregateDuration: 1200 })));
    const ring = makeRing(0, sessions, { ...chain, terms } as TaskChain);
    const closed = (sum: Promise<unknown>) => expect(sum).rejects.toThrow('the ring was closed');
    const asked = (count: number) => expect.poll(() => answers.length).toBe(count);
    const first = closed(ring.sum(ofRound(earlier.entry), signal));
    await asked(1);
    const second = closed(ring.sum(ofRound(later.entry), signal));
    await asked(2);
    answers[0]!();
    await first;
    await ring.stop();
    answers[1]!();
    await second;
    expect(sessions).toEqual([]);
  });
});
