// The ring's protocol on a peer: finds a request's session, and bounds a request by what the open sessions
// can need.
import { Recent } from '@murmuration/core';
import type { Address, Hex } from 'viem';
import type { Peer } from '../peer/index.ts';
import { hopsOf, type RingPlan, segmentRange } from './plan.ts';
import { partBytes } from './residues.ts';
import { type DrivenSession, openSession, type RingSession, type RingSettings } from './session.ts';
import {
  type Answer,
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  hopBytes,
  maxPlain,
} from './wire.ts';

/** The protocol id that the ring's streams are opened with. */
export const ringProtocol = '/murmuration/ring/1';

/** Closed rings that are remembered, so that others hear that they are closed and do not wait. */
const remembered = 1024;

/** All rings of one peer. */
export interface RingService {
  start(): void;
  stop(): Promise<void>;
  /**
   * Takes part in a ring.
   * @throws NodeError `peer` when the plan cannot be run or the signer is no member; Error when it is open
   * already.
   */
  open(settings: RingSettings): RingSession;
}

/** A ring service on a peer, which its owner starts and stops. */
export function createRingService(peer: Peer): RingService {
  const sessions = new Map<Hex, { session: DrivenSession; maxRequest: number }>();
  const closed = new Recent(remembered);
  let end: (() => void) | undefined;

  async function handler(bytes: Uint8Array, from: Address): Promise<Uint8Array> {
    const request = decodeRequest(bytes);
    const open = sessions.get(request.ring);
    if (open) return encodeReply(await open.session.handle(request, from));
    const answer: Answer = closed.has(request.ring) ? 'gone' : 'unknown';
    return encodeReply({ answer, absent: 0n, progress: 0, notices: [] });
  }

  return {
    start() {
      if (end) return;
      const unserve = peer.serve(ringProtocol, {
        get maxRequest() {
          return Math.max(maxPlain, ...[...sessions.values()].map(({ maxRequest }) => maxRequest));
        },
        handler,
      });
      const deaf = peer.onDisconnect((account) => {
        for (const { session } of sessions.values()) session.lost(account);
      });
      end = () => {
        unserve();
        deaf();
      };
    },

    async stop() {
      end?.();
      end = undefined;
      await Promise.all([...sessions.values()].map(({ session }) => session.stop()));
      sessions.clear();
    },

    open(settings) {
      if (!end) throw new Error('ring service: not started; call start() first');
      const session = openSession(settings, async (to, request, { signal, leaving }) => {
        const bytes = encodeRequest(request);
        leaving(bytes.length);
        const reply = await peer.request(to, {
          protocol: ringProtocol,
          message: bytes,
          maxReply: maxPlain,
          signal,
        });
        return decodeReply(reply);
      });
      const { ring } = session;
      if (sessions.has(ring)) {
        void session.stop();
        throw new Error(`ring ${ring}: open already; one session of it at a time`);
      }
      sessions.set(ring, { session, maxRequest: maxRequestOf(settings.plan) });
      closed.delete(ring);
      const stop = async () => {
        if (sessions.get(ring)?.session !== session) return;
        sessions.delete(ring);
        closed.set(ring, true);
        await session.stop();
      };
      // A session that failed helps nobody, and must not stand in the way of another try.
      session.result.catch(stop);
      return { ring, result: session.result, chains: session.chains, stop };
    },
  };
}

/** The largest hop of a plan: all its links, and the largest segment of its smallest ring, which is two. */
function maxRequestOf(plan: RingPlan): number {
  const largest = Math.max(...[0, 1].map((segment) => partBytes(plan.shape, segmentRange(plan, segment, 2))));
  return Math.max(maxPlain, hopBytes(hopsOf(plan.members.length), largest));
}
