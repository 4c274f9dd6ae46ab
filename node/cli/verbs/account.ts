// `npm run murmur -- account new|list|show|fund`: accounts in an encrypted keystore.
import { parseEther } from 'viem';
import { readStake } from '../../chain/index.ts';
import { openKeystore, readPassword } from '../../keystore/index.ts';
import { fund } from '../../local/index.ts';
import { token } from '../../protocol/index.ts';
import { balancesOf } from '../money.ts';
import { chooseAccount, openDeployment, openReader } from '../open.ts';
import { print, tokens } from '../output.ts';
import { accountFlags, chainFlags, common, readSettings, type Settings } from '../settings.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- account new [--password-file FILE]
npm run murmur -- account list
npm run murmur -- account show [--account ADDRESS]
npm run murmur -- account fund [--account ADDRESS]

new    make an account; its key is kept encrypted under a password (Web3 Secret Storage)
list   the keystore's accounts
show   what an account has: ether, tokens, stake, what it can claim
fund   10 ether and 1,000,000 tokens, on a local development chain only

The password comes from --password-file, $MURMURATION_PASSWORD_FILE, $MURMURATION_PASSWORD or a prompt, in this order;
never from the command line. The file must be readable by its owner alone.

  --home FOLDER       where everything is kept (~/.murmuration)
  --keystore FOLDER   the accounts (HOME/keystore)
  --account ADDRESS   which account, if there are several
  --rpc URL           the chain's node (http://127.0.0.1:8545)
  --deployment FILE   the deployment (HOME/deployment.json)
  --json              print the result as JSON

Examples
  npm run murmur -- account new
  npm run murmur -- account new --home ./trainer-1 --password-file ./password
  npm run murmur -- account show --json`;

export const verb: Verb = { summary: 'accounts in an encrypted keystore', help, run };

const actions = {
  new: [...common, 'keystore', 'password-file'],
  list: [...common, 'keystore'],
  show: [...chainFlags, 'account', 'keystore'],
  fund: accountFlags,
} as const;

/** What `fund` gives. */
const gift = { ether: parseEther('10'), tokens: 1_000_000n * token };

async function run(args: string[]): Promise<number> {
  const { action, settings } = readSettings('account', args, actions);
  if (action === 'new') await create(settings);
  else if (action === 'list') await list(settings);
  else if (action === 'show') await show(settings);
  else await give(settings);
  return 0;
}

async function create({ keystore, json, 'password-file': file }: Settings): Promise<void> {
  const password = await readPassword('Password of the new account', {
    twice: true,
    ...(file && { file }),
  });
  const account = await openKeystore(keystore).createAccount(password);
  print(json, { account, keystore }, `${account}\nkept in ${keystore}; without file and password it is lost`);
}

async function list({ keystore, json }: Settings): Promise<void> {
  const accounts = await openKeystore(keystore).accounts();
  print(json, { accounts, keystore }, accounts.join('\n') || `no account in ${keystore}`);
}

async function show(settings: Settings): Promise<void> {
  const account = settings.account ?? (await chooseAccount(settings));
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const [balances, stake] = await Promise.all([
    balancesOf(client, deployment, account),
    readStake(client, deployment, account),
  ]);
  const rows = {
    ...balances,
    bonded: stake.bonded,
    free: stake.free,
    queued: stake.queued,
    credit: stake.credit,
  };
  const lines = Object.entries(rows).map(
    ([name, amount]) => `  ${name.padEnd(8)} ${tokens(amount).padStart(16)}`,
  );
  print(settings.json, { account, ...rows }, [account, ...lines].join('\n'));
}

async function give(settings: Settings): Promise<void> {
  const deployment = await openDeployment(settings);
  await openReader(settings, deployment);
  const account = settings.account ?? (await chooseAccount(settings));
  await fund({ url: settings.rpc, deployment }, { to: account, ...gift });
  print(
    settings.json,
    { account, ...gift },
    `${account} has got ${tokens(gift.ether)} ether and ${tokens(gift.tokens)} tokens of the development chain`,
  );
}
