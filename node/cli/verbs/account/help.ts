// `murmur account new|list|show|fund`.
import { saying } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { action, type Group } from '../../command/verb.ts';

const { home, json, keystore, passwordFile, accountFlags, lookingFlags } = flags;

export const account: Group = {
  summary: 'accounts in an encrypted keystore',
  details: `The password comes from --password-file, $MURMURATION_PASSWORD_FILE, $MURMURATION_PASSWORD or a
    prompt, in this order; never from the command line. The file must be readable by its owner alone.`,
  actions: {
    new: action({
      summary: 'make an account; its key is kept encrypted under a password',
      details: 'The file is in the form of Web3 Secret Storage, which geth and most wallets read.',
      flags: { passwordFile, keystore, home, json },
      examples: ['murmur account new', 'murmur account new --home consortium/north --password-file password'],
      run: async (settings) => (await import('./run.ts')).create(settings),
    }),
    list: action({
      summary: "the keystore's accounts",
      flags: { keystore, home, json },
      examples: ['murmur account list'],
      run: async (settings) => (await import('./run.ts')).list(settings),
    }),
    show: action({
      summary: 'what an account has: ether, tokens, stake, what it can claim',
      flags: lookingFlags,
      examples: ['murmur account show --json'],
      run: async (settings) => (await import('./run.ts')).show(settings),
    }),
    fund: action({
      summary: '10 ether and 1,000,000 tokens, on a local development chain only',
      flags: { ...accountFlags, account: saying(flags.account, 'who gets it, if the keystore has several') },
      examples: ['murmur account fund --home consortium/north'],
      run: async (settings) => (await import('./run.ts')).fundAccount(settings),
    }),
  },
  examples: ['murmur account new', 'murmur account show --json'],
};
