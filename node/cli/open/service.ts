// What servers, agents and their measurement prove with: keys and a backend.

import type { PresetName } from '@murmuration/core';
import {
  createBackend,
  ensureDevelopmentKeys,
  type KeySet,
  type ProverBackend,
  parseBackendSetting,
} from '@murmuration/prover';
import { proverVariable } from '../../roles/assemble.ts';
import { openListedKeys } from './keys.ts';

/** The keys that are served: those given, or development keys. */
export async function openServiceKeys(
  {
    keys,
    presets,
    cache,
  }: {
    readonly keys?: readonly string[];
    readonly presets: readonly PresetName[];
    readonly cache: string;
  },
  say: (text: string) => void,
): Promise<KeySet[]> {
  if (keys) return openListedKeys(keys);
  say('INSECURE development keys: anyone can forge with them');
  const opened = [];
  for (const name of presets)
    opened.push(
      await ensureDevelopmentKeys(name, {
        cacheFolder: cache,
        onProgress: ({ stage, id }) => say(`${stage} ${id}`),
      }),
    );
  return opened;
}

/** The backend of a service, started. */
export async function startBackend({
  cache,
  parallel,
}: {
  readonly cache: string;
  readonly parallel: number;
}): Promise<ProverBackend> {
  const word = process.env[proverVariable] ?? 'wasm';
  const backend = createBackend(parseBackendSetting(word, { cacheFolder: cache, parallel }));
  await backend.start();
  return backend;
}
