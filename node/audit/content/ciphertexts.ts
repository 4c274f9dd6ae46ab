// The encrypted updates and probes of a round, and what was excluded from it.
import { reasonOf } from '@murmuration/core';
import type { Address, Hex } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { type ContentFault, contentFault, loadCiphertexts } from '../../cryptography/index.ts';
import { encryptionBinding, type Subject, subjects } from '../../protocol/index.ts';
import { boundTo, type FormedKey, type Setting } from './setting.ts';

/** A submission that was accepted, and excluded since. */
export interface ExcludedSubmission {
  readonly sender: Address;
  readonly subject: Subject;
  readonly digests: readonly Hex[];
}

/** What a look at a submission's ciphertexts came to. */
type Look = { readonly found: 'true' } | { readonly found: ContentFault; readonly reason: string };

/**
 * Verifies the proofs of all that a round accepted. @returns the accounts whose ciphertexts cannot be used.
 */
export async function auditCiphertexts(
  setting: Setting,
  key: FormedKey,
  entry: RoundEntry,
): Promise<ReadonlySet<Address>> {
  const { checks } = setting;
  const unusable = new Set<Address>();
  for (const subject of subjects)
    for (const { sender, digests } of entry.submitted[subject]) {
      const about = {
        kind: 'encryption',
        subject: `${subject} of ${sender}`,
        round: entry.number,
        artifact: digests[0],
      } as const;
      const look = await lookAt(setting, key, { round: entry.number, sender, subject, digests });
      if (look.found === 'true') checks.pass('encryption');
      else {
        unusable.add(sender);
        if (look.found !== 'false') checks.leave(about, look.reason);
        else {
          checks.fail(about, look.reason);
          const text = `sent ciphertexts (${subject}) that are none, or whose encryption proof is false`;
          checks.name({
            account: sender,
            round: entry.number,
            what: 'false-ciphertext',
            text,
            shownBy: digests[0]!,
          });
        }
      }
    }
  return unusable;
}

/** Looks again at what the validators excluded. */
export async function auditExcluded(
  setting: Setting,
  key: FormedKey,
  { round, excluded }: { readonly round: number; readonly excluded: readonly ExcludedSubmission[] },
): Promise<void> {
  const { checks } = setting;
  for (const of of excluded) {
    const { sender, subject, digests } = of;
    const named = {
      kind: 'exclusion',
      subject: `${subject} of ${sender}`,
      round,
      artifact: digests[0],
    } as const;
    const look = await lookAt(setting, key, { ...of, round });
    const shownBy = digests[0]!;
    if (look.found === 'false') {
      checks.pass('exclusion');
      const text = `sent ciphertexts (${subject}) that are none, or whose encryption proof is false; they were excluded`;
      checks.name({ account: sender, round, what: 'false-ciphertext', text, shownBy });
    } else if (look.found === 'missing') {
      checks.leave(named, `what was excluded as missing or false cannot be had: ${look.reason}`);
      const text = `showed the content of its ${subject} to nobody, as validators with most of the stake voted; it was excluded`;
      checks.name({ account: sender, round, what: 'missing-content', text, shownBy });
    } else if (look.found === 'unknown')
      checks.leave(named, `what was excluded could not be looked at: ${look.reason}`);
    else
      checks.leave(
        named,
        'its content is here now and its proof holds; whether it was there in time cannot be checked',
      );
  }
}

async function lookAt(
  setting: Setting,
  { group }: FormedKey,
  { round, sender, subject, digests }: ExcludedSubmission & { readonly round: number },
): Promise<Look> {
  const { he, contents } = setting;
  const binding = encryptionBinding({ ...boundTo(setting, subject, round), sender });
  try {
    await loadCiphertexts({ he, group, store: contents.of('ciphertext') }, { digests, binding });
    return { found: 'true' };
  } catch (error) {
    return { found: contentFault(error), reason: reasonOf(error) };
  }
}
