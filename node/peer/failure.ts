// What libp2p, streams and timers throw, as errors of the family: whom it was about, and what may be expected.
import { type ErrorParts, reasonOf, walkCauses } from '@murmuration/core';
import { NodeError, type Prospect, prospectOf } from '../errors.ts';

/** Names of libp2p's errors that stay as they are: the address is none, or somebody else is behind it. */
const final: ReadonlySet<string> = new Set([
  'InvalidMultiaddrError',
  'InvalidPeerIdError',
  'NoValidAddressesError',
  'UnexpectedPeerError',
]);

/** How noise says, in words alone, that somebody else is behind an address. */
const otherIdentity = /identity key \S+ does not match/;

/** Of those after which nobody knows: the other one may be of another version, or not ready yet. */
const unknown: ReadonlySet<string> = new Set([
  'InvalidCryptoExchangeError',
  'InvalidMessageError',
  'ProtocolError',
  'UnsupportedProtocolError',
]);

/**
 * An error about a peer. Lines that break off, refusals and silence are passing, whatever libp2p calls them.
 * @param what is said of whom, with its name: `0x… is not reached`.
 * @returns of the code that it had, `peer` for one of no family; NodeError `interrupted` as it is.
 */
export function peerFailure(what: string, caught: unknown): NodeError {
  if (caught instanceof NodeError && caught.code === 'interrupted') return caught;
  const said = prospectOf(caught);
  const prospect = said === 'unknown' && !(caught instanceof NodeError) ? prospectOfLine(caught) : said;
  const code = caught instanceof NodeError ? caught.code : 'peer';
  const parts: ErrorParts = caught instanceof Error ? { cause: caught } : {};
  return new NodeError(code, `${what}: ${lineReason(caught)}`, { ...parts, prospect });
}

/** The reason in what a line threw. libp2p rejects with the event of a stream that closes. */
export function lineReason(caught: unknown): string {
  if (caught instanceof Event) {
    const { error } = caught as Event & { readonly error?: unknown };
    return error === undefined ? 'the connection was closed' : reasonOf(error);
  }
  if (caught instanceof AggregateError) return [...new Set(caught.errors.map(lineReason))].join('; ');
  if (isTimeout(caught)) return 'no answer in time';
  return reasonOf(caught);
}

const isTimeout = (caught: unknown): boolean =>
  walkCauses(caught, ({ name }) => name === 'TimeoutError') !== undefined;

function prospectOfLine(caught: unknown): Prospect {
  if (caught instanceof AggregateError && caught.errors.length > 0) {
    const each = new Set(caught.errors.map(prospectOfLine));
    // One address that may answer is enough.
    return each.has('passing') ? 'passing' : each.has('unknown') ? 'unknown' : 'final';
  }
  const named = (names: ReadonlySet<string>) =>
    walkCauses(caught, ({ name }) => names.has(name)) !== undefined;
  if (named(final) || walkCauses(caught, ({ message }) => otherIdentity.test(message))) return 'final';
  return named(unknown) ? 'unknown' : 'passing';
}
