// The work of `murmur deploy`.
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deploy, developmentChains } from '@murmuration/contracts';
import type { PresetName } from '@murmuration/core';
import type { Address } from 'viem';
import { rpcTransport } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { developmentAccount } from '../../../local/funds.ts';
import { presetKeys } from '../../../local/keys.ts';
import { writeAtomically } from '../../../state/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { unlock } from '../../open/account.ts';
import { readChainId } from '../../open/deployment.ts';
import { type KeysSettings, openKeys } from '../../open/keys.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { verifyCeremony } from '../keys/origin.ts';

type DeploySettings = AccountSettings &
  KeysSettings & {
    readonly presets: readonly PresetName[];
    readonly ptau?: readonly string[];
    readonly token?: Address;
  };

/** `deploy`. */
export async function deployContracts(settings: DeploySettings): Promise<void> {
  const { rpc, deployment: file, presets, token, cache } = settings;
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there)
    throw new NodeError('input', `${file} is there already`, {
      mend: 'Remove it, or set another --deployment.',
    });
  const chainId = await readChainId(rpc);
  const line = progress();
  const keys = [];
  for (const preset of presets) {
    const opened = await openKeys(settings, { chainId }, preset, line.show);
    if (!developmentChains.includes(chainId))
      await verifyCeremony(opened, { ptau: settings.ptau ?? [], cache, log: line.show });
    keys.push(presetKeys(opened));
  }
  const deployment = await deploy({
    url: rpc,
    transport: rpcTransport(rpc),
    account: await payer(settings, chainId),
    presets: keys,
    cacheFolder: cache,
    ...(token && { token }),
    onDeployed: (name, address) => line.show(`${name} ${address}`),
  });
  await mkdir(dirname(file), { recursive: true });
  // For everybody who takes part, also under another user of this machine.
  await writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`, { mode: 0o666 });
  line.done(`deployed on chain ${chainId}`);
  print(settings.json, deployment, `${file}\ngive it to everybody who takes part`);
}

/** Who pays for a deployment: the account, or on a development chain its first one. */
export async function payer(settings: AccountSettings, chainId: number) {
  if (settings.account || !developmentChains.includes(chainId)) return (await unlock(settings)).account;
  return developmentAccount;
}
