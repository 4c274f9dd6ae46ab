// A federation for one run, all parts real: anvil, contracts, SEAL, circuits, libp2p over TCP, a folder as
// content store. Its chain and its accounts end with it.
import { join } from 'node:path';
import { createAnvil, deploy } from '@murmuration/contracts';
import { scenarioOf } from '../scenarios/index.ts';
import { createFolderStore } from '../store/index.ts';
import { assembleFederation, type FederationSettings, type LocalFederation } from './assembly.ts';
import { withClosers } from './closers.ts';
import { presetKeys } from './keys.ts';
import { localChain, newAccount } from './members.ts';
import { type LocalInput, localOptions } from './options.ts';
import { startTools } from './tools.ts';

/** Settings of a federation for one run. */
export interface ThrowawaySettings extends Omit<FederationSettings, 'options'> {
  /** Where members reach the chain that answers at this URL; there itself unless given. */
  readonly reach?: (url: string) => string | Promise<string>;
}

/**
 * Sets a federation up below `folder`: keys, chain, contracts, accounts, task, members. Stopped, it leaves
 * that folder alone.
 */
export async function createThrowawayFederation(
  input: LocalInput,
  folder: string,
  { reach = (url) => url, ...hearers }: ThrowawaySettings,
): Promise<LocalFederation> {
  const settings = { ...hearers, options: localOptions.parse(input) };
  const { options, say } = settings;
  return withClosers(async (closers) => {
    await scenarioOf(options.scenario).prepare?.(settings);
    const { keys, tools } = await startTools(settings, closers);

    say('chain and deployment');
    const anvil = createAnvil({ port: options.port });
    await anvil.start();
    closers.add(() => anvil.stop());
    const { url } = anvil;
    const { cacheFolder } = settings;
    const presets = [presetKeys(keys)];
    const deployment = await deploy({ url, account: anvil.account(0), presets, cacheFolder });
    const store = createFolderStore(join(folder, 'store'));
    await store.start();
    closers.add(() => store.stop());

    const federation = await assembleFederation(
      {
        chain: localChain({ url: await reach(url), deployment }),
        store,
        tools,
        folder: join(folder, 'state'),
        account: async () => newAccount(),
      },
      settings,
    );
    return {
      ...federation,
      async stop() {
        try {
          await federation.stop();
        } finally {
          await closers.close();
        }
      },
    };
  });
}
