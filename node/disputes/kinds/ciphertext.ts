// Ciphertexts that are none, or whose encryption proof fails. The chain names them by digest, so what is there under
// that digest is what their sender sent.
import type { RoundEntry } from '../../chain/index.ts';
import { isSomethingElse, loadCiphertexts } from '../../cryptography/index.ts';
import { encryptionBinding, subjects } from '../../protocol/index.ts';
import { type Court, clears, convicts, type Ruling } from '../court.ts';
import type { EvidenceOf } from '../evidence.ts';

/** Judges evidence of wrong ciphertexts. */
export async function judgeCiphertext(
  { domain, task, he, store, signal, key }: Court,
  { submitted, number: round }: RoundEntry,
  { culprit }: EvidenceOf<'ciphertext'>,
): Promise<Ruling> {
  const subject = subjects.find((each) => submitted[each].some(({ sender }) => sender === culprit));
  if (!subject) return clears(`${culprit} has no accepted submission in round ${round}`);
  const { digests } = submitted[subject].find(({ sender }) => sender === culprit)!;
  const { group } = await key();
  const binding = encryptionBinding({ subject, ...domain, task, round, sender: culprit });
  try {
    await loadCiphertexts({ he, group, store, signal }, { digests, binding });
    return clears('they are ciphertexts, and their proof holds');
  } catch (error) {
    if (isSomethingElse(error)) return convicts;
    throw error;
  }
}
