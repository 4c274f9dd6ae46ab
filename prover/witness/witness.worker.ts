// Thread that runs witness generators, one at a time.
import { parentPort } from 'node:worker_threads';
import { errorMessage } from '../errors.ts';
import { runGenerator } from './generator.ts';
import type { GeneratorJob, WitnessAnswer } from './job.ts';

const port = parentPort!;
port.on('message', (job: GeneratorJob) => {
  try {
    const witness = runGenerator(job);
    port.postMessage({ witness } satisfies WitnessAnswer, [witness.buffer]);
  } catch (error) {
    port.postMessage({ error: errorMessage(error) } satisfies WitnessAnswer);
  }
});
