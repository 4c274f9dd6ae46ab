// Encryption proofs that held. The same ciphertexts are fetched for inspection, for the ring's own addend, for the prover
// and for each further try, by several roles of one process: each proof is checked once.
import { createHash } from 'node:crypto';
import { Recent } from '@murmuration/core';
import type { He } from '@murmuration/he';

/** Most proofs that are remembered: submissions of some rounds of the largest federation. */
const capacity = 4096;

type ProvenEncryption = Parameters<He['checkEncryption']>[0];

/** What held, by a digest of all that the check reads. */
const held = new Recent(capacity);

/**
 * `checkEncryption`, unless it held before for the same bytes under the same key group.
 * @throws HeError as `checkEncryption` does; what fails is not remembered.
 */
export function checkEncryptionOnce(he: Pick<He, 'checkEncryption'>, encryption: ProvenEncryption): void {
  const name = nameOf(encryption);
  if (held.has(name)) return;
  he.checkEncryption(encryption);
  held.set(name, true);
}

/** Each part is hashed with its length, or two encryptions could share a name. The group's id binds its key. */
function nameOf({ group, ciphertexts, proof, binding }: ProvenEncryption): string {
  const hash = createHash('sha256');
  for (const part of [group.id, binding, proof, ...ciphertexts]) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
