// Runs steps of phase 2, each in a thread that ends with it.
import { startSibling } from '@murmuration/core/sibling';
import { ProverError } from '../errors.ts';
import type { Step, StepResult } from './phase2.worker.ts';

/** Runs a step and resolves to its result, good or bad. */
export async function runStep(step: Step): Promise<StepResult> {
  const worker = startSibling(import.meta.url, 'phase2.worker', step);
  try {
    return await new Promise<StepResult>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new ProverError('ceremony', `the ceremony's thread ended with code ${code}`)),
      );
    });
  } finally {
    await worker.terminate();
  }
}

/**
 * Runs a step that makes a key; resolves to its hash: of the circuit for a new key, else of the contribution.
 */
export async function makeKey(id: string, step: Exclude<Step, { type: 'verify' }>): Promise<string> {
  const { ok, hash, complaints } = await runStep(step);
  if (!ok || hash === undefined) {
    throw new ProverError('ceremony', `${id}: snarkjs refused to ${step.type}: ${complaints.join('; ')}`);
  }
  return hash;
}
