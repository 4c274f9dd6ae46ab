// The directory: which account a peer speaks for, and where an account's peer listens.
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import type { SigningDomain } from '../protocol/index.ts';
import { isDirect, type Relay, relayOf, withoutPeer } from './address.ts';
import { checkRegistration, type Registration } from './registration.ts';

/** What a peer asks of the directory, at every connection and every stream. */
export interface Directory {
  /** The account that a peer id is bound to; undefined for a stranger. */
  accountOf(peer: string): Address | undefined;
  /** The peer of an account and its addresses; undefined if it has none. */
  locate(account: Address): { peer: string; addresses: readonly string[] } | undefined;
  /** The members that pass connections on: those with an address of their own. */
  relays(): readonly Relay[];
  /** Whether a peer passes connections on, as a member or named by one in its addresses. */
  isRelay(peer: string): boolean;
}

/** A directory filled with signed registrations of accounts that may take part. */
export interface AddressBook extends Directory {
  /**
   * Checks a registration and keeps it if its account may take part.
   * @returns false for a registration that is not newer than the known one.
   * @throws NodeError `peer` for a forged registration, or a stranger's.
   */
  add(registration: unknown): Promise<boolean>;
  /** Forgets an account, which is a stranger from then on. */
  remove(account: Address): void;
  all(): Registration[];
  /** What an account registered last; undefined if it did not. */
  registrationOf(account: Address): Registration | undefined;
}

/**
 * An empty address book. `mayJoin` asks the chain whether an account takes part, with this peer; `capacity` bounds the
 * memory that registrations take.
 */
export function createAddressBook(
  domain: SigningDomain,
  mayJoin: (account: Address, peer: string) => boolean | Promise<boolean>,
  capacity = 1024,
): AddressBook {
  const byAccount = new Map<Address, Registration>();
  const byPeer = new Map<string, Address>();

  function remove(account: Address) {
    const known = byAccount.get(account);
    if (known) byPeer.delete(known.peer);
    byAccount.delete(account);
  }

  return {
    async add(input) {
      const registration = await checkRegistration(domain, input);
      const { account, peer, sequence } = registration;
      if (!(await mayJoin(account, peer)))
        throw new NodeError('peer', `address book: ${account} is no member`, {
          mend: 'Register the account with the contract first.',
        });
      // No await from here on: two registrations that arrive together must not both see the same past.
      const known = byAccount.get(account);
      if (known && known.sequence >= sequence) return false;
      const owner = byPeer.get(peer);
      if (owner !== undefined && owner !== account)
        throw new NodeError(
          'peer',
          `address book: peer ${peer} already speaks for ${owner}, so not for ${account}`,
        );
      if (!known && byAccount.size >= capacity)
        throw new NodeError('peer', `address book: it is full with ${capacity} accounts`, {
          mend: 'Raise its capacity.',
        });
      remove(account);
      byAccount.set(account, registration);
      byPeer.set(peer, account);
      return true;
    },
    remove,
    all: () => [...byAccount.values()],
    registrationOf: (account) => byAccount.get(account),
    accountOf: (peer) => byPeer.get(peer),
    locate: (account) => byAccount.get(account),
    relays: () =>
      // A relay's addresses are its own word alone: others could send all who look for it elsewhere.
      Array.from(byAccount.values(), ({ peer, addresses }) => ({
        peer,
        addresses: addresses.filter(isDirect).map(withoutPeer),
      })).filter(({ addresses }) => addresses.length > 0),
    isRelay: (peer) =>
      [...byAccount.values()].some((each) =>
        each.addresses.some((address) =>
          isDirect(address) ? each.peer === peer : relayOf(address)?.peer === peer,
        ),
      ),
  };
}
