// The tools of a local federation: development keys of its preset, encryption, proofs, compiled contracts.
import { loadArtifacts } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { createTools, type Tools } from '../roles/index.ts';
import type { FederationSettings } from './assembly.ts';
import type { Closers } from './closers.ts';

/**
 * Makes the preset's development keys where they are missing, compiles the contracts for the deployment, and
 * starts encryption and proofs.
 * @returns the keys, and the tools once they have started: the chain can start meanwhile.
 */
export async function startTools(
  { options, cacheFolder, say }: Pick<FederationSettings, 'options' | 'cacheFolder' | 'say'>,
  closers: Closers,
): Promise<{ readonly keys: KeySet; readonly tools: Promise<Tools> }> {
  say('circuits, contracts and development keys');
  // Circuits and contracts take one core each to compile, which is most of a first run.
  const contracts = loadArtifacts({ cacheFolder });
  // Where the keys fail first, they are what is reported.
  contracts.catch(() => undefined);
  const keys = await ensureDevelopmentKeys(options.preset, {
    cacheFolder,
    onProgress: ({ stage, id }) => say(`${stage} ${id}`),
  });
  say('contracts');
  await contracts;
  // Many prove at a time, beside the main thread of all: the prover's threads have the next proof before they need it.
  const tools = createTools(keys, { cacheFolder, say, parallel: 2 });
  // Where they fail, who waits for them is told; nobody may wait yet.
  tools.catch(() => undefined);
  closers.add(() =>
    tools.then(
      (started) => started.stop(),
      () => undefined,
    ),
  );
  return { keys, tools };
}
