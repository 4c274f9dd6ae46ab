// A libp2p host of registered accounts (TCP, noise, yamux): requests with one answer, limited in size, number
// and rate.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { type Connection, isPrivateKey, type PrivateKey, type Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import { connectionGater } from './connection_gater.ts';
import type { Directory } from './directory.ts';
import { asError, readFrame, writeFrame } from './frame.ts';
import type { PeerLimits } from './limits.ts';
import { type Bucket, bucket } from './rate.ts';

/**
 * Answers one request. The handshake and the directory have proven `from`. If it throws, the stream is reset
 * without a reason.
 */
export type Handler = (request: Uint8Array, from: Address, signal: AbortSignal) => Promise<Uint8Array>;

/** What a protocol accepts, and its handler. */
export interface Service {
  /** Bytes of a request, at most. */
  readonly maxRequest: number;
  readonly handler: Handler;
}

/** A message to another account's peer. */
export interface PeerRequest {
  readonly protocol: string;
  readonly message: Uint8Array;
  /** Bytes of the answer, at most. */
  readonly maxReply: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/** A host that registered accounts can reach. It can be started and stopped any number of times. */
export interface Peer {
  readonly id: string;
  readonly key: PrivateKey;
  /** The addresses it listens on; empty while stopped. */
  addresses(): string[];
  start(): Promise<void>;
  /** Closes every connection and handle; requests under way reject. */
  stop(): Promise<void>;
  /** Serves a protocol until the function that it returns is called. */
  serve(protocol: string, service: Service): () => void;
  /**
   * Sends a request to an account's peer and resolves to the answer, of at most `maxReply` bytes.
   * @throws NodeError `peer` where the account has no peer or another one answers, `wire` where the answer is
   * cut short or too long; what libp2p or the signal throws, as it is.
   */
  request(to: Address, request: PeerRequest): Promise<Uint8Array>;
  /**
   * Calls `listener` whenever the last connection to an account is gone; returns the function that ends this.
   */
  onDisconnect(listener: (account: Address) => void): () => void;
}

/** What a peer is made of. `listen` holds multiaddrs; port 0 takes a free one. */
export interface PeerSettings {
  readonly key: PrivateKey;
  readonly directory: Directory;
  readonly listen: readonly string[];
  readonly limits: PeerLimits;
}

/** The Ed25519 identity of a 32-byte seed. */
export async function peerKey(seed: Uint8Array): Promise<PrivateKey> {
  if (seed.length !== 32) throw new Error(`peer key: seed of ${seed.length} bytes; 32 are needed`);
  return generateKeyPairFromSeed('Ed25519', seed);
}

/** A peer, not yet started. */
export function createPeer(settings: PeerSettings): Peer {
  const { key, directory, listen, limits } = settings;
  if (!isPrivateKey(key) || key.type !== 'Ed25519')
    throw new Error('peer: key is no Ed25519 key; make one with peerKey');
  const services = new Map<string, Service>();
  const listeners = new Set<(account: Address) => void>();
  const rates = new Map<Address, { requests: Bucket; bytes: Bucket; open: number }>();
  let host: Libp2p | undefined;
  let closing = new AbortController();

  async function answer(protocol: string, stream: Stream, connection: Connection) {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.transferTimeout)]);
    try {
      // Asked again at every stream: an account may have lost its place since the connection was made.
      const from = directory.accountOf(connection.remotePeer.toString());
      const service = services.get(protocol);
      if (from === undefined || !service)
        throw new NodeError('peer', `${protocol}: a stranger, or not served`);
      const rate = rateOf(from);
      if (rate.open >= limits.requestsAtOnce || !rate.requests.take(1))
        throw new NodeError('peer', `${protocol}: ${from} asks too often`);
      rate.open += 1;
      try {
        const request = await readFrame(stream, service.maxRequest, signal);
        if (!rate.bytes.take(request.length))
          throw new NodeError('peer', `${protocol}: ${from} sends too much`);
        await writeFrame(stream, await service.handler(request, from, closing.signal), replySignal());
      } finally {
        rate.open -= 1;
      }
    } catch (error) {
      stream.abort(asError(error));
    }
  }

  const replySignal = () => AbortSignal.any([closing.signal, AbortSignal.timeout(limits.transferTimeout)]);

  function rateOf(account: Address) {
    let rate = rates.get(account);
    if (!rate) {
      rate = {
        requests: bucket(limits.requestsPerSecond, limits.requestBurst),
        bytes: bucket(limits.bytesPerSecond, limits.byteBurst),
        open: 0,
      };
      rates.set(account, rate);
    }
    return rate;
  }

  const attach = (to: Libp2p, protocol: string) =>
    to.handle(protocol, (stream, connection) => void answer(protocol, stream, connection), {
      maxInboundStreams: limits.streams,
      maxOutboundStreams: limits.streams,
    });

  return {
    id: peerIdFromPrivateKey(key).toString(),
    key,
    addresses: () => host?.getMultiaddrs().map(String) ?? [],

    async start() {
      if (host) return;
      closing = new AbortController();
      const created: Libp2p = await createLibp2p({
        start: false,
        privateKey: key,
        addresses: { listen: [...listen] },
        transports: [tcp()],
        connectionEncrypters: [noise()],
        streamMuxers: [yamux({ maxInboundStreams: limits.streams, maxOutboundStreams: limits.streams })],
        connectionGater: connectionGater({
          directory,
          connectionsPerPeer: limits.connectionsPerPeer,
          connectionsOf: (peer) => created.getConnections(peer).length,
        }),
        connectionManager: {
          maxConnections: limits.connections,
          maxIncomingPendingConnections: limits.connectionsPerSecond,
          inboundConnectionThreshold: limits.connectionsPerSecond,
          dialTimeout: limits.dialTimeout,
          inboundUpgradeTimeout: limits.dialTimeout,
          inboundStreamProtocolNegotiationTimeout: limits.dialTimeout,
          outboundStreamProtocolNegotiationTimeout: limits.dialTimeout,
        },
        connectionMonitor: { enabled: false },
      });
      created.addEventListener('peer:disconnect', ({ detail }) => {
        const account = directory.accountOf(detail.toString());
        if (account !== undefined) for (const listener of listeners) listener(account);
      });
      for (const protocol of services.keys()) await attach(created, protocol);
      await created.start();
      host = created;
    },

    async stop() {
      const stopping = host;
      host = undefined;
      closing.abort(new NodeError('interrupted', 'the peer is stopping'));
      rates.clear();
      await stopping?.stop();
    },

    serve(protocol, service) {
      if (services.has(protocol))
        throw new Error(`peer: ${protocol} is served already; end the first service before`);
      services.set(protocol, service);
      if (host) void attach(host, protocol);
      return () => {
        if (services.get(protocol) !== service) return;
        services.delete(protocol);
        void host?.unhandle(protocol);
      };
    },

    async request(to, { protocol, message, maxReply, signal: ending }) {
      if (!host)
        throw new Error(`peer: not started, so ${protocol} cannot be asked of ${to}; call start() first`);
      const place = directory.locate(to);
      if (!place) throw new NodeError('peer', `peer: ${to} has no registered peer`);
      const timeout = AbortSignal.timeout(limits.transferTimeout);
      const signal = AbortSignal.any([closing.signal, timeout, ...(ending ? [ending] : [])]);
      const peer = peerIdFromString(place.peer);
      const addresses = place.addresses.map((address) => multiaddr(withPeer(address, place.peer)));
      const connection =
        host.getConnections(peer).find((open) => open.status === 'open') ??
        (await host.dial(addresses, { signal }));
      // A dial reaches the peer that proves the id in the address; the connection gater has checked that it
      // is registered.
      if (connection.remotePeer.toString() !== place.peer)
        throw new NodeError('peer', `peer: ${to} is not at ${addresses}`);
      const stream = await connection.newStream(protocol, { signal, negotiateFully: false });
      try {
        const [reply] = await Promise.all([
          readFrame(stream, maxReply, signal),
          writeFrame(stream, message, signal),
        ]);
        return reply;
      } catch (error) {
        stream.abort(asError(error));
        throw error;
      }
    },

    onDisconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function withPeer(address: string, peer: string): string {
  return address.includes('/p2p/') ? address : `${address}/p2p/${peer}`;
}
