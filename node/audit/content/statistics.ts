// The encrypted statistics of a task that scales its columns by them: each trainer's proof that its
// ciphertexts are fresh encryptions of its own.
import { reasonOf } from '@murmuration/core';
import { bytesToHex } from 'viem';
import { fetchKeying, isSomethingElse, loadCiphertexts } from '../../cryptography/index.ts';
import { statisticsCoordinates } from '../../learn/index.ts';
import { decodeBundle, encryptionBinding } from '../../protocol/index.ts';
import { announcedDigests } from '../../roles/index.ts';
import type { FormedKey, Setting } from './setting.ts';

/** Verifies what each trainer sent of its columns. */
export async function auditStatistics(
  setting: Setting,
  { epoch, group, trainers }: FormedKey,
): Promise<void> {
  const { checks, contents, deployment, description, he, journal, task } = setting;
  const chunks = Math.ceil(statisticsCoordinates(description.data) / he.params.coordinatesPerChunk);
  if (chunks === 0) return;
  const sent = announcedDigests({ journal }, { kind: 'statistics', number: epoch, trainers });
  const store = contents.of('statistics');
  for (const [index, sender] of trainers.entries()) {
    const artifact = sent.get(index);
    const about = { kind: 'encryption', subject: `statistics of ${sender}`, artifact } as const;
    if (!artifact) {
      checks.leave(about, 'it announced none');
      continue;
    }
    try {
      const digests = decodeBundle(await fetchKeying({ he, store, group }, artifact), chunks).map((bytes) =>
        bytesToHex(bytes),
      );
      const { chainId, rounds: contract } = deployment;
      const bound = { subject: 'statistics', chainId, contract, task, round: epoch, sender } as const;
      await loadCiphertexts({ he, group, store }, { digests, binding: encryptionBinding(bound) });
      checks.pass('encryption');
    } catch (error) {
      if (!isSomethingElse(error)) checks.leave(about, reasonOf(error));
      else {
        checks.fail(about, reasonOf(error));
        const text = 'sent ciphertexts (statistics) that are none, or whose encryption proof is false';
        checks.name({ account: sender, round: 0, what: 'false-ciphertext', text, shownBy: artifact });
      }
    }
  }
}
