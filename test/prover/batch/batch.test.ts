// Single and batch verification on the round in the vectors; forgeries that pass where a guarantee is
// removed.
import { fieldOrder } from '@murmuration/core';
import {
  type Batch,
  findFalseClaims,
  type Groth16Proof,
  proofFromWords,
  proofWords,
  type VerifyingKey,
  verifyBatch,
  verifyGroth16,
  verifyOpening,
} from '@murmuration/prover';
import { bn254 } from '@noble/curves/bn254.js';
import { describe, expect, it } from 'vitest';
import { pairingProductIsOne } from '../../../prover/kzg/pairing.ts';
import { g1ToPoint, parseG1, parseG2 } from '../../../prover/kzg/points.ts';
import { g1, g2, readVectors } from '../support/words.ts';

interface Chunk {
  readonly commitment: string[];
  readonly gamma: string;
  readonly y: string;
  readonly opening: string[];
  readonly proof: string[];
  readonly publicSignals: string[];
}
interface Round {
  readonly verifyingKeys: Record<
    'update' | 'aggregate' | 'alignment',
    {
      alpha: string[];
      beta: string[];
      gamma: string[];
      delta: string[];
      ic: string[][];
      bases?: `0x${string}`;
    }
  >;
  readonly tauG2: string[];
  readonly updates: { chunks: Chunk[] }[];
  readonly probes: { chunks: Chunk[] }[];
  readonly updateSum: { chunks: Chunk[] };
  readonly probeSum: { chunks: Chunk[] };
  readonly alignments: { chunks: Pick<Chunk, 'proof' | 'publicSignals'>[] }[];
}

const rounds = readVectors<Record<'tiny' | 'quick', Round>>('proofs');

function batchOf(round: Round): Batch {
  const key = (name: keyof Round['verifyingKeys']): VerifyingKey => {
    const { alpha, beta, gamma, delta, ic, bases } = round.verifyingKeys[name];
    return { alpha: g1(alpha), beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic: ic.map(g1), bases };
  };
  const keys = { update: key('update'), aggregate: key('aggregate'), alignment: key('alignment') };
  const claim = (name: keyof typeof keys) => (chunk: Pick<Chunk, 'proof' | 'publicSignals'>) => ({
    key: keys[name],
    proof: proofFromWords(chunk.proof.map(BigInt)),
    publicSignals: chunk.publicSignals.map(BigInt),
  });
  const vectors = [...round.updates, ...round.probes].flatMap(({ chunks }) => chunks);
  const sums = [...round.updateSum.chunks, ...round.probeSum.chunks];
  return {
    proofs: [
      ...vectors.map(claim('update')),
      ...sums.map(claim('aggregate')),
      ...round.alignments.flatMap(({ chunks }) => chunks.map(claim('alignment'))),
    ],
    openings: [...vectors, ...sums].map(({ commitment, gamma, y, opening }) => ({
      commitment: g1(commitment),
      gamma: BigInt(gamma),
      y: BigInt(y),
      proof: g1(opening),
    })),
    tauG2: g2(round.tauG2),
  };
}

describe.each(['tiny', 'quick'] as const)('the round of %s in the vectors', (name) => {
  const batch = batchOf(rounds[name]);
  it('holds, one by one', () => {
    for (const { key, proof, publicSignals } of batch.proofs)
      expect(verifyGroth16(key, proof, publicSignals)).toBe(true);
    for (const opening of batch.openings) expect(verifyOpening(batch.tauG2, opening)).toBe(true);
  });
  it('holds as one product', () => {
    expect(verifyBatch(batch)).toBe(true);
    expect(findFalseClaims(batch)).toEqual([]);
  });
});

const batch = batchOf(rounds.tiny);
const first = batch.proofs[0]!;

describe('a batch', () => {
  it('of nothing holds', () => {
    expect(verifyBatch({ proofs: [], openings: [], tauG2: batch.tauG2 })).toBe(true);
  });
  it('fails and names a wrong signal, a swapped proof, a wrong opening, a malformed point', () => {
    const proofs = [...batch.proofs];
    proofs[1] = { ...proofs[1]!, publicSignals: proofs[1]!.publicSignals.with(2, 1n) };
    proofs[3] = { ...proofs[3]!, proof: first.proof };
    const openings = [...batch.openings];
    openings[2] = { ...openings[2]!, y: openings[2]!.y + 1n };
    expect(verifyBatch({ ...batch, proofs, openings })).toBe(false);
    proofs[4] = { ...proofs[4]!, proof: { ...first.proof, a: { x: 1n, y: 1n } } };
    expect(() => verifyBatch({ ...batch, proofs, openings })).toThrow(/proof\.a/);
    expect(findFalseClaims({ ...batch, proofs, openings })).toEqual([
      { kind: 'proof', index: 1 },
      { kind: 'proof', index: 3 },
      { kind: 'proof', index: 4, reason: expect.stringMatching(/proof\.a/) },
      { kind: 'opening', index: 2 },
    ]);
  });

  // Two openings wrong by +d and -d cancel in a plain sum; random weights keep them apart.
  it('is not fooled by errors that cancel', () => {
    const [a, b] = [batch.openings[0]!, batch.openings[1]!];
    const d = bn254.G1.Point.BASE.multiply(77n);
    const moved = [
      { ...a, commitment: g1ToPoint(parseG1('c', a.commitment).add(d)) },
      { ...b, commitment: g1ToPoint(parseG1('c', b.commitment).subtract(d)) },
    ];
    const left = moved.map(({ commitment, y, gamma, proof }) =>
      parseG1('c', commitment)
        .subtract(bn254.G1.Point.BASE.multiply(y))
        .add(parseG1('p', proof).multiply(gamma)),
    );
    const right = moved.map(({ proof }) => parseG1('p', proof));
    const unweighted = pairingProductIsOne([
      { g1: left[0]!.add(left[1]!), g2: bn254.G2.Point.BASE },
      { g1: right[0]!.add(right[1]!).negate(), g2: parseG2('tau', batch.tauG2) },
    ]);
    expect(unweighted).toBe(true);
    expect(verifyBatch({ proofs: [], openings: moved, tauG2: batch.tauG2 })).toBe(false);
  });
});

describe('one proof', () => {
  it('reads and writes its words', () => {
    expect(proofFromWords(proofWords(first.proof))).toEqual(first.proof);
    expect(() => proofFromWords(proofWords(first.proof).slice(1))).toThrow(/has 7 words/);
  });
  it('does not hold for another signal, and an alias is refused', () => {
    first.publicSignals.forEach((signal, i) => {
      expect(
        verifyGroth16(first.key, first.proof, first.publicSignals.with(i, (signal + 1n) % fieldOrder)),
      ).toBe(false);
      const alias = first.publicSignals.with(i, signal + fieldOrder);
      expect(() => verifyGroth16(first.key, first.proof, alias)).toThrow(
        expect.objectContaining({ code: 'field', mend: expect.stringMatching(/aliases are refused/) }),
      );
    });
    expect(() => verifyGroth16(first.key, first.proof, first.publicSignals.slice(1))).toThrow(
      /3 public signals/,
    );
  });
  it('does not hold under another key', () => {
    const other = batch.proofs.at(-1)!.key;
    const padded = { ...other, ic: [...other.ic, first.key.ic[4]!], bases: undefined };
    expect(verifyGroth16(padded, first.proof, first.publicSignals)).toBe(false);
  });

  // Without the check of gamma = delta this is accepted: A = alpha, B = beta, C = -IC(signals), for any
  // signals at all.
  it('cannot be forged, as it can under a key with gamma = delta', () => {
    const unsound: VerifyingKey = { ...first.key, delta: first.key.gamma };
    const signals = [1n, 2n, 3n, 4n];
    const ic = unsound.ic.map((point, i) => parseG1('ic', point).multiply(i === 0 ? 1n : signals[i - 1]!));
    const statement = ic.reduce((sum, point) => sum.add(point));
    const forged: Groth16Proof = { a: unsound.alpha, b: unsound.beta, c: g1ToPoint(statement.negate()) };
    const holds = pairingProductIsOne([
      { g1: parseG1('a', forged.a).negate(), g2: parseG2('b', forged.b) },
      { g1: parseG1('alpha', unsound.alpha), g2: parseG2('beta', unsound.beta) },
      { g1: statement, g2: parseG2('gamma', unsound.gamma) },
      { g1: parseG1('c', forged.c), g2: parseG2('delta', unsound.delta) },
    ]);
    expect(holds).toBe(true);
    expect(() => verifyGroth16(unsound, forged, signals)).toThrow(/gamma equals delta/);
    expect(() =>
      verifyBatch({
        proofs: [{ key: unsound, proof: forged, publicSignals: signals }],
        openings: [],
        tauG2: batch.tauG2,
      }),
    ).toThrow(/gamma equals delta/);
  });
});
