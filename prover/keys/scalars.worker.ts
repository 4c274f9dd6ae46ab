// Thread that evaluates a circuit at a secret and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage } from '../errors.ts';
import { keyScalars } from './generate.ts';
import { parseR1cs } from './r1cs.ts';
import type { ScalarsAnswer, ScalarsJob } from './scalars.ts';

const { name, bytes, secret } = workerData as ScalarsJob;
const port = parentPort!;
try {
  const scalars = keyScalars(parseR1cs(name, bytes), secret);
  const { fixed1, fixed2, ic, a, b, c, h, coefficients } = scalars;
  const buffers = [fixed1, fixed2, ic, a, b, c, h, coefficients].map(({ buffer }) => buffer);
  port.postMessage({ scalars } satisfies ScalarsAnswer, buffers);
} catch (error) {
  port.postMessage({ error: errorMessage(error) } satisfies ScalarsAnswer);
}
