// Measures verification of many updates at once against one by one. The same proof many times costs what as
// many different ones do.

import {
  createProver,
  type KeySet,
  type ProverBackend,
  squaredNorm,
  update,
  verifyBatch,
  verifyGroth16,
} from '@murmuration/prover';
import { sampleUpdate } from '../../node/service/bench/samples.ts';
import { type Timing, timed, timing } from './statistics.ts';

/** Milliseconds for `updates` proofs with as many openings. */
export interface MeasuredBatch {
  readonly updates: number;
  readonly single: Timing;
  readonly batch: Timing;
}

const gamma = 0xfedcba9876543210fedcba9876543210n;

/** @param backend started. */
export async function measureBatches(
  keys: KeySet,
  backend: ProverBackend,
  sizes: readonly number[],
  runs: number,
): Promise<MeasuredBatch[]> {
  const prover = createProver(keys, backend);
  const vector = sampleUpdate(prover.preset);
  const { commitment, h } = await prover.commit('update', vector);
  const opening = { commitment, gamma, ...(await prover.open('update', vector, gamma)) };
  const claim = { h, gamma, y: opening.y, normBound: squaredNorm(vector.coordinates) };
  const { proof, publicSignals } = await prover.prove(update, { claim, secret: vector });
  const key = keys.circuit('update').verifyingKey;
  const repeat = async (work: () => boolean) => {
    const times: number[] = [];
    for (let i = 0; i < runs; i++) {
      const { result, ms } = await timed(work);
      if (!result) throw new Error('a measured batch does not hold');
      times.push(ms);
    }
    return timing(times);
  };
  const measured: MeasuredBatch[] = [];
  for (const updates of sizes) {
    const batch = {
      proofs: new Array(updates).fill({ key, proof, publicSignals }),
      openings: new Array(updates).fill(opening),
      tauG2: keys.srs.tauG2,
    };
    const one = () => verifyGroth16(key, proof, publicSignals) && prover.verifyOpening(opening);
    const single = await repeat(() => Array.from({ length: updates }, one).every(Boolean));
    measured.push({ updates, single, batch: await repeat(() => verifyBatch(batch)) });
  }
  return measured;
}
