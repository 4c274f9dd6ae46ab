// The door: only peers that the directory knows come in or are dialled, and none of them many times over.
import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Directory } from './directory.ts';

/** Denies strangers after the handshake has proven who they are, in both directions, and a peer's excess connections. */
export function connectionGater(
  directory: Directory,
  connectionsOf: (peer: PeerId) => number,
  connectionsPerPeer: number,
): ConnectionGater {
  const stranger = (peer: PeerId) => directory.accountOf(peer.toString()) === undefined;
  return {
    denyDialPeer: stranger,
    denyDialMultiaddr: () => false,
    denyInboundEncryptedConnection: (peer) => stranger(peer) || connectionsOf(peer) >= connectionsPerPeer,
    denyOutboundEncryptedConnection: stranger,
    denyInboundRelayReservation: () => true,
    denyInboundRelayedConnection: () => true,
    denyOutboundRelayedConnection: () => true,
  };
}
