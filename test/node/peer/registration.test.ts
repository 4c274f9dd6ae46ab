// The binding of a peer to an account: what is signed cannot be changed, moved, taken over or brought back.
import { randomBytes } from 'node:crypto';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkRegistration,
  createAddressBook,
  peerKey,
  peerLimits,
  type Registration,
  relayOf,
  signRegistration,
} from '../../../node/peer/index.ts';
import { bucket } from '../../../node/peer/rate.ts';
import { domain } from './fixture.ts';

const alice = privateKeyToAccount(generatePrivateKey());
const mallory = privateKeyToAccount(generatePrivateKey());
const relay = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5';
const throughRelay = `${relay}/p2p-circuit`;
const addresses = ['/ip4/127.0.0.1/tcp/4001', '/ip4/10.0.0.1/tcp/80/ws', throughRelay];
let alicesKey: Awaited<ReturnType<typeof peerKey>>;
let mallorysKey: typeof alicesKey;
let alices: Registration;

beforeAll(async () => {
  alicesKey = await peerKey(randomBytes(32));
  mallorysKey = await peerKey(randomBytes(32));
  alices = await signRegistration(domain, { signer: alice, key: alicesKey, addresses, sequence: 5 });
});

describe('a registration', () => {
  it('is what both keys signed', async () => {
    expect(await checkRegistration(domain, JSON.parse(JSON.stringify(alices)))).toEqual(alices);
  });

  it('cannot be altered in any field, nor used at another signing domain', async () => {
    const mallorys = await signRegistration(domain, {
      signer: mallory,
      key: mallorysKey,
      addresses,
      sequence: 5,
    });
    const altered: object[] = [
      { ...alices, account: mallory.address },
      { ...alices, peer: mallorys.peer },
      { ...alices, addresses: ['/ip4/127.0.0.1/tcp/4002'] },
      { ...alices, addresses: [] },
      { ...alices, sequence: 6 },
      { ...alices, signature: mallorys.signature },
      { ...alices, peerSignature: mallorys.peerSignature },
    ];
    for (const each of altered) await expect(checkRegistration(domain, each)).rejects.toThrow('registration');
    await expect(checkRegistration({ ...domain, chainId: 1 }, alices)).rejects.toThrow('registration');
  });

  it('of another form is refused by name, as a forged one is', async () => {
    for (const each of [null, [], { ...alices, sequence: '5' }, { ...alices, more: 1 }])
      await expect(checkRegistration(domain, each)).rejects.toMatchObject({
        code: 'peer',
        message: expect.stringContaining('registration: '),
      });
  });

  it("claims no peer whose key did not sign: an account cannot take over another one's peer", async () => {
    // Mallory signs, with its own account, that Alice's peer is Mallory's; Alice's peer never signed that.
    const forger = {
      ...mallorysKey,
      publicKey: alicesKey.publicKey,
      sign: mallorysKey.sign.bind(mallorysKey),
    };
    const claim = await signRegistration(domain, { signer: mallory, key: forger as never, addresses });
    expect(claim.peer).toBe(alices.peer);
    await expect(checkRegistration(domain, claim)).rejects.toThrow('did not sign');
  });

  it.each([
    ['/ip4/127.0.0.1/tcp/4001/p2p-circuit', 'a relay without an id'],
    [`${throughRelay}${throughRelay}`, 'two relays, one behind the other'],
    [`${throughRelay}/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp`, 'another peer behind it'],
    ['/ip4/127.0.0.1/udp/4001/quic-v1', 'another transport'],
    ['/unix/tmp/socket', 'a socket on disk'],
    ['/ip4/1.2.3.4/tcp/99999', 'no port'],
    ['x'.repeat(300), 'too long'],
  ])('does not lead to %s: %s', async (address) => {
    await expect(checkRegistration(domain, { ...alices, addresses: [address] })).rejects.toThrow();
    await expect(checkRegistration(domain, { ...alices, extra: 1 })).rejects.toThrow();
  });
});

describe('an address book', () => {
  it('keeps the newest registration of a member, and forgets the peer that it replaces', async () => {
    const book = createAddressBook(domain, () => true);
    expect(await book.add(alices)).toBe(true);
    expect(await book.add(alices)).toBe(false);
    expect(book.accountOf(alices.peer)).toBe(alice.address);
    const moved = await signRegistration(domain, { signer: alice, key: mallorysKey, addresses, sequence: 6 });
    expect(await book.add(moved)).toBe(true);
    expect(book.accountOf(alices.peer)).toBeUndefined();
    expect(book.accountOf(moved.peer)).toBe(alice.address);
    // An old registration, replayed, changes nothing.
    expect(await book.add(alices)).toBe(false);
    expect(book.locate(alice.address)?.peer).toBe(moved.peer);
    expect(book.all()).toHaveLength(1);
  });

  it('takes the addresses of a relay from nobody but the relay', async () => {
    const book = createAddressBook(domain, () => true);
    await book.add(alices);
    // Mallory says that it is reached through Alice, at a place of its own: all others would look for her there.
    const through = `/ip4/10.66.0.1/tcp/1/p2p/${alices.peer}/p2p-circuit`;
    const parts = { signer: mallory, key: mallorysKey, addresses: [through] };
    const claim = await signRegistration(domain, parts);
    await book.add(claim);
    expect(book.relays()).toEqual([{ peer: alices.peer, addresses: addresses.slice(0, 2) }]);
    expect(book.isRelay(claim.peer)).toBe(false);
    // One that is no member is a relay by a member's word, and is dialled for that member alone.
    const { peer } = relayOf(throughRelay)!;
    expect(book.isRelay(peer)).toBe(true);
    book.remove(alice.address);
    expect(book.isRelay(peer)).toBe(false);
  });

  it('keeps no strangers, no more than its capacity, and no peer of two accounts', async () => {
    const book = createAddressBook(domain, (account) => account !== mallory.address, 1);
    const mallorys = await signRegistration(domain, { signer: mallory, key: mallorysKey, addresses });
    await expect(book.add(mallorys)).rejects.toThrow('no member');
    await book.add(alices);
    const carol = privateKeyToAccount(generatePrivateKey());
    await expect(
      book.add(await signRegistration(domain, { signer: carol, key: alicesKey, addresses })),
    ).rejects.toThrow('already speaks');
    const carols = await signRegistration(domain, {
      signer: carol,
      key: await peerKey(randomBytes(32)),
      addresses,
    });
    await expect(book.add(carols)).rejects.toThrow('full');
    book.remove(alice.address);
    expect(book.accountOf(alices.peer)).toBeUndefined();
    expect(await book.add(carols)).toBe(true);
  });
});

describe('limits', () => {
  it('are positive integers', () => {
    expect(peerLimits({ streams: 8 })).toMatchObject({ streams: 8, connections: 256 });
    for (const streams of [0, -1, 1.5, 5000]) expect(() => peerLimits({ streams })).toThrow();
    expect(() => peerLimits({ stream: 1 } as never)).toThrow();
  });

  it('of a rate come back with time, never beyond the burst', () => {
    let now = 0;
    const tokens = bucket(10, 20, () => now);
    expect(tokens.take(20)).toBe(true);
    expect(tokens.take(1)).toBe(false);
    now = 500;
    expect(tokens.take(6)).toBe(false);
    expect(tokens.take(5)).toBe(true);
    now = 1e9;
    expect(tokens.take(21)).toBe(false);
    expect(tokens.take(20)).toBe(true);
  });
});
