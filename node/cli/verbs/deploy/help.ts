// `murmur deploy`.
import { flag, many, saying } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { address, path } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

const { account, accountFlags, cache, deployment, json, presets } = flags;

export const deploy = action({
  summary: 'put the contracts onto a chain',
  details: `Deploys token (on a development chain), vault, marketplace, verifiers and the rest, and writes the
    deployment's file, which it refuses to replace. On a chain that is no development chain it takes an ERC-20
    and keys of a ceremony only, with two contributors or more; it checks the ceremony's transcript, for which
    it needs the Powers of Tau file.`,
  flags: {
    presets,
    keys: many(
      flag('MANIFEST', 'keys of a ceremony, one for each preset; without it insecure development keys', path),
    ),
    ptau: many(flag('FILE', 'Powers of Tau that a ceremony of --keys began with', path)),
    token: flag('ADDRESS', 'ERC-20 of stakes and bounties; without it play money', address),
    cache,
    ...accountFlags,
    account: saying(account, 'who pays; without a keystore, on a development chain, its first account'),
    deployment: saying(deployment, 'the file that is written'),
    json: saying(json, 'print the deployment as JSON'),
  },
  examples: [
    'murmur deploy --presets tiny,quick',
    'murmur deploy --rpc https://rpc.example.org --presets base --keys keys/base --ptau final_17.ptau --token 0x…',
  ],
  run: async (settings) => (await import('./run.ts')).deployContracts(settings),
});
