// Evidence from suspicions: what of something wrong in a round shows whose fault it is.
import { bytesToHex } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { type Court, type Evidence, wrongHop, wrongShares } from '../../disputes/index.ts';
import { topicOf } from '../../protocol/index.ts';
import { encodeChain } from '../../ring/index.ts';
import type { Suspicion } from '../runtime/suspicion.ts';

/** Names a suspicion: the same thing is looked at once, however often it is noticed. */
export function suspicionName(suspicion: Suspicion): string {
  const { kind, entry } = suspicion;
  return `${entry.number}/${kind}/${kind === 'ciphertext' ? suspicion.sender : suspicion.sum}`;
}

/**
 * The evidence that a suspicion leads to; none where it cannot be told, or not yet, whose fault it is.
 * @throws what the store throws while something is missing.
 */
export async function evidenceOf(court: Court, suspicion: Suspicion): Promise<readonly Evidence[]> {
  const { entry } = suspicion;
  const about = { version: 1, ...court.domain, task: court.task, round: entry.number } as const;
  switch (suspicion.kind) {
    case 'ring': {
      const { sum, chains } = suspicion;
      const fault = await wrongHop(court, { entry, sum, chains });
      if (!fault) return [];
      const chain = bytesToHex(encodeChain(fault.chain));
      return [{ kind: 'hop', ...about, culprit: fault.culprit, sum, chain }];
    }
    case 'shares': {
      const { sum } = suspicion;
      const announced = firstShares(court, entry);
      const wrong = await wrongShares(court, { entry, sum, announced });
      return wrong.map(({ culprit, share, others }) => ({
        kind: 'share',
        ...about,
        culprit,
        sum,
        share,
        others: [...others],
      }));
    }
    case 'ciphertext':
      return [{ kind: 'ciphertext', ...about, culprit: suspicion.sender }];
    case 'files': {
      const { sum } = suspicion;
      const proven = entry.sums.get(sum);
      return proven ? [{ kind: 'sum', ...about, culprit: proven.prover, sum }] : [];
    }
  }
}

/** What each member announced first as its shares of a round: one that announced several has its first one judged. */
function firstShares({ journal }: Court, { number }: RoundEntry) {
  const topic = topicOf('decryption', number);
  const posts = journal.announcements.filter((post) => post.topic === topic);
  return posts
    .filter(({ sender }, at) => posts.findIndex((post) => post.sender === sender) === at)
    .map(({ sender, digest }) => ({ member: sender, share: digest }));
}
