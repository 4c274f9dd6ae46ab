// Whether keys are for this version's circuits, and their powers of one secret.
import type { KeySet } from '@murmuration/prover';
import { findForeignCircuits, verifySrs } from '@murmuration/prover/ceremony';
import { NodeError } from '../../../errors.ts';

/**
 * Checks what loading keys does not show; a deployment to a chain where money is real does it first.
 * @throws NodeError `input` naming the circuits that differ, or the powers.
 */
export async function verifyOrigin(
  keys: KeySet,
  { cache, log }: { readonly cache: string; readonly log: (line: string) => void },
): Promise<void> {
  log('circuits of this version ...');
  const foreign = await findForeignCircuits(keys, { cacheFolder: cache });
  if (foreign.length > 0)
    throw new NodeError('input', `${foreign.join(', ')}: the keys are for another version of the circuit`, {
      mend: 'Make or get new keys.',
    });
  log('powers of one secret ...');
  if (!(await verifySrs(keys.srs)))
    throw new NodeError('input', `${keys.folder}: powers.srs is not powers of one secret`, {
      mend: 'Make or get the keys again.',
    });
}
