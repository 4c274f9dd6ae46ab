// A peer whose messages and answers are written into the site's log before they leave.
import { reasonOf } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../errors.ts';
import type { Bucket, Handler, Peer } from '../peer/index.ts';
import { digestOf } from '../protocol/index.ts';
import type { SiteLog } from './site_log.ts';

/** What a log has of a message, and of an answer to one. */
export const messageOf = (protocol: string): string => `message of ${protocol}`;
export const answerOf = (protocol: string): string => `answer of ${protocol}`;

/**
 * What one account may ask for that is recorded. A round of the largest ring takes some thousand requests at once. Each
 * answer is a line of the site's log, so a member that asked without end would fill the disk.
 */
export const requestLimits = { perSecond: 5, burst: 4096 } as const;

/**
 * Records what a peer sends.
 * @param full makes what an account may ask for, by {@link requestLimits}: who only reads a log loads no peer for it.
 */
export function recordedPeer(log: SiteLog, peer: Peer, full: () => Bucket): Peer {
  const rates = new Map<Address, Bucket>();
  const rateOf = (account: Address): Bucket => {
    const known = rates.get(account) ?? full();
    rates.set(account, known);
    return known;
  };
  const leaving = (what: string, to: Address, bytes: Uint8Array) =>
    log.leaving({ place: 'peer', what, to, bytes: bytes.length, digest: digestOf(bytes) });

  return {
    ...peer,
    async request(to, request) {
      const { protocol, message } = request;
      const { became } = await leaving(messageOf(protocol), to, message);
      try {
        const reply = await peer.request(to, request);
        became('left');
        return reply;
      } catch (error) {
        // It may have arrived all the same.
        became('unsure', { why: reasonOf(error) });
        throw error;
      }
    },
    serve(protocol, service) {
      // What strangers may ask for, contents and registrations, is in the log since it was put there or signed.
      if ('open' in service) return peer.serve(protocol, service);
      const handler: Handler = async (request, from, signal) => {
        if (!rateOf(from).take(1)) throw new NodeError('peer', `${protocol}: ${from} asks too often`);
        const reply = await service.handler(request, from, signal);
        const { became } = await leaving(answerOf(protocol), from, reply);
        became('left');
        return reply;
      };
      return peer.serve(protocol, {
        get maxRequest() {
          return service.maxRequest;
        },
        handler,
      });
    },
  };
}
