// Benchmark of audits: statements verified a second, each a proof with its opening, in batches and threads as
// an audit does it. The same proof many times costs what as many different ones do.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { PresetName } from '@murmuration/core';
import {
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  proofWords,
  squaredNorm,
  update,
} from '@murmuration/prover';
import { BatchVerifier, type SentClaim } from '../node/audit/index.ts';
import { cacheFolder } from '../node/cli/command/cache_folder.ts';
import { sampleUpdate } from '../node/service/bench/samples.ts';
import { timed, timing } from './prove/statistics.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    preset: { type: 'string', default: 'tiny' },
    proofs: { type: 'string', default: '1024' },
    threads: { type: 'string', default: `${Math.min(2, availableParallelism())}` },
    runs: { type: 'string', default: '5' },
  },
});
const [proofs, threads, runs] = [values.proofs, values.threads, values.runs].map(Number) as [
  number,
  number,
  number,
];
const gamma = 0xfedcba9876543210fedcba9876543210n;

const keys = await ensureDevelopmentKeys(values.preset as PresetName, { cacheFolder: cacheFolder() });
const backend = createBackend({ name: 'snarkjs' });
await backend.start();
const prover = createProver(keys, backend);
const vector = sampleUpdate(prover.preset);
const { commitment, h } = await prover.commit('update', vector);
const { y, proof: opening } = await prover.open('update', vector, gamma);
const normBound = squaredNorm(vector.coordinates);
const { proof } = await prover.prove(update, { claim: { h, gamma, y, normBound }, secret: vector });
await backend.stop();

const claim: SentClaim = {
  circuit: 'update',
  proof: proofWords(proof),
  signals: [h, gamma, y, normBound],
  opening: { commitment, gamma, y, proof: opening },
};
const keyOf = (circuit: 'update' | 'aggregate' | 'alignment') => keys.circuit(circuit).verifyingKey;
const verifier = new BatchVerifier({
  keys: { update: keyOf('update'), aggregate: keyOf('aggregate'), alignment: keyOf('alignment') },
  tauG2: keys.srs.tauG2,
  threads,
});

/** Milliseconds for all of them. */
async function verifyAll(): Promise<number> {
  const { result, ms } = await timed(async () => {
    const verdicts = Array.from({ length: proofs }, () => verifier.verify([claim]));
    verifier.flush();
    return Promise.all(verdicts);
  });
  if (!result.every(Boolean)) throw new Error('a measured proof does not hold');
  return ms;
}

// The first run loads code and keys in every thread; it is not counted.
await verifyAll();
const times: number[] = [];
for (let run = 0; run < runs; run++) times.push(await verifyAll());
await verifier.stop();
const perSecond = timing(times.map((ms) => (1000 * proofs) / ms));
if (values.json) console.log(JSON.stringify({ preset: values.preset, proofs, threads, runs, perSecond }));
else
  console.log(
    `${proofs} proofs of update/${values.preset}, each with its opening, on ${threads} threads, ${runs} runs: ` +
      `median ${perSecond.median.toFixed(0)} a second, spread ${perSecond.spread.toFixed(0)}`,
  );
