// How a peer gets to another one: by a connection that is open, at its own addresses, or through a relay at which
// it has a place.
import type { Connection } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import type { Libp2p } from 'libp2p';
import { NodeError } from '../errors.ts';
import { digestOf } from '../protocol/index.ts';
import { isDirect, type Relay, relayOf } from './address.ts';
import { lineReason } from './failure.ts';
import { dialDirectly, openConnection } from './host.ts';

/** Where a member is, and through whom it may be reached. */
export interface Place {
  readonly peer: string;
  /** As it announced them. */
  readonly addresses: readonly string[];
  /** All members that pass connections on. */
  readonly relays: readonly Relay[];
}

/**
 * The relays at which a peer has its places, first ones first: those that it names, and if it has no address of its
 * own, members that have one. The order of these follows from the ids alone, so that who looks for a place and who
 * takes one have the same.
 */
export function relaysFor({ peer, addresses, relays }: Place): Relay[] {
  const named = addresses.map(relayOf).filter((relay) => relay !== undefined);
  if (addresses.some(isDirect)) return named;
  const rank = new Map(relays.map((relay) => [relay, digestOf(Buffer.from(`${peer}/${relay.peer}`))]));
  const others = relays.filter(
    (relay) => relay.peer !== peer && named.every((each) => each.peer !== relay.peer),
  );
  return [...named, ...others.sort((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1))];
}

/**
 * A connection to a member's peer.
 * @throws NodeError `peer`, passing, with what each way said.
 */
export async function reach(libp2p: Libp2p, place: Place, signal: AbortSignal): Promise<Connection> {
  const { peer, addresses } = place;
  const known = openConnection(libp2p, peerIdFromString(peer));
  if (known) return known;
  const direct = addresses.filter(isDirect);
  const failures: string[] = [];
  const attempt = async (way: string, dial: () => Promise<Connection>) => {
    try {
      return await dial();
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${way}: ${lineReason(error)}`);
      return undefined;
    }
  };
  if (direct.length > 0) {
    const found = await attempt(direct.join(', '), () =>
      dialDirectly(libp2p, { peer, addresses: direct }, signal),
    );
    if (found) return found;
  }
  for (const relay of relaysFor(place)) {
    // A relay that dials a member has what the member's own connection gives it, or nothing.
    if (relay.peer === libp2p.peerId.toString()) continue;
    const found = await attempt(`relay ${relay.peer}`, async () => {
      await dialDirectly(libp2p, relay, signal);
      const [at] = relay.addresses;
      return libp2p.dial(multiaddr(`${at}/p2p/${relay.peer}/p2p-circuit/p2p/${peer}`), { signal });
    });
    if (found) return found;
  }
  throw new NodeError(
    'peer',
    failures.join('; ') || 'it has no address, and nobody passes connections on to it',
    {
      prospect: 'passing',
    },
  );
}
