// A consumer of the prover, which needs Node's types.
import { createBackend, createProver, ensureDevelopmentKeys, type Prover, update } from '@murmuration/prover';
import { checkCeremony } from '@murmuration/prover/ceremony';

export async function start(): Promise<Prover> {
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder: '/nowhere' });
  const prover = createProver(keys, createBackend({ name: 'snarkjs' }));
  // @ts-expect-error no statement has this name
  await prover.commit('updates', { coordinates: new Int32Array(96), blinding: [1n, 2n, 3n] });
  // @ts-expect-error a claim has more than one part
  prover.verify(update, { h: 1n }, {});
  return prover;
}

export { checkCeremony };
