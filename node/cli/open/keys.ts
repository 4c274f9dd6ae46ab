// The keys of the proof system: those of a ceremony, or development keys, and whether the deployment has the
// same.
import { join } from 'node:path';
import { circuits, type Deployment, developmentChains } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import { ensureDevelopmentKeys, type KeySet, loadKeys, manifestName, presets } from '@murmuration/prover';
import type { PublicClient } from 'viem';
import { readKeyHashes } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { keyHash } from '../../protocol/index.ts';

/** What says where keys are. */
export interface KeysSettings {
  readonly keys?: readonly string[];
  /** Where circuits and development keys are kept once they are made. */
  readonly cache: string;
}

/**
 * A preset's keys: those of the manifests given, else, on a development chain, development keys.
 * @param keys manifests, or folders that hold one.
 * @throws NodeError `input` where none is of this preset, or none is given and money is real.
 */
export async function openKeys(
  { keys, cache }: KeysSettings,
  { chainId }: Pick<Deployment, 'chainId'>,
  preset: PresetName,
  say: (text: string) => void,
): Promise<KeySet> {
  for (const given of keys ?? []) {
    const found = await loadKeys(given.endsWith('.json') ? given : join(given, manifestName));
    if (found.preset === preset) return found;
  }
  if (keys)
    throw new NodeError('input', `no manifest of --keys is of preset ${preset}, which the task needs`);
  if (!developmentChains.includes(chainId))
    throw new NodeError('input', `chain ${chainId} is no development chain`, {
      mend: 'Give --keys with the manifest of the ceremony.',
    });
  return ensureDevelopmentKeys(preset, {
    cacheFolder: cache,
    onProgress: ({ stage, id }) => say(`${stage} ${id}`),
  });
}

/**
 * @throws NodeError `input` unless the verifiers on chain hold these keys: every proof would fail there, and
 *   cost stake.
 */
export async function checkKeys(client: PublicClient, deployment: Deployment, keys: KeySet): Promise<void> {
  const { hashes } = await readKeyHashes(client, deployment, presets[keys.preset].id);
  const wrong = circuits.filter((name, at) => keyHash(keys.circuit(name).verifyingKey) !== hashes[at]);
  if (wrong.length > 0)
    throw new NodeError(
      'input',
      `${keys.folder}: its keys of ${wrong.join(', ')} are not those of the deployment; every proof would fail`,
      { mend: 'Set --keys to the manifest that was deployed.' },
    );
}
