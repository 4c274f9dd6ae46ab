// The limits of what others may cost a peer, checked once, when the peer is made.
import { z } from 'zod';

const count = z.number().int().positive();

const limitsSchema = z.strictObject({
  /** Connections in all. */
  connections: count.default(256),
  /** Connections from one peer: two dials that cross make two, a restart a third. */
  connectionsPerPeer: count.default(4),
  /** New connections a second from one host. Many peers share a host in a local federation. */
  connectionsPerSecond: count.default(64),
  /** Connections of strangers in all, where a service answers them; the oldest one goes when another comes. */
  guests: count.default(16),
  /** Streams at once on one connection, and so requests at once. */
  streams: count.max(1024).default(64),
  /**
   * Requests at once from one account over all its connections. Times a protocol's largest request, it bounds
   * the memory.
   */
  requestsAtOnce: count.default(32),
  /** Requests a second from one account, averaged over `burst`. */
  requestsPerSecond: count.default(200),
  requestBurst: count.default(800),
  /** Bytes a second from one account, averaged over `burst`. */
  bytesPerSecond: count.default(64 * 2 ** 20),
  byteBurst: count.default(256 * 2 ** 20),
  /** Milliseconds for a request to arrive whole, and for its answer to be read. */
  transferTimeout: count.default(20_000),
  /** Milliseconds to dial one address and to negotiate. */
  dialTimeout: count.default(5_000),
  /** Milliseconds between two signs of life on a connection: below what routers keep an idle one for. */
  pingInterval: count.default(15_000),
  /** Milliseconds without an answer to one after which a connection is dead. */
  pingTimeout: count.default(20_000),
  /** Milliseconds after which a member that was asked for and not reached in between is said to be away. */
  awayAfter: count.default(5_000),
  /** Relays at which a peer without an inbound port keeps a place. */
  places: count.default(16),
  /** Of a relay: members that have a place here. */
  reservations: count.default(256),
  /** Relayed connections at once over one connection, to the relay or from it. */
  relayedAtOnce: count.max(1024).default(128),
  /** Bytes of a relayed connection, both ways together: of a round of 64 trainers with 32 chunks twenty times that. */
  relayedBytes: count.default(4 * 2 ** 30),
  /** Milliseconds of a relayed connection. One that ends is dialled again when it is needed. */
  relayedTime: count.default(3_600_000),
});

/** The limits of a peer, every one of them set. Times in milliseconds. */
export type PeerLimits = z.output<typeof limitsSchema>;

/**
 * Checked limits: the given ones, the defaults for the rest.
 * @throws on a value that is no positive integer.
 */
export function peerLimits(given: z.input<typeof limitsSchema> = {}): PeerLimits {
  return Object.freeze(limitsSchema.parse(given));
}
