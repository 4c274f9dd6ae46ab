// The judge: what evidence comes to, from the evidence, the chain and what the chain names. It asks nobody and
// believes nobody, so every validator signs only what it has verified itself.
import { MurmurationError, walkCauses } from '@murmuration/core';
import { NodeError } from '../errors.ts';
import { mayStillCome } from '../store/index.ts';
import { type Court, clears, open, type Ruling } from './court.ts';
import { decodeEvidence, type Evidence } from './evidence.ts';
import { judgeCiphertext } from './kinds/ciphertext.ts';
import { judgeHop } from './kinds/hop.ts';
import { judgeShare } from './kinds/share.ts';
import { judgeSum } from './kinds/sum.ts';

/**
 * Judges evidence as it was announced. What is no evidence, or of another task, clears; what rests on content that
 * cannot be had now stays open.
 */
export async function judge(court: Court, content: Uint8Array): Promise<Ruling> {
  let evidence: Evidence;
  try {
    evidence = decodeEvidence(content);
  } catch (error) {
    if (error instanceof NodeError && error.code === 'wire') return clears(error.message);
    throw error;
  }
  return judgeEvidence(court, evidence);
}

/** Judges evidence that was read. */
export async function judgeEvidence(court: Court, evidence: Evidence): Promise<Ruling> {
  const { domain, task, journal } = court;
  const { chainId, contract } = evidence;
  if (chainId !== domain.chainId || contract !== domain.contract || evidence.task !== task)
    return clears(`it is about task ${evidence.task} of ${contract} on chain ${chainId}`);
  const entry = journal.rounds.find(({ number }) => number === evidence.round);
  if (!entry) return open(`there is no round ${evidence.round} yet`);
  try {
    if (evidence.kind === 'hop') return await judgeHop(court, entry, evidence);
    if (evidence.kind === 'share') return await judgeShare(court, entry, evidence);
    if (evidence.kind === 'ciphertext') return await judgeCiphertext(court, entry, evidence);
    return await judgeSum(court, entry, evidence);
  } catch (error) {
    if (court.signal?.aborted) return open('there was no time to fetch what it rests on');
    const passing = walkCauses(error, (cause) => mayStillCome(cause) || cause instanceof MurmurationError);
    if (passing) return open(passing.message);
    throw error;
  }
}
