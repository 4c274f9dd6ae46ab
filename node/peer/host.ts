// The libp2p host of a peer: TCP and websockets, noise, yamux; a relay for members without an inbound port where it
// listens itself, and a client of relays everywhere.
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, PeerId, PrivateKey, Transport } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { peerIdFromString } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import { type Relay, withPeer } from './address.ts';
import { connectionGater, type GaterSettings } from './connection_gater.ts';
import type { Directory } from './directory.ts';
import type { PeerLimits } from './limits.ts';

/** What a host is made of. */
export interface HostSettings {
  readonly key: PrivateKey;
  readonly directory: Directory;
  /** Multiaddrs to listen on; none for a host that only dials. */
  readonly listen: readonly string[];
  /** Whether it passes connections on to others. */
  readonly relays: boolean;
  /** Ids of relays and contacts that are no members, and may be dialled all the same. */
  readonly strangers: ReadonlySet<string>;
  /** Whether other strangers come in, as guests. */
  readonly guests: boolean;
  readonly limits: PeerLimits;
  /** Hears of connections that are refused. */
  readonly refused?: GaterSettings['refused'];
}

/** A place at a relay, at which others reach this host. */
export interface Places {
  has(relay: string): boolean;
  /** Takes a place, or renews the one that is there. @throws what libp2p says where the relay has none for it. */
  take(relay: string): Promise<void>;
}

/** A host that is not started, and its places at relays. */
export interface Host {
  readonly libp2p: Libp2p;
  readonly places: Places;
}

/** A host, not yet started. */
export async function createHost(settings: HostSettings): Promise<Host> {
  const { key, directory, listen, strangers, guests, limits, refused } = settings;
  let places: Places | undefined;
  const streams = limits.streams + limits.relayedAtOnce;
  const libp2p: Libp2p = await createLibp2p({
    start: false,
    privateKey: key,
    nodeInfo: { userAgent: 'murmuration' },
    addresses: { listen: [...listen] },
    transports: [
      tcp(),
      webSockets(),
      (components) => {
        const transport = circuitRelayTransport({
          maxInboundStopStreams: limits.relayedAtOnce,
          maxOutboundStopStreams: limits.relayedAtOnce,
          reservationCompletionTimeout: limits.transferTimeout,
          // Side by side: a place that is taken takes those that still wait for their turn out of libp2p's queue.
          reservationConcurrency: limits.places,
        })(components);
        places = placesOf(transport);
        return transport;
      },
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: streams, maxOutboundStreams: streams })],
    connectionGater: connectionGater({
      directory,
      strangers,
      guests,
      connectionsPerPeer: limits.connectionsPerPeer,
      connectionsOf: (peer) => libp2p.getConnections(peer).length,
      ...(refused && { refused }),
    }),
    connectionManager: {
      maxConnections: limits.connections,
      maxIncomingPendingConnections: limits.connectionsPerSecond,
      inboundConnectionThreshold: limits.connectionsPerSecond,
      // An address that drops packets must not take the time of the next one.
      addressDialTimeout: limits.dialTimeout,
      dialTimeout: limits.transferTimeout,
      inboundUpgradeTimeout: limits.dialTimeout,
      inboundStreamProtocolNegotiationTimeout: limits.dialTimeout,
      outboundStreamProtocolNegotiationTimeout: limits.dialTimeout,
    },
    // Keeps the entries that routers and firewalls hold for connections, and finds those that are dead.
    connectionMonitor: {
      pingInterval: limits.pingInterval,
      pingTimeout: { minTimeout: limits.pingTimeout, maxTimeout: limits.pingTimeout },
    },
    services: {
      identify: identify(),
      ...(settings.relays && {
        relay: circuitRelayServer({
          hopTimeout: limits.transferTimeout,
          maxInboundHopStreams: limits.relayedAtOnce,
          maxOutboundStopStreams: limits.relayedAtOnce,
          reservations: {
            maxReservations: limits.reservations,
            defaultDataLimit: BigInt(limits.relayedBytes),
            defaultDurationLimit: limits.relayedTime,
          },
        }),
      }),
    },
  });
  if (!places) throw new Error('peer: libp2p did not make the transport of relays');
  forgetStrangers(libp2p, settings);
  return { libp2p, places };
}

/**
 * libp2p remembers what each peer says of itself, for as long as the process lives. A stranger can have any number of names,
 * each with some kilobytes of words: of strangers nothing stays.
 */
function forgetStrangers(
  libp2p: Libp2p,
  { directory, strangers }: Pick<HostSettings, 'directory' | 'strangers'>,
): void {
  const forget = (peer: PeerId) => {
    const id = peer.toString();
    if (directory.accountOf(id) === undefined && !strangers.has(id) && !directory.isRelay(id))
      void libp2p.peerStore.delete(peer);
  };
  libp2p.addEventListener('peer:identify', ({ detail }) => forget(detail.peerId));
  libp2p.addEventListener('peer:disconnect', ({ detail }) => forget(detail));
}

/**
 * An open connection to a peer, one without a relay where there is one.
 */
export function openConnection(libp2p: Libp2p, peer: PeerId): Connection | undefined {
  const open = libp2p.getConnections(peer).filter(({ status }) => status === 'open');
  return open.find(({ direct }) => direct) ?? open[0];
}

/** A connection to a peer at its own addresses. @throws what libp2p says where none answers in time. */
export async function dialDirectly(
  libp2p: Libp2p,
  { peer, addresses }: Relay,
  signal: AbortSignal,
): Promise<Connection> {
  const id = peerIdFromString(peer);
  const known = openConnection(libp2p, id);
  if (known?.direct) return known;
  const places = addresses.map((address) => multiaddr(withPeer(address, peer)));
  // Forced: a connection through a relay would stand in for the one that is asked for.
  return libp2p.dial(places, { signal, force: known !== undefined });
}

/** libp2p's own store of places, which its type does not show. */
interface ReservationStore {
  hasReservation(relay: PeerId): boolean;
  addRelay(relay: PeerId, type: 'configured'): Promise<unknown>;
}

/** libp2p renews a place by itself, but looks for no other one when a relay that it was told of is gone. */
function placesOf(transport: Transport): Places {
  if (!holdsReservations(transport)) throw new Error('peer: the transport of relays has no reservations');
  const { reservationStore } = transport;
  return {
    has: (relay) => reservationStore.hasReservation(peerIdFromString(relay)),
    async take(relay) {
      await reservationStore.addRelay(peerIdFromString(relay), 'configured');
    },
  };
}

const holdsReservations = (
  transport: Transport,
): transport is Transport & { readonly reservationStore: ReservationStore } =>
  'reservationStore' in transport;
