// The tools of a local federation: development keys of its preset, encryption, proofs.
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { createTools, type Tools } from '../roles/index.ts';
import type { FederationSettings } from './assembly.ts';
import type { Closers } from './closers.ts';

/** Makes the preset's development keys where they are missing, and starts encryption and proofs. */
export async function startTools(
  { options, cacheFolder, say }: Pick<FederationSettings, 'options' | 'cacheFolder' | 'say'>,
  closers: Closers,
): Promise<{ readonly keys: KeySet; readonly tools: Tools }> {
  say('circuits and development keys');
  const keys = await ensureDevelopmentKeys(options.preset, {
    cacheFolder,
    onProgress: ({ stage, id }) => say(`${stage} ${id}`),
  });
  const tools = await createTools(keys, cacheFolder);
  closers.add(() => tools.stop());
  return { keys, tools };
}
