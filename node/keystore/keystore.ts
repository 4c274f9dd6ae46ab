// A folder of key files, one an account; new ones are named as geth names them.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Address, getAddress, hexToBytes, type LocalAccount } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { NodeError } from '../errors.ts';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { accountOf } from './account.ts';
import { type KeyPlace, keyPlaces } from './folder.ts';
import { decryptKey, defaultLogN, encryptKey } from './key.ts';
import { createSecretBox, type SecretBox } from './secret_box.ts';

/** An account that can sign, and seal its own secrets. */
export interface UnlockedAccount {
  readonly account: LocalAccount;
  readonly secretBox: SecretBox;
}

/** The accounts of one folder. */
export interface Keystore {
  /**
   * Makes an account and keeps its key under the password.
   * @throws NodeError `input` for an empty password.
   */
  createAccount(password: string): Promise<Address>;
  /**
   * Keeps a key that exists already.
   * @throws NodeError `input` if its account is there, or the password is empty.
   */
  importKey(privateKey: Uint8Array, password: string): Promise<Address>;
  /** Accounts that key files tell by their names or contents. */
  accounts(): Promise<Address[]>;
  /** Names of key files that tell no account, as `cast` writes them: only their passwords do. */
  untold(): Promise<string[]>;
  /**
   * Where no file tells the account, those that tell none are tried with the password.
   * @param account undefined: that of the only key file.
   * @throws NodeError `input` when the account is not there or the password is wrong; `state` when the file
   * was altered.
   */
  unlock(account: Address | undefined, password: string): Promise<UnlockedAccount>;
}

/**
 * The keystore in `folder`, made with mode 700 when first written to. `logN` is scrypt's cost for new keys.
 */
export function openKeystore(folder: string, logN: number = defaultLogN): Keystore {
  async function importKey(privateKey: Uint8Array, password: string): Promise<Address> {
    if (password === '') throw new NodeError('input', 'keystore: the password is empty');
    const { address } = accountOf(privateKey);
    if ((await keyPlaces(folder)).some(({ account }) => account === address))
      throw new NodeError('input', `keystore: ${address} is in ${folder} already`, {
        mend: 'Unlock it instead.',
      });
    const file = await encryptKey(privateKey, password, logN);
    await makeFolder(folder, 0o700);
    const stamp = new Date().toISOString().replaceAll(':', '-');
    const name = join(folder, `UTC--${stamp}--${address.slice(2).toLowerCase()}`);
    await writeAtomically(name, JSON.stringify(file), { create: true });
    return address;
  }

  return {
    importKey,
    createAccount: (password) => importKey(hexToBytes(generatePrivateKey()), password),
    async accounts() {
      const told = (await keyPlaces(folder)).map(({ account }) => account);
      return [...new Set(told.filter((account) => account !== undefined))];
    },

    async untold() {
      const places = await keyPlaces(folder);
      return places.filter(({ account }) => account === undefined).map(({ path }) => basename(path));
    },

    async unlock(asked, password) {
      const account = asked && getAddress(asked);
      const places = await keyPlaces(folder);
      let failure: unknown = notIn(folder, { account, places });
      for (const place of candidates(places, account))
        try {
          return await unlockFile(place, { account, password });
        } catch (error) {
          // What another account's file says is no answer to whoever asks for this one.
          if (account === undefined || place.account !== undefined) failure = error;
        }
      throw failure;
    },
  };
}

/** The files that may hold an account's key; without an account, the only file. */
function candidates(places: readonly KeyPlace[], account: Address | undefined): readonly KeyPlace[] {
  if (account === undefined) return places.length === 1 ? places : [];
  const told = places.filter((place) => place.account === account);
  return told.length > 0 ? told : places.filter((place) => place.account === undefined);
}

interface Sought {
  readonly account: Address | undefined;
  readonly password: string;
}

async function unlockFile(
  { path, account: told }: KeyPlace,
  { account, password }: Sought,
): Promise<UnlockedAccount> {
  const key = await decryptKey(jsonOf(path, await readFile(path, 'utf8')), password);
  const unlocked = accountOf(key);
  if (unlocked.address !== (told ?? account ?? unlocked.address))
    throw new NodeError('state', `keystore: ${path} holds the key of ${unlocked.address}: it was altered`);
  return { account: unlocked, secretBox: createSecretBox(key) };
}

function notIn(
  folder: string,
  { account, places }: { readonly account: Address | undefined; readonly places: readonly KeyPlace[] },
): NodeError {
  if (account === undefined)
    return new NodeError('input', `keystore: ${places.length} keys are in ${folder}, but one is asked for`, {
      mend: 'Name the account.',
    });
  const untold = places.filter((place) => place.account === undefined).map(({ path }) => basename(path));
  if (untold.length === 0)
    return new NodeError('input', `keystore: ${account} is not in ${folder}`, {
      mend: 'Create or import it first.',
    });
  return new NodeError('input', `keystore: ${account} is not in ${folder}, or its password is another`, {
    mend: `Of ${untold.join(', ')} only the password tells whose key it is.`,
  });
}

/** @throws NodeError `input` for a file that was cut short or altered. */
function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NodeError('input', `keystore: ${name} is no JSON`, { mend: 'Restore it from a copy.', cause });
  }
}
