// One update is committed to, opened at a challenge and proven short; claims that do not fit are refused.
// In the checkout: node examples/one_proof.ts
import * as zk from '@murmuration/prover';

// INSECURE keys from a public seed, for development only: with those of a ceremony nobody can forge.
// Circuits and keys are made once, below build/ where this is run.
const keys = await zk.ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
const backend = zk.createBackend({ name: 'snarkjs' });
await backend.start();
try {
  const prover = zk.createProver(keys, backend);
  const { coordinatesPerChunk } = prover.preset;

  // The trainer's secret: signed coordinates, and blinding that is fresh for every commitment.
  const coordinates = new Int32Array(coordinatesPerChunk).map((_, place) => (place % 7) - 3);
  const vector = { coordinates, blinding: zk.randomBlinding() };

  // First the commitment, then the challenge, which binds the commitment to chain, contract, task, round,
  // sender and ciphertext: no proof can be taken over.
  const { commitment, h } = await prover.commit('update', vector);
  const gamma = zk.challenge({
    subject: 'update',
    chainId: 31337n,
    contract: `0x${'c0'.repeat(20)}`,
    task: 1n,
    round: 0n,
    sender: `0x${'a1'.repeat(20)}`,
    chunk: 0n,
    commitment,
    h,
    digest: new Uint8Array(32),
  });

  // The opening ties the proof to the commitment: both speak of y, the committed polynomial's value at gamma.
  const opening = await prover.open('update', vector, gamma);
  const claim = { h, gamma, y: opening.y, normBound: zk.squaredNorm(coordinates) };
  const { proof } = await prover.prove(zk.update, { claim, secret: vector });

  console.log('the opening holds:', prover.verifyOpening({ commitment, gamma, ...opening }));
  console.log('the proof holds:', prover.verify(zk.update, claim, proof));
  console.log(
    'of a smaller norm:',
    prover.verify(zk.update, { ...claim, normBound: claim.normBound - 1n }, proof),
  );
  console.log('of another value:', prover.verify(zk.update, { ...claim, y: claim.y + 1n }, proof));
} finally {
  await backend.stop();
}
