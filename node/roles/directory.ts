// The directory: where the members' peers listen, announced through the content store and the bulletin. A
// member that starts again announces its new addresses under a higher sequence, and the others take them
// instead of the old ones.
import { reasonOf } from '@murmuration/core';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import type { TaskChain } from '../chain/index.ts';
import { isSomethingElse } from '../cryptography/index.ts';
import { NodeError } from '../errors.ts';
import {
  type AddressBook,
  type Peer,
  type PeerNews,
  type Registration,
  signRegistration,
  withoutPeer,
} from '../peer/index.ts';
import { type Signer, type SigningDomain, topicOf } from '../protocol/index.ts';
import { peerOf } from './key/keying.ts';
import { oneLook, type RoleContext, same, step } from './runtime/context.ts';
import { OfHistory } from './runtime/of_history.ts';

/** Most bytes of a peer's registration. */
const maxRegistration = 8192;

/** Most addresses of a registration: a host on many interfaces announces the first ones. */
export const maxAddresses = 8;

const bound = z.object({ peer: z.string(), sequence: z.int().nonnegative() });

/** The peer id that a member registered for the task's key. */
export function memberPeer(chain: TaskChain, account: Address): string | undefined {
  for (const epoch of chain.journal.epochs.values())
    for (const [member, keys] of epoch.keys) if (same(member, account)) return peerOf(keys.peer);
  return undefined;
}

/** The member that registered a peer id for the task's key, in any epoch. */
export function memberOf(chain: TaskChain, peer: string): Address | undefined {
  for (const epoch of chain.journal.epochs.values())
    for (const [member, keys] of epoch.keys) if (peerOf(keys.peer) === peer) return member;
  return undefined;
}

/** Keeps a task's address book up to date. */
export interface PeerDirectory {
  /**
   * Announces this peer's addresses if they are not announced yet, and reads the others' latest
   * announcements.
   */
  refresh(): Promise<void>;
}

/** What a directory is kept for. */
export interface PeerDirectoryParts {
  readonly book: AddressBook;
  /** This member's peer. */
  readonly peer: Peer;
  /** Of the registrations' signatures. */
  readonly domain: SigningDomain;
  readonly signer: Signer;
}

/** A directory of a task. */
export function createPeerDirectory(
  context: Pick<RoleContext, 'name' | 'chain' | 'store' | 'observe'>,
  { book, peer, domain, signer }: PeerDirectoryParts,
): PeerDirectory {
  const { chain, store } = context;
  const topic = topicOf('peer', 0);
  /** By account, the digest of its last announcement that was handled. */
  const handled = new Map<Address, Hex>();
  const announced = new OfHistory<string | undefined>(chain, () => undefined);
  let sequence = 0;

  /** Takes a registration into the book. @throws what is wrong with it, for good. */
  async function enter(bytes: Uint8Array, sender: Address, expected: string): Promise<void> {
    const registration: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const found = bound.parse(registration);
    if (found.peer !== expected)
      throw new NodeError('peer', `the registration is of peer ${found.peer}, but ${expected} is on chain`);
    if (same(sender, chain.account)) sequence = Math.max(sequence, found.sequence);
    await book.add(registration);
  }

  /**
   * Reads each member's last announcement, which replaces the earlier ones: there may be any number of them.
   */
  async function learn(): Promise<void> {
    const last = new Map<Address, Hex>();
    for (const { topic: of, sender, digest } of chain.journal.announcements)
      if (of === topic) last.set(sender, digest);
    const signal = oneLook();
    await Promise.all(
      Array.from(last, async ([sender, digest]) => {
        const expected = memberPeer(chain, sender);
        // An account that registered no key is no member: a stranger's announcement is not even fetched.
        if (expected === undefined || handled.get(sender) === digest) return;
        try {
          const bytes = await store
            .get(digest, { maxBytes: maxRegistration, signal })
            .catch((error: unknown) => {
              if (isSomethingElse(error)) throw error;
              return undefined;
            });
          // The content may still come, or the store may answer again: look again at the next step.
          if (bytes === undefined) return;
          await enter(bytes, sender, expected);
        } catch (error) {
          step(context, `passes over the address of ${sender}: ${reasonOf(error)}`);
        }
        handled.set(sender, digest);
      }),
    );
  }

  async function announce(): Promise<void> {
    const addresses = peer.addresses().map(withoutPeer).slice(0, maxAddresses);
    if (announced.value === addresses.join()) return;
    // Higher than all before, also when the clock was set back between two lives of this process.
    const next = Math.max(Date.now(), sequence + 1);
    const registration: Registration = await signRegistration(domain, {
      signer,
      key: peer.key,
      addresses,
      sequence: next,
    });
    await book.add(registration);
    const digest = await store.put(new TextEncoder().encode(JSON.stringify(registration)), 'peer addresses');
    await chain.announce('peer', 0, digest);
    handled.set(chain.account, digest);
    sequence = next;
    announced.value = addresses.join();
  }

  return {
    async refresh() {
      await learn();
      await announce();
    },
  };
}

/** What a peer noticed of the network, for people. */
export function toldOf(news: PeerNews): string {
  const { failure } = news;
  if (news.kind === 'member')
    return failure === undefined
      ? `reaches ${news.account} again`
      : `does not reach ${news.account}: ${failure}; it is tried again`;
  return failure === undefined
    ? `is reached through the relay ${news.relay}`
    : `has no place at the relay ${news.relay}: ${failure}; it is asked again`;
}
