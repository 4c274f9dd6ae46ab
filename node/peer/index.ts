// The peer: a libp2p host on which registered accounts, and nobody else, reach each other.

export { isDirect, namedRelay, type Relay, relayOf, withoutPeer, withPeer } from './address.ts';
export { type AddressBook, createAddressBook, type Directory } from './directory.ts';
export { type PeerLimits, peerLimits } from './limits.ts';
export {
  type Caller,
  createPeer,
  type Handler,
  type OpenService,
  type Peer,
  type PeerNews,
  type PeerRefusal,
  type PeerSettings,
  peerKey,
  type Reachability,
  type Service,
} from './peer.ts';
export { type Bucket, bucket } from './rate.ts';
export {
  checkRegistration,
  type Registration,
  registrationSchema,
  signRegistration,
} from './registration.ts';
