// The proofs of a call, as its transaction carries them: what they must be proofs of is computed here, from
// the call, its sender and the books; nothing of it is taken from the contracts' word.
import {
  type Circuit,
  type Deployment,
  type ProvenChunk,
  type ProvenSumChunk,
  roundsAbi,
  settlementAbi,
} from '@murmuration/contracts';
import { fieldOrder } from '@murmuration/core';
import type { ChallengeSubject, G1Point } from '@murmuration/prover';
import { decodeFunctionData, getAddress, isAddressEqual } from 'viem';
import { gammaOf, type Subject, updateSum } from '../../protocol/index.ts';
import type { TaskBook } from '../replay/book.ts';
import type { Transaction } from '../replay/replay.ts';
import { totalsOf } from '../replay/submissions.ts';

/** A proof and, where a commitment is opened, its opening; the words stand as they were sent. */
export interface SentClaim {
  readonly circuit: Circuit;
  readonly proof: readonly bigint[];
  readonly signals: readonly bigint[];
  readonly opening?: {
    readonly commitment: G1Point;
    readonly gamma: bigint;
    readonly y: bigint;
    readonly proof: G1Point;
  };
}

/** What is proven of a call: all of it holds, or the call is rejected as a whole. */
export interface SentStatement {
  readonly kind: 'update' | 'probe' | 'sum' | 'alignment';
  /** Number of the sum, of a sum. */
  readonly sum?: number;
  readonly claims: readonly SentClaim[];
}

/** Below it lies every word of figures that a proof can be of: seven bytes, and a bucket below 64. */
const wordLimit = 2n ** 62n;

/**
 * The statement that a transaction proves.
 * @param book before the transaction.
 * @returns undefined for a call that proves nothing, or that cannot be read.
 */
export function statementOf(
  { chainId, rounds, settlement }: Deployment,
  book: TaskBook,
  { from, to, input }: Pick<Transaction, 'from' | 'to' | 'input'>,
): SentStatement | undefined {
  if (to === null) return undefined;
  const about = { chainId, contract: getAddress(rounds), task: book.task, round: book.round, sender: from };
  if (isAddressEqual(to, rounds)) {
    const call = decodeFunctionData({ abi: roundsAbi, data: input });
    if (call.functionName === 'submitUpdate' || call.functionName === 'submitProbe') {
      const kind = call.functionName === 'submitUpdate' ? 'update' : 'probe';
      return {
        kind,
        claims: updateClaims({ ...about, subject: kind }, { book, kind, chunks: call.args[3] }),
      };
    }
    if (call.functionName !== 'submitAggregate') return undefined;
    const sum = Number(call.args[2]);
    const subject = sum === updateSum ? 'update-sum' : 'probe-sum';
    const totals = totalsOf(book, sum);
    return { kind: 'sum', sum, claims: sumClaims({ ...about, subject }, { totals, chunks: call.args[4] }) };
  }
  if (!isAddressEqual(to, settlement)) return undefined;
  const call = decodeFunctionData({ abi: settlementAbi, data: input });
  if (call.functionName !== 'proveAlignment') return undefined;
  const [, , trainer, , references, chunks] = call.args;
  const sponges = book.seats.get(getAddress(trainer))?.sponges ?? [];
  return {
    kind: 'alignment',
    claims: chunks.map(({ out, proof }, at) => ({
      circuit: 'alignment',
      proof,
      // A last word beyond the limit is no figures, and no proof is asked for it: here it is no signal
      // either.
      signals: [
        sponges[at] ?? fieldOrder,
        at === 0 ? 0n : chunks[at - 1]!.out,
        at === chunks.length - 1 && out >= wordLimit ? fieldOrder : out,
        references[at]?.x ?? 0n,
        references[at]?.y ?? 0n,
      ],
    })),
  };
}

type About = Parameters<typeof gammaOf>[0] & { readonly subject: ChallengeSubject };

function updateClaims(
  about: About,
  {
    book,
    kind,
    chunks,
  }: { readonly book: TaskBook; readonly kind: Subject; readonly chunks: readonly ProvenChunk[] },
): SentClaim[] {
  const { normBound, probeNormBound } = book.terms!.parameters;
  const bound = kind === 'update' ? normBound : probeNormBound;
  return chunks.map((chunk, at) => {
    const { commitment, proof } = chunk;
    const { gamma, opening } = challenged(about, { at, commitment, chunk });
    return { circuit: 'update', proof, signals: [chunk.h, gamma, chunk.y, bound], opening };
  });
}

function sumClaims(
  about: About,
  { totals, chunks }: { readonly totals: readonly G1Point[]; readonly chunks: readonly ProvenSumChunk[] },
): SentClaim[] {
  return chunks.map((chunk, at) => {
    const commitment = totals[at] ?? { x: 0n, y: 0n };
    const { gamma, opening } = challenged(about, { at, commitment, chunk });
    return { circuit: 'aggregate', proof: chunk.proof, signals: [chunk.h, gamma, chunk.y], opening };
  });
}

function challenged(
  about: About,
  {
    at,
    commitment,
    chunk,
  }: { readonly at: number; readonly commitment: G1Point; readonly chunk: ProvenSumChunk },
) {
  const { h, digest, y, opening: proof } = chunk;
  // A sponge beyond the field has no challenge; as a signal it makes the claim false.
  const gamma = h < fieldOrder ? gammaOf(about, { chunk: at, commitment, h, digest }) : 0n;
  return { gamma, opening: { commitment, gamma, y, proof } };
}
