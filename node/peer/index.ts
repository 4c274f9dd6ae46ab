// The peer: a libp2p host on which registered accounts, and nobody else, reach each other.

export { isDirect, namedRelay, type Relay, relayOf, withoutPeer } from './address.ts';
export { type AddressBook, createAddressBook, type Directory } from './directory.ts';
export { type PeerLimits, peerLimits } from './limits.ts';
export {
  createPeer,
  type Handler,
  type Peer,
  type PeerNews,
  type PeerRefusal,
  type PeerSettings,
  peerKey,
  type Reachability,
  type Service,
} from './peer.ts';
export {
  checkRegistration,
  type Registration,
  registrationSchema,
  signRegistration,
} from './registration.ts';
