// The account that acts: which of the keystore's, and its password.
import { reasonOf } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../../errors.ts';
import { openKeystore, readPassword, type UnlockedAccount } from '../../keystore/index.ts';
import type { AccountSettings } from '../command/flags.ts';

type KeystoreSettings = Pick<AccountSettings, 'account' | 'keystore'>;

/** Whether the keystore has an account's key, as far as its files tell without a password. */
export async function mayHold(keystore: string, account: Address): Promise<boolean> {
  const opened = openKeystore(keystore);
  return (await opened.accounts()).includes(account) || (await opened.untold()).length > 0;
}

/**
 * Which account: the one that is named, or the only one there is.
 * @throws NodeError `input` where that is none, or only a password would tell.
 */
export async function chooseAccount(settings: KeystoreSettings): Promise<Address> {
  const chosen = await choose(settings);
  if ('account' in chosen) return chosen.account;
  throw new NodeError('input', `${chosen.file} in ${settings.keystore} does not tell its account`, {
    mend: 'Name it with --account.',
  });
}

/** The account that is chosen, or the file that holds the only one and does not tell it. */
async function choose({
  account,
  keystore,
}: KeystoreSettings): Promise<{ readonly account: Address } | { readonly file: string }> {
  if (account) {
    if (await mayHold(keystore, account)) return { account };
    throw new NodeError('input', `account ${account} is not in ${keystore}`, {
      mend: 'See `murmur account list`.',
    });
  }
  const opened = openKeystore(keystore);
  const [told, untold] = [await opened.accounts(), await opened.untold()];
  const many = told.length + untold.length;
  if (many === 0)
    throw new NodeError('input', `no account in ${keystore}`, {
      mend: 'Make one with `murmur account new`.',
    });
  if (many > 1)
    throw new NodeError('input', `${many} accounts in ${keystore}`, { mend: 'Choose one with --account.' });
  return told[0] ? { account: told[0] } : { file: untold[0]! };
}

/** Unlocks the account with the password from a file, the environment or the terminal. */
export async function unlock(
  settings: KeystoreSettings & Pick<AccountSettings, 'passwordFile'>,
): Promise<UnlockedAccount> {
  const chosen = await choose(settings);
  const account = 'account' in chosen ? chosen.account : undefined;
  const name = 'account' in chosen ? chosen.account : chosen.file;
  const { keystore, passwordFile: file } = settings;
  const password = await readPassword(`Password of ${name}`, file ? { file } : {});
  return openKeystore(keystore)
    .unlock(account, password)
    .catch((cause: unknown) => {
      const { code, mend } = cause instanceof NodeError ? cause : { code: 'state' as const, mend: undefined };
      const reason = reasonOf(cause).replace(/^keystore: /, '');
      const parts = { cause, ...(mend !== undefined && { mend }) };
      throw new NodeError(code, `${name} in ${keystore}: ${reason}`, parts);
    });
}
