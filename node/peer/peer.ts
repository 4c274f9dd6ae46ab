// A libp2p host of registered accounts: requests with one answer, limited in size, number and rate, directly or
// through relays.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { type Connection, isPrivateKey, type PeerId, type PrivateKey, type Stream } from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import { hold } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import { isDirect, namedRelay, type Relay, throughRelay } from './address.ts';
import type { Directory } from './directory.ts';
import { lineReason, peerFailure } from './failure.ts';
import { asError, readFrame, writeFrame } from './frame.ts';
import { createHost, dialDirectly, type Host, openConnection } from './host.ts';
import type { PeerLimits } from './limits.ts';
import { type Bucket, bucket } from './rate.ts';
import { reach, relaysFor } from './reach.ts';
import { keepPlaces } from './reservations.ts';

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

/** Who asks: the handshake has proven the peer; `account` is undefined for a stranger. */
export interface Caller {
  readonly peer: string;
  readonly account: Address | undefined;
}

/** A protocol on which strangers are answered, too. All strangers together have the limits of one account. */
export interface OpenService {
  /** Bytes of a request, at most. */
  readonly maxRequest: number;
  readonly open: (request: Uint8Array, caller: Caller, signal: AbortSignal) => Promise<Uint8Array>;
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
  /** Where others reach it: its own addresses, and those through the relays that it was told of; none while stopped. */
  addresses(): string[];
  start(): Promise<void>;
  /** Closes every connection and handle; requests under way reject. */
  stop(): Promise<void>;
  /** Serves a protocol until the function that it returns is called. */
  serve(protocol: string, service: Service | OpenService): () => void;
  /**
   * Sends a request to an account's peer and resolves to the answer, of at most `maxReply` bytes.
   * @throws NodeError with the account in its message: `peer` where it has no peer, is not reached or does not answer,
   * with what may be expected; `wire` where the answer is too long. Where the caller's signal ends it, the signal's
   * reason; NodeError `interrupted` where this peer stops.
   */
  request(to: Address, request: PeerRequest): Promise<Uint8Array>;
  /**
   * Sends a request to a peer that is connected, whoever it is.
   * @throws as {@link request}, with the peer's id; NodeError `peer` where it is not connected.
   */
  ask(peer: string, request: PeerRequest): Promise<Uint8Array>;
  /**
   * Connects to a peer that its owner named: a multiaddr with `/p2p/` and the peer's id. It need not be registered.
   * @throws as {@link request}, with the address.
   */
  connect(address: string, signal?: AbortSignal): Promise<void>;
  /** Connects to the peer of an account. @throws as {@link request}. */
  reach(account: Address, signal?: AbortSignal): Promise<void>;
  /** Who is connected, each peer once: peers of accounts, and those that its owner named. No stranger that came. */
  connected(): Caller[];
  /**
   * Calls `listener` whenever the last connection to an account is gone; returns the function that ends this.
   */
  onDisconnect(listener: (account: Address) => void): () => void;
}

/** What a peer notices of the network, each thing once until it changes. */
export type PeerNews =
  /** Whether a member is reached, after it was not. */
  | { readonly kind: 'member'; readonly account: Address; readonly failure: string | undefined }
  /** Whether a relay, by its peer's id, has a place for this peer. */
  | { readonly kind: 'relay'; readonly relay: string; readonly failure: string | undefined };

/** How others reach a peer. */
export interface Reachability {
  /** Multiaddrs that it listens on; port 0 takes a free one. None: it only dials, and is reached through relays. */
  readonly listen: readonly string[];
  /** Multiaddrs at which others reach it, in place of those that it listens on. */
  readonly announce?: readonly string[];
  /** Relays to keep a place at, beyond members. */
  readonly relays?: readonly Relay[];
}

/** What a peer is made of. */
export interface PeerSettings extends Reachability {
  readonly key: PrivateKey;
  readonly directory: Directory;
  /** Whether strangers may connect, as guests, to be answered on open services; not unless given. */
  readonly guests?: boolean;
  readonly limits: PeerLimits;
  /** It must not throw. */
  readonly onNews?: (news: PeerNews) => void;
  /** Hears of what is refused; it must not throw. */
  readonly refused?: (refusal: PeerRefusal) => void;
}

/** A connection or request that is refused. */
export interface PeerRefusal {
  /** The account, or the peer's id where it speaks for none. */
  readonly from: string;
  /** What it asked for: a protocol, or `a connection`. */
  readonly what: string;
  readonly why: string;
}

/** The Ed25519 identity of a 32-byte seed. */
export async function peerKey(seed: Uint8Array): Promise<PrivateKey> {
  if (seed.length !== 32) throw new Error(`peer key: seed of ${seed.length} bytes; 32 are needed`);
  return generateKeyPairFromSeed('Ed25519', seed);
}

/** A peer, not yet started. */
export function createPeer(settings: PeerSettings): Peer {
  const {
    key,
    directory,
    listen,
    announce = [],
    relays = [],
    guests = false,
    limits,
    onNews,
    refused,
  } = settings;
  if (!isPrivateKey(key) || key.type !== 'Ed25519')
    throw new Error('peer: key is no Ed25519 key; make one with peerKey');
  const services = new Map<string, Service | OpenService>();
  const contacts = new Set<string>();
  const named = new Set(relays.map(({ peer }) => peer));
  const listeners = new Set<(account: Address) => void>();
  const rates = new Map<Address | 'guests', { requests: Bucket; bytes: Bucket; open: number }>();
  /** Who is not reached: since when, and whether it was said. */
  const away = new Map<Address, { readonly since: number; said: boolean }>();
  const id = peerIdFromPrivateKey(key).toString();
  let host: Host | undefined;
  let closing = new AbortController();
  let keeping: Promise<void> | undefined;

  async function answer(protocol: string, stream: Stream, connection: Connection) {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.transferTimeout)]);
    try {
      // Asked again at every stream: an account may have lost its place since the connection was made.
      const caller = callerOf(connection.remotePeer);
      const service = services.get(protocol);
      const handle = service && handlerFor(service, caller);
      if (!handle) throw new NodeError('peer', `${protocol}: a stranger, or not served`);
      const from = caller.account ?? 'guests';
      const rate = rateOf(from);
      if (rate.open >= limits.requestsAtOnce || !rate.requests.take(1))
        throw new NodeError('peer', `${protocol}: ${from} asks too often`);
      rate.open += 1;
      try {
        const request = await readFrame(stream, service.maxRequest, signal);
        if (!rate.bytes.take(request.length))
          throw new NodeError('peer', `${protocol}: ${from} sends too much`);
        await writeFrame(stream, await handle(request, closing.signal), replySignal());
      } finally {
        rate.open -= 1;
      }
    } catch (error) {
      const peer = connection.remotePeer.toString();
      // A host that stops refuses nobody.
      if (!closing.signal.aborted)
        refused?.({ from: directory.accountOf(peer) ?? peer, what: protocol, why: lineReason(error) });
      stream.abort(asError(error));
    }
  }

  const replySignal = () => AbortSignal.any([closing.signal, AbortSignal.timeout(limits.transferTimeout)]);

  const callerOf = (peer: PeerId): Caller => {
    const name = peer.toString();
    return { peer: name, account: directory.accountOf(name) };
  };

  /** Closes the oldest connection of a stranger when there are too many, so that the next one finds a place. */
  function dismissGuests({ libp2p }: Host) {
    const strange = libp2p
      .getConnections()
      .filter(({ remotePeer, direction }) => direction === 'inbound' && !callerOf(remotePeer).account)
      .sort((a, b) => a.timeline.open - b.timeline.open);
    for (const connection of strange.slice(0, Math.max(0, strange.length - limits.guests)))
      connection.abort(new NodeError('peer', 'another stranger came'));
  }

  function rateOf(account: Address | 'guests') {
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

  const attach = ({ libp2p }: Host, protocol: string) =>
    libp2p.handle(protocol, (stream, connection) => void answer(protocol, stream, connection), {
      maxInboundStreams: limits.streams,
      maxOutboundStreams: limits.streams,
      runOnLimitedConnection: true,
    });

  function addresses(): string[] {
    if (!host) return [];
    const found = host.libp2p.getMultiaddrs().map(String).filter(isDirect);
    // Nobody elsewhere reaches a loopback address; where it is the only one, everybody is here.
    const wide = found.filter((address) => !isLoopback(address));
    const own = announce.length > 0 ? announce : wide.length > 0 ? wide : found;
    return [...own, ...relays.flatMap(throughRelay)];
  }

  /** Says that a member is not reached, or is again; each once. */
  function note(account: Address, failure: string | undefined) {
    const outage = away.get(account);
    const now = performance.now();
    if (failure === undefined) away.delete(account);
    else if (!outage) away.set(account, { since: now, said: false });
    if (!outage || outage.said !== (failure === undefined) || now - outage.since < limits.awayAfter) return;
    outage.said = true;
    onNews?.({ kind: 'member', account, failure });
  }

  async function connect(running: Host, to: Address, signal: AbortSignal): Promise<Connection> {
    const place = directory.locate(to);
    if (!place) throw new NodeError('peer', `${to} is not reached: it has no registered peer`);
    try {
      const connection = await reach(running.libp2p, { ...place, relays: directory.relays() }, signal);
      // A dial reaches the peer that proves the id in the address; the connection gater has checked that it
      // is registered.
      if (connection.remotePeer.toString() !== place.peer)
        throw new NodeError('peer', `${place.addresses} is another peer's`, { prospect: 'final' });
      note(to, undefined);
      return connection;
    } catch (error) {
      if (!signal.aborted) note(to, lineReason(error));
      throw error;
    }
  }

  /**
   * Does something with a peer within the time for it.
   * @throws the reason of `ending`, where that ends it; of the family anything else, with what is said of the peer.
   */
  async function about<Done>(
    what: () => string,
    ending: AbortSignal | undefined,
    act: (signal: AbortSignal) => Promise<Done>,
  ): Promise<Done> {
    const late = AbortSignal.timeout(limits.transferTimeout);
    try {
      return await act(AbortSignal.any([closing.signal, late, ...(ending ? [ending] : [])]));
    } catch (error) {
      if (closing.signal.aborted) throw closing.signal.reason;
      if (ending?.aborted) throw ending.reason;
      throw peerFailure(what(), late.aborted ? late.reason : error);
    }
  }

  function started(otherwise: string): Host {
    if (!host) throw new Error(`peer: not started, so ${otherwise}; call start() first`);
    return host;
  }

  return {
    id,
    key,
    addresses,

    async start() {
      if (host) return;
      closing = new AbortController();
      const created = await createHost({
        key,
        directory,
        listen,
        // Who listens can pass on what members without an inbound port send each other.
        relays: listen.length > 0,
        strangers: named,
        guests,
        limits,
        ...(refused && { refused }),
      });
      created.libp2p.addEventListener('peer:disconnect', ({ detail }) => {
        const account = directory.accountOf(detail.toString());
        if (account !== undefined) for (const listener of listeners) listener(account);
      });
      created.libp2p.addEventListener('connection:open', () => dismissGuests(created));
      for (const protocol of services.keys()) await attach(created, protocol);
      await created.libp2p.start();
      host = created;
      const place = { peer: id, addresses: addresses() };
      keeping = keepPlaces(
        {
          host: created,
          wanted: () => relaysFor({ ...place, relays: directory.relays() }),
          atMost: limits.places,
          patience: limits.transferTimeout,
          tell: (relay, failure) => onNews?.({ kind: 'relay', relay, failure }),
        },
        closing.signal,
      );
    },

    async stop() {
      const stopping = host;
      host = undefined;
      closing.abort(new NodeError('interrupted', 'the peer is stopping'));
      rates.clear();
      away.clear();
      // Connections through a relay that is gone have no sockets any more, and a second to close.
      await hold(Promise.resolve(keeping).then(() => stopping?.libp2p.stop()));
    },

    serve(protocol, service) {
      if (services.has(protocol))
        throw new Error(`peer: ${protocol} is served already; end the first service before`);
      services.set(protocol, service);
      if (host) void attach(host, protocol);
      return () => {
        if (services.get(protocol) !== service) return;
        services.delete(protocol);
        void host?.libp2p.unhandle(protocol);
      };
    },

    async request(to, request) {
      const running = started(`${request.protocol} cannot be asked of ${to}`);
      let what = `${to} is not reached`;
      return about(
        () => what,
        request.signal,
        async (signal) => {
          const connection = await connect(running, to, signal);
          what = `${to} does not answer`;
          return exchange(connection, request, signal);
        },
      );
    },

    async ask(peer, request) {
      const { libp2p } = started(`${request.protocol} cannot be asked of ${peer}`);
      const connection = openConnection(libp2p, peerIdFromString(peer));
      if (!connection) throw new NodeError('peer', `${peer} is not connected`, { prospect: 'passing' });
      return about(
        () => `${peer} does not answer`,
        request.signal,
        (signal) => exchange(connection, request, signal),
      );
    },

    async connect(address, ending) {
      const { libp2p } = started(`${address} cannot be dialled`);
      const contact = namedRelay(address);
      if (!contact) throw new Error(`peer: ${address} names no peer; end it in /p2p/ and the peer's id`);
      contacts.add(contact.peer);
      named.add(contact.peer);
      if (openConnection(libp2p, peerIdFromString(contact.peer))) return;
      await about(
        () => `${address} is not reached`,
        ending,
        (signal) => dialDirectly(libp2p, contact, signal),
      );
    },

    async reach(account, ending) {
      const running = started(`${account} cannot be reached`);
      await about(
        () => `${account} is not reached`,
        ending,
        (signal) => connect(running, account, signal),
      );
    },

    connected() {
      const peers = host?.libp2p.getPeers().map(callerOf) ?? [];
      return peers.filter(({ peer, account }) => account !== undefined || contacts.has(peer));
    },

    onDisconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What answers a caller; undefined for a stranger where the service is for accounts. */
function handlerFor(service: Service | OpenService, caller: Caller) {
  if ('open' in service)
    return (request: Uint8Array, signal: AbortSignal) => service.open(request, caller, signal);
  const { account } = caller;
  if (account === undefined) return undefined;
  return (request: Uint8Array, signal: AbortSignal) => service.handler(request, account, signal);
}

/** One request on a stream of its own, and its answer. */
async function exchange(
  connection: Connection,
  { protocol, message, maxReply }: PeerRequest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const stream = await connection.newStream(protocol, {
    signal,
    negotiateFully: false,
    runOnLimitedConnection: true,
  });
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
}

const isLoopback = (address: string): boolean => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address);
