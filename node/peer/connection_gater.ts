// The connection gater: only peers that the directory knows come in or are dialled, and none of them many
// times over. Relays that members name are dialled, and pass members' connections on; they never come in.
import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Directory } from './directory.ts';

/** What the gater decides by. */
export interface GaterSettings {
  readonly directory: Directory;
  /** Ids of relays and contacts that this peer was told of itself: they may be dialled. */
  readonly strangers: ReadonlySet<string>;
  /** Whether strangers come in, as guests. */
  readonly guests: boolean;
  /** Connections of one peer, at most: the next one is refused. */
  readonly connectionsPerPeer: number;
  /** The connections that a peer has now, in both directions. */
  connectionsOf(peer: PeerId): number;
  /** Hears of those that come in and are refused. */
  refused?(refusal: { readonly from: string; readonly what: string; readonly why: string }): void;
}

/**
 * Denies strangers after the handshake has proven who they are, in both directions, and a peer's excess
 * connections. What comes through a relay is held to the same: the handshake is with the peer behind it.
 */
export function connectionGater({
  directory,
  strangers,
  guests,
  connectionsPerPeer,
  connectionsOf,
  refused,
}: GaterSettings): ConnectionGater {
  const isStranger = (peer: PeerId) => directory.accountOf(peer.toString()) === undefined;
  const isRelay = (id: string) => strangers.has(id) || directory.isRelay(id);
  const mayNotBeDialled = (peer: PeerId) => isStranger(peer) && !isRelay(peer.toString());
  return {
    denyDialPeer: mayNotBeDialled,
    denyDialMultiaddr: () => false,
    denyInboundEncryptedConnection(peer) {
      const stranger = isStranger(peer) && !guests;
      if (!stranger && connectionsOf(peer) < connectionsPerPeer) return false;
      const why = stranger ? 'it speaks for no member' : 'it has as many as it may';
      refused?.({ from: peer.toString(), what: 'a connection', why });
      return true;
    },
    denyOutboundEncryptedConnection: mayNotBeDialled,
    // Of a relay: places and connections are for members alone.
    denyInboundRelayReservation: isStranger,
    denyOutboundRelayedConnection: (from, to) => isStranger(from) || isStranger(to),
    // Of who is behind a relay.
    denyInboundRelayedConnection: (relay, from) => isStranger(from) || !isRelay(relay.toString()),
  };
}
