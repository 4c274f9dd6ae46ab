// Members without a shared disk: each with an account, a peer on loopback and a folder of its own.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import { createMembersStore, type MembersStoreParts } from '../../../node/exchange/index.ts';
import {
  type AddressBook,
  createAddressBook,
  createPeer,
  type Peer,
  peerKey,
  peerLimits,
  signRegistration,
} from '../../../node/peer/index.ts';
import { type ContentStore, createFolderStore, type FolderStore } from '../../../node/store/index.ts';
import { domain } from '../peer/fixture.ts';

export interface Member {
  readonly account: LocalAccount;
  readonly peer: Peer;
  readonly book: AddressBook;
  readonly folder: string;
  readonly blocks: FolderStore;
  readonly store: ContentStore;
  /** What it said to its owner. */
  readonly told: string[];
  /** Its address, with the peer's id. */
  address(): string;
}

export interface MemberParts
  extends Partial<Pick<MembersStoreParts, 'blocks' | 'contacts' | 'pace' | 'progress' | 'shunned'>> {
  /** Whether it listens; it only dials otherwise. */
  readonly listens?: boolean;
  /** Where; a free port of this machine unless given. */
  readonly listen?: string;
  /** Whose word counts; everybody's unless given. */
  readonly mayJoin?: (account: string) => boolean;
  /** Without a registration it is a stranger. */
  readonly stranger?: boolean;
  readonly folder?: string;
  readonly seed?: Uint8Array;
  readonly account?: LocalAccount;
  readonly limits?: Parameters<typeof peerLimits>[0];
}

const made: Member[] = [];

/** A member, started. */
export async function member(parts: MemberParts = {}): Promise<Member> {
  const { listens = true, stranger = false, contacts = [], seed = randomBytes(32), limits = {} } = parts;
  const account = parts.account ?? privateKeyToAccount(generatePrivateKey());
  const book = createAddressBook(domain, parts.mayJoin ?? (() => true));
  const key = await peerKey(seed);
  const listen = listens ? [parts.listen ?? '/ip4/127.0.0.1/tcp/0'] : [];
  const peer = createPeer({ key, directory: book, listen, guests: true, limits: peerLimits(limits) });
  const folder = parts.folder ?? (await mkdtemp(join(tmpdir(), 'murmuration-exchange-')));
  const blocks = parts.blocks ?? createFolderStore(folder);
  const told: string[] = [];
  let registration: ReturnType<typeof signRegistration> | undefined;
  const store = createMembersStore({
    ...parts,
    peer,
    book,
    blocks,
    contacts,
    registration: stranger
      ? undefined
      : () =>
          (registration ??= signRegistration(domain, { signer: account, key, addresses: peer.addresses() })),
    tell: (text) => told.push(text),
  });
  await store.start();
  const one = { account, peer, book, folder, blocks, store, told, address: () => peer.addresses()[0]! };
  made.push(one);
  return one;
}

/** Stops all members that were made, and removes their folders. */
export async function stopAll(): Promise<void> {
  const members = made.splice(0);
  await Promise.all(members.map(({ store }) => store.stop()));
  await Promise.all(members.map(({ folder }) => rm(folder, { recursive: true, force: true })));
}

export const fresh = (size: number): Uint8Array => new Uint8Array(randomBytes(size));

/** Resolves once it is so. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Resolves once the members are connected to each other. */
export const connected = (a: Member, b: Member): Promise<void> =>
  until(() =>
    [a, b].every((one) => one.peer.connected().some(({ peer }) => peer === (one === a ? b : a).peer.id)),
  );
