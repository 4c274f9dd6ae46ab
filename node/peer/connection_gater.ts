// The connection gater: only peers that the directory knows come in or are dialled, and none of them many
// times over.
import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Directory } from './directory.ts';

/** What the gater decides by. */
export interface GaterSettings {
  readonly directory: Directory;
  /** Connections of one peer, at most: the next one is refused. */
  readonly connectionsPerPeer: number;
  /** The connections that a peer has now, in both directions. */
  connectionsOf(peer: PeerId): number;
}

/**
 * Denies strangers after the handshake has proven who they are, in both directions, and a peer's excess
 * connections.
 */
export function connectionGater({
  directory,
  connectionsPerPeer,
  connectionsOf,
}: GaterSettings): ConnectionGater {
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
