// Keeps a member connected: to the peers that its owner named, and to all members that it hears of. A member that only
// dials is reached over the connections that it made.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import type { AddressBook, Peer, Registration } from '../peer/index.ts';
import { introduce, serveIntroductions } from './introduction.ts';

/** What a member meets others with. */
export interface Acquaintances {
  readonly peer: Peer;
  readonly book: AddressBook;
  /** Multiaddrs of members that are known beforehand, each with `/p2p/` and the peer's id. */
  readonly contacts: readonly string[];
  /** This account's registration, of the addresses that its peer has now; undefined for one that only looks. */
  readonly registration: (() => Promise<Registration>) | undefined;
  /** Hears once that a contact is not reached, and once that it is again. */
  readonly tell: (text: string) => void;
}

/** Milliseconds between two looks at who is there. */
const pause = 1000;
/** Milliseconds between two questions to a connected peer for registrations. */
const refreshAfter = 10_000;
/** Milliseconds until somebody who was not reached is dialled again: doubled each time, from the first to the last. */
const backOff = { first: 1000, last: 60_000 };

/** Whoever is there, met again and again until stopped. */
export interface Acquaintance {
  start(): void;
  stop(): Promise<void>;
  /** Looks at once, and resolves when everybody has been tried. */
  look(): Promise<void>;
}

/** The acquaintance of a member, not yet started. The peer is started and stopped elsewhere. */
export function createAcquaintance(parts: Acquaintances): Acquaintance {
  const { peer, book, contacts, tell } = parts;
  /** When somebody may be dialled again, and after which pause. */
  const rests = new Map<string, { until: number; wait: number }>();
  const away = new Set<string>();
  /** By connected peer, when it was asked last, and the sequence that it was shown. */
  const met = new Map<string, { at: number; sequence: number }>();
  let closing: AbortController | undefined;
  let endServing: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let looking: Promise<void> | undefined;

  /** Tries, unless a try failed a short while ago. */
  async function dial(name: string, attempt: () => Promise<unknown>): Promise<void> {
    const now = performance.now();
    const rest = rests.get(name);
    if (rest && rest.until > now) return;
    try {
      await attempt();
      rests.delete(name);
      if (away.delete(name)) tell(`${name} is there again`);
    } catch (error) {
      const wait = Math.min(rest ? 2 * rest.wait : backOff.first, backOff.last);
      rests.set(name, { until: now + wait, wait });
      if (!contacts.includes(name) || closing?.signal.aborted || away.has(name)) return;
      away.add(name);
      tell(`${reasonOf(error)}; tries again`);
    }
  }

  /** Shows the registration to a peer that has not seen it, and asks it for others' from time to time. */
  async function greet(
    id: string,
    registration: Registration | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const known = met.get(id);
    const sequence = registration?.sequence ?? 0;
    const now = performance.now();
    if (known && known.sequence === sequence && now - known.at < refreshAfter) return;
    met.set(id, { at: now, sequence });
    try {
      await introduce(parts, id, { registration, signal });
    } catch {
      // It may be about to go, or to learn that this account takes part: it is asked again soon.
      met.set(id, { at: now - refreshAfter + pause, sequence });
    }
  }

  async function look(signal: AbortSignal): Promise<void> {
    const registration = await parts.registration?.();
    // Without a place in the task yet it is not in the book, and shown all the same: others may have seen it join.
    if (registration && !isOwn(registration)) await book.add(registration).catch(() => false);
    const isConnected = new Set(peer.connected().map(({ peer: id }) => id));
    for (const id of met.keys()) if (!isConnected.has(id)) met.delete(id);
    const others = book.all().filter(({ peer: id }) => id !== peer.id && !isConnected.has(id));
    await Promise.all([
      ...contacts
        .filter((address) => !isConnected.has(address.split('/p2p/').at(-1)!))
        .map((address) => dial(address, () => peer.connect(address, signal))),
      // Who has no address is reached through those that have one.
      ...others.map(({ account }) => dial(account, () => peer.reach(account, signal))),
    ]);
    await Promise.all(peer.connected().map(({ peer: id }) => greet(id, registration, signal)));
  }

  const isOwn = ({ account, sequence }: Registration) =>
    book.registrationOf(account as Address)?.sequence === sequence;

  function once(signal: AbortSignal): Promise<void> {
    looking ??= look(signal)
      // A registration that could not be signed, or a peer that is stopping: the next look may do.
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await once(signal);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      if (closing) return;
      closing = new AbortController();
      endServing = serveIntroductions(peer, book);
      running = run(closing.signal);
    },
    async stop() {
      closing?.abort(new NodeError('interrupted', 'stopped'));
      endServing?.();
      await running;
      closing = undefined;
    },
    async look() {
      if (closing) await once(closing.signal);
    },
  };
}
