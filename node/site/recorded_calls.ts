// An account's calls, written into its site's log before they leave for the chain's node; each transaction carries
// the log's head behind its call data.
import { Recent } from '@murmuration/core';
import { type Hex, hexToBytes, size } from 'viem';
import type { Outgoing } from '../chain/index.ts';
import { digestOf } from '../protocol/index.ts';
import type { SiteLog } from './site_log.ts';

/** Bytes of a head, which a transaction carries. */
export const anchorBytes = 32;

/** What a log has of a call that is tried, which carries the same as the transaction, if it is sent. */
export const triedCall = (call: string): string => `${call}, to be tried`;

/** Records calls. */
export function recordedCalls(log: SiteLog): Outgoing {
  const shown = new Recent();
  const digestOfCall = (data: Hex) => digestOf(hexToBytes(data));
  return {
    async shows({ to, call, data }) {
      const digest = digestOfCall(data);
      // What the node has seen tells it nothing when it sees it again; roles try some calls at every look.
      if (shown.has(digest)) return;
      const { became } = await log.leaving({
        place: 'chain',
        what: triedCall(call),
        to,
        bytes: size(data),
        digest,
      });
      shown.set(digest, true);
      became('left');
    },
    async sends({ to, call, data, nonce }) {
      const bytes = size(data) + anchorBytes;
      const digest = digestOfCall(data);
      const { head, became } = await log.leaving({ place: 'chain', what: call, to, bytes, digest, nonce });
      return {
        anchor: head,
        mined: (as) => became('left', { as }),
        lost: (why) => became('unsure', { why }),
      };
    },
    keptBack({ to, call }, why) {
      log.refused({ what: `transaction ${call}`, to, why });
    },
  };
}
