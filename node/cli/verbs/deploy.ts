// `npm run murmur -- deploy`: the contracts onto a chain, and the file that tells everybody where they are.
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deploy, developmentChains } from '@murmuration/contracts';
import { createPublicClient, http } from 'viem';
import { developmentAccount, presetKeys } from '../../local/index.ts';
import { writeAtomically } from '../../state/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { UserError } from '../errors.ts';
import { openKeys, unlock } from '../open.ts';
import { print } from '../output.ts';
import { progress } from '../progress.ts';
import { accountFlags, readFlags, type Settings } from '../settings.ts';
import type { Verb } from '../verb.ts';
import { verifyOrigin } from './keys.ts';

const help = `npm run murmur -- deploy [--presets NAMES] [--keys MANIFEST]... [--token ADDRESS] [--account ADDRESS]

Deploys token (on a development chain), vault, marketplace, verifiers and the rest, and writes the deployment's file.
On a chain that is no development chain it takes keys of a ceremony and an ERC-20 only. It refuses to replace a file.

  --rpc URL           the chain's node (http://127.0.0.1:8545)
  --deployment FILE   the file that is written (HOME/deployment.json)
  --presets NAMES     tiny, quick, base, wide; several with commas (quick)
  --keys MANIFEST     keys of a ceremony, one for each preset; without it insecure development keys
  --token ADDRESS     ERC-20 of stakes and bounties; without it play money
  --account ADDRESS   who pays; without a keystore, on a development chain, its first account
  --home, --keystore, --password-file   as for \`account\`
  --json              print the deployment as JSON

Examples
  npm run murmur -- deploy --presets tiny,quick
  npm run murmur -- deploy --rpc https://rpc.example.org --presets base --keys keys/base/keys.json --token 0x...`;

export const verb: Verb = { summary: 'put the contracts onto a chain', help, run };

async function run(args: string[]): Promise<number> {
  const settings = readFlags('deploy', args, [...accountFlags, 'presets', 'keys', 'token']);
  const { rpc, deployment: file, presets = ['quick'] } = settings;
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) throw new UserError(`${file} is there already; remove it, or set another --deployment.`);
  const chainId = await createPublicClient({ transport: http(rpc) })
    .getChainId()
    .catch(() => {
      throw new UserError(`${rpc} does not answer; start the chain's node, or set another --rpc.`);
    });
  const line = progress();
  const keys = [];
  for (const preset of presets) {
    const opened = await openKeys(settings, { chainId }, preset, line.show);
    if (!developmentChains.includes(chainId)) await verifyOrigin(opened, line.show);
    keys.push(presetKeys(opened));
  }
  const deployment = await deploy({
    url: rpc,
    account: await payer(settings, chainId),
    presets: keys,
    cacheFolder: cacheFolder(),
    ...(settings.token && { token: settings.token }),
    onDeployed: (name, address) => line.show(`${name} ${address}`),
  });
  await mkdir(dirname(file), { recursive: true });
  await writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`);
  line.done(`deployed on chain ${chainId}`);
  print(settings.json, deployment, `${file}\ngive it to everybody who takes part`);
  return 0;
}

async function payer(settings: Settings, chainId: number) {
  if (settings.account || !developmentChains.includes(chainId)) return (await unlock(settings)).account;
  return developmentAccount;
}
