// The account that acts: which of the keystore's, and its password.
import { reasonOf } from '@murmuration/core';
import type { Address } from 'viem';
import { NodeError } from '../../errors.ts';
import { openKeystore, readPassword, type UnlockedAccount } from '../../keystore/index.ts';
import type { AccountSettings } from '../command/flags.ts';

/**
 * Which account: the one that is named, or the only one there is.
 * @throws NodeError `input` where that is none.
 */
export async function chooseAccount({
  account,
  keystore,
}: Pick<AccountSettings, 'account' | 'keystore'>): Promise<Address> {
  const accounts = await openKeystore(keystore).accounts();
  if (account) {
    if (accounts.includes(account)) return account;
    throw new NodeError('input', `account ${account} is not in ${keystore}`, {
      mend: 'See `murmur account list`.',
    });
  }
  if (accounts.length === 1) return accounts[0]!;
  throw accounts.length === 0
    ? new NodeError('input', `no account in ${keystore}`, { mend: 'Make one with `murmur account new`.' })
    : new NodeError('input', `${accounts.length} accounts in ${keystore}`, {
        mend: 'Choose one with --account.',
      });
}

/** Unlocks the account with the password from a file, the environment or the terminal. */
export async function unlock(
  settings: Pick<AccountSettings, 'account' | 'keystore' | 'passwordFile'>,
): Promise<UnlockedAccount> {
  const account = await chooseAccount(settings);
  const { keystore, passwordFile: file } = settings;
  const password = await readPassword(`Password of ${account}`, file ? { file } : {});
  return openKeystore(keystore)
    .unlock(account, password)
    .catch((cause: unknown) => {
      const { code, mend } = cause instanceof NodeError ? cause : { code: 'state' as const, mend: undefined };
      const reason = reasonOf(cause).replace(/^keystore: /, '');
      const parts = { cause, ...(mend !== undefined && { mend }) };
      throw new NodeError(code, `${account} in ${keystore}: ${reason}`, parts);
    });
}
