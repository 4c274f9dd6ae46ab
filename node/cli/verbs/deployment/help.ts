// `murmur deployment verify`.
import { flag, many } from '../../command/flag.ts';
import { cache, deployment as file, home, json, keys, rpc } from '../../command/flags.ts';
import { path } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

export const deployment: Group = {
  summary: 'whether a deployment may be trusted with stake',
  details:
    'Its deployer chose code, wiring and keys of the contracts; nobody has to take the deployer at its word.',
  actions: {
    verify: action({
      summary: "check a deployment against this version's contracts and your own keys",
      details: `Of every contract: the code that stands there, and the transaction that created it, which shows
        constructor, immutables and first storage; which contracts each works with; of every preset the
        verifying keys and tau. Token and withdrawal delay are shown for you to judge. On a chain that is no
        development chain keys must be of a ceremony with two contributors or more, and with --ptau its
        whole transcript is checked. Credit is checked likewise where the deployment has it, its verifiers against
        --score-keys. \`join\` and \`run\` check the same, but for --ptau, before they bond stake.`,
      flags: {
        keys,
        scoreKeys: many(
          flag('MANIFEST', 'keys of a ceremony for `score`, one of each shape, where there is credit', path),
        ),
        ptau: many(flag('FILE', 'Powers of Tau that a ceremony of --keys began with', path)),
        cache,
        rpc,
        deployment: file,
        home,
        json,
      },
      examples: [
        'murmur deployment verify',
        'murmur deployment verify --keys keys/base --ptau powersOfTau28_hez_final_17.ptau',
      ],
      run: async (settings) => (await import('./run.ts')).verify(settings),
    }),
  },
  examples: ['murmur deployment verify --keys keys/base'],
};
