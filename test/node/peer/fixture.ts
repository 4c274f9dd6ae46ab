// Peers on loopback sockets, each with an account of its own, that know each other through signed
// registrations.
import { randomBytes } from 'node:crypto';
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import {
  type AddressBook,
  createAddressBook,
  createPeer,
  type Peer,
  type PeerSettings,
  peerKey,
  peerLimits,
  signRegistration,
} from '../../../node/peer/index.ts';
import type { SigningDomain } from '../../../node/protocol/index.ts';

export const domain: SigningDomain = {
  chainId: 31337,
  contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
};

export interface Member {
  account: LocalAccount;
  peer: Peer;
  book: AddressBook;
}

/** `count` started peers that all know each other. */
export async function federation(
  count: number,
  limits: Parameters<typeof peerLimits>[0] = {},
  settings: Parameters<typeof loner>[1] = {},
): Promise<Member[]> {
  const members = await Promise.all(Array.from({ length: count }, () => loner(limits, settings)));
  for (const member of members) await introduce(member, members);
  return members;
}

/** One started peer that knows nobody; it listens on a port of its own unless `settings` says otherwise. */
export async function loner(
  limits: Parameters<typeof peerLimits>[0] = {},
  settings: Partial<Omit<PeerSettings, 'limits' | 'directory'>> = {},
): Promise<Member> {
  const account = privateKeyToAccount(generatePrivateKey());
  const book = createAddressBook(domain, () => true);
  const key = await peerKey(randomBytes(32));
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const peer = createPeer({
    key,
    directory: book,
    listen,
    limits: peerLimits({ dialTimeout: 30_000, ...limits }),
    ...settings,
  });
  await peer.start();
  return { account, peer, book };
}

/** Makes `member` known to all of `others`, under the addresses given or its own. */
export async function introduce(
  member: Member,
  others: readonly Member[],
  addresses: readonly string[] = member.peer.addresses(),
): Promise<void> {
  const registration = await signRegistration(domain, {
    signer: member.account,
    key: member.peer.key,
    addresses,
  });
  for (const other of others) await other.book.add(registration);
}

export const stopAll = (members: readonly Member[]) => Promise.all(members.map(({ peer }) => peer.stop()));
