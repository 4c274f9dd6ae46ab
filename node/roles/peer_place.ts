// A member's peer before it has a role: what gives and takes contents uses it first, and the rings of a trainer later.
import type { Address } from 'viem';
import type { TaskChain } from '../chain/index.ts';
import type { SecretBox } from '../keystore/index.ts';
import {
  type AddressBook,
  createAddressBook,
  createPeer,
  type Peer,
  type PeerNews,
  peerKey,
  peerLimits,
  type Reachability,
  type Registration,
  signRegistration,
  withoutPeer,
} from '../peer/index.ts';
import { digestOf, type Signer, type SigningDomain } from '../protocol/index.ts';
import type { SiteLog } from '../site/index.ts';
import { maxAddresses } from './directory.ts';

/** A peer, and whom it knows. */
export interface PeerPlace {
  readonly peer: Peer;
  readonly book: AddressBook;
  /** Of the registrations' signatures. */
  readonly domain: SigningDomain;
  /** The account's registration of the addresses that the peer has now: a new one where they changed. */
  registration(): Promise<Registration>;
}

/** What a place is made of. */
export interface PeerPlaceParts {
  readonly chain: Pick<TaskChain, 'chainId' | 'rounds'>;
  readonly secretBox: Pick<SecretBox, 'seed'>;
  readonly signer: Signer;
  readonly reachability: Reachability;
  /** Whether strangers may ask for contents. */
  readonly guests: boolean;
  /** Whether an account takes part, with this peer. */
  readonly mayJoin: (account: Address, peer: string) => boolean | Promise<boolean>;
  /** It must not throw. */
  readonly onNews: (news: PeerNews) => void;
  /** What leaves in the member's name: its registration does, to whoever connects. */
  readonly log: SiteLog;
}

/** The place of an account, its peer not yet started. */
export async function createPeerPlace(parts: PeerPlaceParts): Promise<PeerPlace> {
  const { chain, secretBox, signer, reachability, guests, mayJoin, onNews, log } = parts;
  const domain = { chainId: chain.chainId, contract: chain.rounds };
  const key = await peerKey(secretBox.seed('peer'));
  const book = createAddressBook(domain, mayJoin);
  const peer = createPeer({
    key,
    directory: book,
    ...reachability,
    guests,
    limits: peerLimits(),
    onNews,
    refused: ({ from, what, why }) => log.refused({ what, to: from, why }),
  });
  let last: Registration | undefined;
  return {
    peer,
    book,
    domain,
    async registration() {
      const addresses = peer.addresses().map(withoutPeer).slice(0, maxAddresses);
      const known = book.registrationOf(signer.address) ?? last;
      if (known?.peer === peer.id && known.addresses.join() === addresses.join()) return known;
      const sequence = Math.max(Date.now(), (known?.sequence ?? 0) + 1);
      const signed = await signRegistration(domain, { signer, key, addresses, sequence });
      const bytes = new TextEncoder().encode(JSON.stringify(signed));
      const { became } = await log.leaving({
        place: 'peer',
        what: 'registration of the peer',
        to: 'whoever connects',
        bytes: bytes.length,
        digest: digestOf(bytes),
      });
      became('left');
      last = signed;
      return signed;
    },
  };
}
