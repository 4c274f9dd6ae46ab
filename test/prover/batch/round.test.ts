// The round in the vectors hangs together, and its proofs serve nobody else: not another sender, round, task,
// contract, chain or ciphertext.
import { createHash } from 'node:crypto';
import {
  type ChallengeInput,
  type ChallengeSubject,
  challenge,
  combine,
  decodeFigures,
  type Figures,
  g1Words,
  proofFromWords,
  type VerifyingKey,
  verifyGroth16,
  verifyOpening,
} from '@murmuration/prover';
import { describe, expect, it } from 'vitest';
import { g1, g2, readVectors } from '../support/words.ts';

interface Chunk {
  readonly commitment: string[];
  readonly h: string;
  readonly digest: string;
  readonly gamma: string;
  readonly y: string;
  readonly opening: string[];
  readonly proof: string[];
  readonly publicSignals: string[];
}
interface Sender<T> {
  readonly sender: string;
  readonly weight: number;
  readonly chunks: T[];
}
interface Round {
  readonly chainId: string;
  readonly contract: string;
  readonly task: string;
  readonly round: string;
  readonly verifyingKeys: Record<
    string,
    { alpha: string[]; beta: string[]; gamma: string[]; delta: string[]; ic: string[][] }
  >;
  readonly tauG2: string[];
  readonly updates: Sender<Chunk>[];
  readonly probes: Sender<Chunk>[];
  readonly updateSum: Sender<Chunk & { bytes: string }>;
  readonly probeSum: Sender<Chunk & { bytes: string }>;
  readonly references: { groups: number[][]; squaredLength: string; point: string[] }[];
  readonly alignments: (Sender<{ publicSignals: string[] }> & Figures)[];
}

const round = readVectors<{ tiny: Round }>('proofs').tiny;
const bytes = (text: string) => Buffer.from(text.slice(2), 'hex');
const inputOf = (
  subject: ChallengeSubject,
  sender: string,
  { commitment, h, digest }: Chunk,
): ChallengeInput => ({
  subject,
  chainId: BigInt(round.chainId),
  contract: round.contract,
  task: BigInt(round.task),
  round: BigInt(round.round),
  sender,
  chunk: 0n,
  commitment: g1(commitment),
  h: BigInt(h),
  digest: bytes(digest),
});
const keyOf = (name: string): VerifyingKey => {
  const { alpha, beta, gamma, delta, ic } = round.verifyingKeys[name]!;
  return { alpha: g1(alpha), beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic: ic.map(g1) };
};
const updateKey = keyOf('update');

describe('the round', () => {
  it.each([
    ['update', round.updates],
    ['probe', round.probes],
    ['update-sum', [round.updateSum]],
    ['probe-sum', [round.probeSum]],
  ] as const)('draws each challenge of kind %s from what it is about', (subject, senders) => {
    for (const { sender, chunks } of senders) {
      for (const chunk of chunks) {
        expect(challenge(inputOf(subject, sender, chunk))).toBe(BigInt(chunk.gamma));
        expect(chunk.publicSignals.slice(0, 3)).toEqual([chunk.h, chunk.gamma, chunk.y]);
      }
    }
  });
  it.each([
    ['updates', round.updates, round.updateSum],
    ['probes', round.probes, round.probeSum],
  ] as const)('sums the commitments and vectors of its %s', (_, parts, sum) => {
    const commitments = parts.map(({ chunks }) => g1(chunks[0]!.commitment));
    const total = sum.chunks[0]!;
    expect(
      combine(
        commitments,
        parts.map(({ weight }) => weight),
      ),
    ).toEqual(g1(total.commitment));
    expect(createHash('sha256').update(bytes(total.bytes)).digest()).toEqual(bytes(total.digest));
  });
  it('measures each trainer against the references of the groups', () => {
    round.alignments.forEach(({ chunks, scores, bucket }, i) => {
      const [hUpdate, before, out, ...point] = chunks[0]!.publicSignals.map(BigInt);
      expect(hUpdate).toBe(BigInt(round.updates[i]!.chunks[0]!.h));
      expect(before).toBe(0n);
      expect(decodeFigures(out!)).toEqual({ scores, bucket });
      expect(Math.min(...scores.slice(0, 2))).toBeGreaterThan(10);
      expect(scores.slice(2)).toEqual([0, 0, 0, 0, 0]);
      expect(point).toEqual(round.references[0]!.point.map(BigInt));
    });
  });
});

describe("a trainer's proof and opening", () => {
  const { sender, chunks } = round.updates[0]!;
  const chunk = chunks[0]!;
  const other = round.updates[1]!;
  const proof = proofFromWords(chunk.proof.map(BigInt));
  const holdsFor = (input: ChallengeInput): boolean[] => {
    const gamma = challenge(input);
    const signals = chunk.publicSignals.map(BigInt).with(0, input.h).with(1, gamma);
    const opening = { commitment: input.commitment, gamma, y: BigInt(chunk.y), proof: g1(chunk.opening) };
    return [verifyGroth16(updateKey, proof, signals), verifyOpening(g2(round.tauG2), opening)];
  };
  const own = inputOf('update', sender, chunk);
  it('hold for what they were made for', () => {
    expect(holdsFor(own)).toEqual([true, true]);
  });
  it.each<[string, Partial<ChallengeInput>]>([
    ['another sender', { sender: other.sender }],
    ['another round', { round: own.round + 1n }],
    ['another task', { task: own.task + 1n }],
    ['another contract', { contract: `0x${'d'.repeat(40)}` }],
    ['another chain', { chainId: 1n }],
    ['another chunk', { chunk: 1n }],
    ['another ciphertext', { digest: bytes(other.chunks[0]!.digest) }],
    ['a probe', { subject: 'probe' }],
    ['another sponge', { h: BigInt(other.chunks[0]!.h) }],
    ['a commitment to another vector', { commitment: g1(other.chunks[0]!.commitment) }],
  ])('do not hold for %s', (_, change) => {
    expect(holdsFor({ ...own, ...change })).toEqual([false, false]);
  });
  it('do not hold under a key with any point moved', () => {
    const signals = chunk.publicSignals.map(BigInt);
    const [x, y] = g1Words(updateKey.ic[1]!);
    const { delta, gamma, beta } = updateKey;
    const mutated: VerifyingKey[] = [
      { ...updateKey, alpha: { x, y } },
      { ...updateKey, beta: delta },
      { ...updateKey, gamma: beta },
      { ...updateKey, delta: beta },
      ...updateKey.ic.map((_, i) => ({ ...updateKey, ic: updateKey.ic.with(i, updateKey.alpha) })),
    ];
    for (const key of mutated) expect(verifyGroth16(key, proof, signals)).toBe(false);
    expect(gamma).not.toEqual(delta);
  });
});
