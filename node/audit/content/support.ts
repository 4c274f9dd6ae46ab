// The coordinates of a round, merged again from its proposals.
import { reasonOf } from '@murmuration/core';
import { proposalsInOrder, type RoundEntry } from '../../chain/index.ts';
import { isSomethingElse } from '../../cryptography/index.ts';
import { supportShape } from '../../learn/index.ts';
import { decodeProposal, mergeProposals } from '../../protocol/index.ts';
import type { Setting } from './setting.ts';

/** Merges a round's proposals. @returns undefined where one of them cannot be had. */
export async function auditSupport(setting: Setting, entry: RoundEntry): Promise<Uint32Array | undefined> {
  const { checks, contents, description, journal, layout } = setting;
  const shape = supportShape(description, layout, entry.index);
  const proposals: Uint32Array[] = [];
  let whole = true;
  for (const { proposer, digest } of proposalsInOrder(journal, entry)) {
    const subject = `proposal of ${proposer}`;
    const about = { kind: 'proposal', subject, round: entry.number, artifact: digest } as const;
    try {
      const bytes = await contents.of('proposal').get(digest, { maxBytes: shape.count * 4 });
      proposals.push(decodeProposal(bytes, shape));
      checks.pass('proposal');
    } catch (error) {
      if (!isSomethingElse(error)) {
        checks.leave(about, reasonOf(error));
        whole = false;
        continue;
      }
      // Whoever reads it finds the same, and the round goes on as if it had not been made.
      checks.pass('proposal');
      checks.name({
        account: proposer,
        round: entry.number,
        what: 'malformed-proposal',
        text: `proposed something that is no list of the round's coordinates (${reasonOf(error)}); it counted as not made`,
        shownBy: digest,
      });
    }
  }
  return whole ? mergeProposals(proposals, shape) : undefined;
}
