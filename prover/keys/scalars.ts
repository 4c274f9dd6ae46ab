// Evaluates a circuit at a secret in a thread that ends with its answer: seconds for large circuits.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { startSibling } from '@murmuration/core/sibling';
import { type ErrorMessage, errorOf } from '../errors.ts';
import type { KeyScalars } from './generate.ts';
import { parseR1cs } from './r1cs.ts';
import type { Secret } from './secret.ts';

export interface ScalarsJob {
  /** Names the constraints in errors. */
  readonly name: string;
  /** An R1CS file. */
  readonly bytes: Uint8Array;
  readonly secret: Secret;
}

export type ScalarsAnswer = { readonly scalars: KeyScalars } | { readonly error: ErrorMessage };

/**
 * The numbers of a key.
 *
 * @param path of the circuit's R1CS file.
 * @throws {ProverError} `key-file` for constraints that name what is not there.
 * @throws {CircuitError} for a file that is no R1CS.
 */
export async function scalarsInThread(path: string, secret: Secret): Promise<KeyScalars> {
  const job: ScalarsJob = { name: path, bytes: await readFile(path), secret };
  // Another kind of file is told here; the thread finds what is wrong inside.
  parseR1cs(path, job.bytes);
  const worker = startSibling(import.meta.url, 'scalars.worker', job);
  try {
    const [answer] = (await once(worker, 'message')) as [ScalarsAnswer];
    if ('error' in answer) throw errorOf(answer.error);
    return answer.scalars;
  } finally {
    await worker.terminate();
  }
}
