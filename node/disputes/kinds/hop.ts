// A wrong hop: the first one of a signed chain that is not the partial sum of the ciphertexts. What its sender
// received was right, by the message that it signed itself (node/ring/verdict.ts).
import { getAddress, hexToBytes } from 'viem';
import { addendsOf, type RoundEntry } from '../../chain/index.ts';
import { loadCiphertexts } from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { encryptionBinding, subjectOf } from '../../protocol/index.ts';
import {
  type Chain,
  ciphertextShape,
  decodeChain,
  type Fault,
  firstWrongHop,
  residuesOf,
  roundPlan,
} from '../../ring/index.ts';
import { type Court, clears, convicts, type Ruling } from '../court.ts';
import type { EvidenceOf } from '../evidence.ts';

/** A ring's chains, and the sum that they are of. */
export interface RingChains {
  readonly entry: RoundEntry;
  readonly sum: number;
  readonly chains: readonly Chain[];
}

/**
 * The first wrong hop of a round's ring; undefined where all are right.
 * @throws NodeError `peer` for chains that are no evidence; what the store throws, and HeError, where a ciphertext
 * cannot be had, so that no partial sum can be told.
 */
export async function wrongHop(court: Court, { entry, sum, chains }: RingChains): Promise<Fault | undefined> {
  const { domain, task, he, store, signal, chunks } = court;
  const { group } = await court.key();
  const addends = addendsOf(entry, sum);
  const plan = roundPlan({
    domain,
    task,
    round: entry.number,
    sum,
    members: entry.submitted.update.map(({ sender }) => sender),
    addends,
    shape: ciphertextShape(he, chunks),
  });
  const load = async (addend: number) => {
    const { sender, digests } = addends[addend]!;
    const { chainId, contract } = domain;
    const binding = encryptionBinding({
      subject: subjectOf(sum),
      chainId,
      contract,
      task,
      round: entry.number,
      sender,
    });
    return residuesOf(
      { he, group },
      await loadCiphertexts({ he, group, store, signal }, { digests, binding }),
    );
  };
  return firstWrongHop(plan, load, chains);
}

/** Judges evidence of a wrong hop. */
export async function judgeHop(
  court: Court,
  entry: RoundEntry,
  { sum, chain, culprit }: EvidenceOf<'hop'>,
): Promise<Ruling> {
  let fault: Fault | undefined;
  try {
    fault = await wrongHop(court, { entry, sum, chains: [decodeChain(hexToBytes(chain))] });
  } catch (error) {
    // Of another ring, signed by somebody else, cut short.
    if (error instanceof NodeError && (error.code === 'peer' || error.code === 'wire'))
      return clears(error.message);
    throw error;
  }
  if (!fault) return clears('every hop of the chain is right');
  if (getAddress(fault.culprit) !== culprit) return clears(`the first wrong hop is that of ${fault.culprit}`);
  return convicts;
}
