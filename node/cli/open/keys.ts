// The keys of the proof system: those of a ceremony, or development keys, and whether the deployment has the
// same.
import { join } from 'node:path';
import { type Circuit, circuits, type Deployment, developmentChains } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import {
  ensureDevelopmentKeys,
  g2Words,
  type KeySet,
  loadKeys,
  manifestName,
  presets,
} from '@murmuration/prover';
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
    const found = await loadGiven(given);
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

/** The keys of all manifests given. */
export async function openListedKeys(keys: readonly string[]): Promise<KeySet[]> {
  const opened = [];
  for (const given of keys) opened.push(await loadGiven(given));
  return opened;
}

const loadGiven = (given: string): Promise<KeySet> =>
  loadKeys(given.endsWith('.json') ? given : join(given, manifestName));

/**
 * @throws NodeError `input` unless the verifiers on chain hold these keys and their tau: every proof would fail
 *   there, and cost stake.
 */
export async function checkKeys(client: PublicClient, deployment: Deployment, keys: KeySet): Promise<void> {
  const { hashes, tau } = await readKeyHashes(client, deployment, presets[keys.preset].id);
  const { tauG2 } = keys.srs;
  const hashOf = (name: Circuit) => keyHash(keys.circuit(name).verifyingKey, tauG2);
  const wrong: string[] = circuits.filter((name, at) => hashOf(name) !== hashes[at]);
  if (g2Words(tauG2).some((word, at) => word !== tau[at])) wrong.push('[tau]_2');
  if (wrong.length > 0)
    throw new NodeError(
      'input',
      `${keys.folder}: its keys of ${wrong.join(', ')} are not those of the deployment; every proof would fail`,
      { mend: 'Set --keys to the manifest that was deployed.' },
    );
}
