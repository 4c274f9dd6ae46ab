// The addresses of peers: multiaddrs over TCP or websockets, and those through a relay.
import { multiaddr } from '@multiformats/multiaddr';
import { z } from 'zod';

const place = '/(?:ip4|ip6|dns|dns4|dns6)/[^/]+/tcp/\\d{1,5}';
const direct = new RegExp(`^${place}(?:/ws|/wss|/tls/ws)?(?:/p2p/[^/]+)?$`);
const relayed = new RegExp(`^(${place}(?:/ws|/wss|/tls/ws)?)/p2p/([^/]+)/p2p-circuit$`);

/**
 * An address that a peer announces: TCP or websocket at an IP address or a name, alone, or the same of a relay,
 * with its peer id and `/p2p-circuit`.
 */
export const announcedAddressSchema = z
  .string()
  .max(256)
  .refine(
    (value) => (direct.test(value) || relayed.test(value)) && isMultiaddr(value),
    'a TCP or websocket multiaddr, such as /ip4/127.0.0.1/tcp/4001, or one through a relay',
  );

/** A peer that passes connections on to others, and where it is reached. */
export interface Relay {
  readonly peer: string;
  /** Direct multiaddrs, without the peer's id. */
  readonly addresses: readonly string[];
}

/** The relay of an address through one; undefined for a direct address. */
export function relayOf(address: string): Relay | undefined {
  const [, at, peer] = relayed.exec(address) ?? [];
  return at === undefined || peer === undefined ? undefined : { peer, addresses: [at] };
}

/** Whether an address is reached without a relay. */
export const isDirect = (address: string): boolean => direct.test(address);

/**
 * The relay that an address with a peer's id names, as `--relay` takes it.
 * @returns undefined for any other text.
 */
export const namedRelay = (address: string): Relay | undefined => relayOf(`${address}/p2p-circuit`);

/** An address through a relay, as it is announced. */
export const throughRelay = ({ peer, addresses }: Relay): string[] =>
  addresses.map((address) => `${address}/p2p/${peer}/p2p-circuit`);

/** An address with the id of the peer that must answer there. */
export const withPeer = (address: string, peer: string): string =>
  /\/p2p\/[^/]+$/.test(address) ? address : `${address}/p2p/${peer}`;

/** An address without its peer's id. */
export const withoutPeer = (address: string): string => address.replace(/\/p2p\/[^/]+$/, '');

function isMultiaddr(value: string): boolean {
  try {
    return multiaddr(value).getComponents().length > 0;
  } catch {
    return false;
  }
}
