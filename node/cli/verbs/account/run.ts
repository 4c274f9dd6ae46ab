// The work of `murmur account`.
import { parseEther } from 'viem';
import { readStake } from '../../../chain/index.ts';
import { openKeystore, readPassword } from '../../../keystore/index.ts';
import { fund } from '../../../local/funds.ts';
import { token } from '../../../protocol/token.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { chooseAccount } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { balancesOf } from '../../open/money.ts';
import { columns, print, tokens } from '../../output/format.ts';

type KeystoreSettings = Pick<AccountSettings, 'keystore' | 'json'>;

/** What `fund` gives. */
const gift = { ether: parseEther('10'), tokens: 1_000_000n * token };

/** `account new`. */
export async function create({
  keystore,
  json,
  passwordFile: file,
}: KeystoreSettings & Pick<AccountSettings, 'passwordFile'>): Promise<void> {
  const sources = { twice: true, ...(file !== undefined && { file }) };
  const password = await readPassword('Password of the new account', sources);
  const account = await openKeystore(keystore).createAccount(password);
  print(json, { account, keystore }, `${account}\nkept in ${keystore}; without file and password it is lost`);
}

/** `account list`. */
export async function list({ keystore, json }: KeystoreSettings): Promise<void> {
  const opened = openKeystore(keystore);
  const [accounts, untold] = [await opened.accounts(), await opened.untold()];
  const lines = [...accounts, ...untold.map((file) => `${file}: only its password tells the account`)];
  print(json, { accounts, untold, keystore }, lines.join('\n') || `no account in ${keystore}`);
}

/** `account show`. */
export async function show(settings: Omit<AccountSettings, 'passwordFile'>): Promise<void> {
  const account = settings.account ?? (await chooseAccount(settings));
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const [balances, { bonded, free, queued, credit, owner }] = await Promise.all([
    balancesOf(client, deployment, account),
    readStake(client, deployment, account),
  ]);
  const rows = { ...balances, bonded, free, queued, credit };
  const lines = Object.entries(rows).map(
    ([name, amount]) => `  ${columns([name, -9], [tokens(amount), 16])}`,
  );
  const owned = owner === account ? [] : [`  stake and credit are its owner's, ${owner}`];
  print(settings.json, { account, owner, ...rows }, [account, ...lines, ...owned].join('\n'));
}

/** `account fund`. */
export async function fundAccount(settings: AccountSettings): Promise<void> {
  const deployment = await openDeployment(settings);
  await openReader(settings, deployment);
  const account = settings.account ?? (await chooseAccount(settings));
  await fund({ url: settings.rpc, deployment }, { to: account, ...gift });
  const got = `${tokens(gift.ether)} ether and ${tokens(gift.tokens)} tokens`;
  print(settings.json, { account, ...gift }, `${account} has got ${got} of the development chain`);
}
