// A key that takes a point for thousands of public signals: what the point is, that nothing is lost by it, and
// that its bases are those of the key.

import {
  alignment,
  alignmentSteps,
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  type Groth16Proof,
  type KeySet,
  type Prover,
  type ProverBackend,
  type ReferenceChunk,
  randomBlinding,
  verifyBatch,
  verifyGroth16,
} from '@murmuration/prover';
import { bn254 } from '@noble/curves/bn254.js';
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkProof } from '../../../prover/backends/result.ts';
import { checkBases, encodeBases, foldKey } from '../../../prover/keys/bases.ts';
import { readZkey } from '../../../prover/keys/index.ts';
import { type G1, g1ToPoint, parseG1 } from '../../../prover/kzg/points.ts';
import { referenceInputs } from '../../../prover/references.ts';
import { cacheFolder } from '../../cache_folder.ts';

const K = 96;
const references: ReferenceChunk = {
  groups: [
    Int8Array.from({ length: K }, (_, j) => ((j * 37) % 255) - 127),
    Int8Array.from({ length: K }, (_, j) => (j % 2 ? -127 : 127)),
    new Int8Array(K),
    ...[-127, -1, 1, 127].map((value) => new Int8Array(K).fill(value)),
  ],
  squaredLength: 123_456n,
  chunk: 0,
  chunks: 1,
};
let keys: KeySet;
let backend: ProverBackend;
let prover: Prover;
/** Two updates against the same references. */
const proven: { proof: Groth16Proof; words: readonly bigint[] }[] = [];

beforeAll(async () => {
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  backend = createBackend({ name: 'wasm', cacheFolder });
  await backend.start();
  prover = createProver(keys, backend);
  const point = await prover.referencePoint(references);
  for (const value of [3, -5]) {
    const update = { coordinates: new Int32Array(K).fill(value), blinding: randomBlinding() };
    const { h } = await prover.commit('update', update);
    const subject = { update: [update], references: [references] };
    const [step] = await alignmentSteps(prover.preset, subject, { hUpdate: [h], points: [point] });
    const { proof, publicSignals } = await prover.prove(alignment, step!);
    proven.push({ proof, words: publicSignals });
  }
});
afterAll(() => backend.stop());

describe('the point', () => {
  it('is the sum of the inputs’ multiples of the bases', async () => {
    const { bases } = keys.circuit('alignment');
    const inputs = Object.values(referenceInputs(prover.preset, references)).flat();
    expect(inputs).toHaveLength(bases.length);
    expect(bases).toHaveLength(3 + K);
    const sum = bases.reduce<G1>(
      (total, base, i) => total.add(parseG1('base', base).multiplyUnsafe(inputs[i]!)),
      bn254.G1.Point.ZERO,
    );
    expect(await prover.referencePoint(references)).toEqual(g1ToPoint(sum));
    // A backend without arithmetic of its own, and one before its start.
    for (const name of ['snarkjs', 'wasm'] as const) {
      const plain = createProver(keys, createBackend({ name }));
      expect(await plain.referencePoint(references)).toEqual(g1ToPoint(sum));
    }
  });

  it('proves what the whole key proves with every signal on its own', async () => {
    const { verifyingKey: whole } = await readZkey(keys.circuit('alignment').provingKey.zkeyPath);
    expect(whole.ic).toHaveLength(1 + 3 + 3 + K);
    const inputs = Object.values(referenceInputs(prover.preset, references)).flat();
    const { proof, words } = proven[0]!;
    const signals = [...words.slice(0, 3), ...inputs];
    expect(verifyGroth16(whole, proof, signals)).toBe(true);
    const other = signals.with(-1, (signals.at(-1)! + 1n) % prover.preset.maxNormBound);
    expect(verifyGroth16(whole, proof, other)).toBe(false);
  });

  it('belongs to its own proof in a batch: moved from one to another it fails, though the sum stays', () => {
    const { verifyingKey: key } = keys.circuit('alignment');
    const { tauG2 } = keys.srs;
    const batch = (shift: (i: number) => bigint) => ({
      proofs: proven.map(({ proof, words }, i) => {
        const [x, y] = words.slice(3) as [bigint, bigint];
        const moved = parseG1('point', { x, y }).add(bn254.G1.Point.BASE.multiply(shift(i)));
        const point = g1ToPoint(moved);
        return { key, proof, publicSignals: [...words.slice(0, 3), point.x, point.y] };
      }),
      openings: [],
      tauG2,
    });
    const { ORDER } = bn254.fields.Fr;
    const honest = {
      proofs: proven.map(({ proof, words }) => ({ key, proof, publicSignals: words })),
      openings: [],
      tauG2,
    };
    expect(verifyBatch(honest)).toBe(true);
    expect(verifyBatch(batch((i) => (i === 0 ? 7n : ORDER - 7n)))).toBe(false);
  });

  it('is wanted, and by such keys alone', () => {
    const { verifyingKey: key } = keys.circuit('alignment');
    const { proof, words } = proven[0]!;
    expect(() => verifyGroth16(key, proof, words.slice(0, 3))).toThrow(
      /3 public signals, but this key has 5/,
    );
    expect(() => verifyGroth16(key, proof, words.with(4, words[4]! + 1n))).toThrow(/not on BN254/);
    const update = keys.circuit('update');
    const result = { proof, publicSignals: words, proveMs: 0, engine: 'none' };
    const given = { key: update.provingKey, point: { x: words[3]!, y: words[4]! } };
    expect(() => checkProof({ request: given, verifyingKey: update.verifyingKey }, result)).toThrow(
      /a point was given/,
    );
    const request = { key: keys.circuit('alignment').provingKey };
    expect(() => checkProof({ request, verifyingKey: key }, result)).toThrow(/a point was left out/);
  });
});

describe('the bases', () => {
  it('are hashed as Solidity encodes them', () => {
    const { bases, verifyingKey } = keys.circuit('alignment');
    const layout = parseAbiParameters(['G1[] bases', 'struct G1 { uint256 x; uint256 y; }']);
    expect(verifyingKey.bases).toBe(keccak256(encodeAbiParameters(layout, [bases])));
    expect(verifyingKey.ic).toHaveLength(4);
    expect(encodeBases(bases)).toHaveLength(64 * bases.length);
  });

  it('another one is another key; infinity binds nothing and is refused', async () => {
    const { verifyingKey: whole } = await readZkey(keys.circuit('alignment').provingKey.zkeyPath);
    const swapped = whole.ic.with(5, whole.ic[6]!).with(6, whole.ic[5]!);
    const other = foldKey({ ...whole, ic: swapped }, 3);
    expect(other.key.bases).not.toBe(keys.circuit('alignment').verifyingKey.bases);
    const unbound = foldKey({ ...whole, ic: whole.ic.with(50, { x: 0n, y: 0n }) }, 3);
    expect(() => checkBases('key', unbound.bases)).toThrow(/base 46 is infinity/);
  });
});
