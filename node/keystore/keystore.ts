// A folder of key files, one an account, named as geth names them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, getAddress, hexToBytes } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { NodeError } from '../errors.ts';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { decryptKey, defaultLogN, encryptKey, keyHex } from './key.ts';
import { createSecretBox, type SecretBox } from './secret_box.ts';

/** An account that can sign, and seal its own secrets. */
export interface UnlockedAccount {
  readonly account: PrivateKeyAccount;
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
  accounts(): Promise<Address[]>;
  /**
   * @throws NodeError `input` when the account is not there or the password is wrong; `state` when the file
   * was altered.
   */
  unlock(account: Address, password: string): Promise<UnlockedAccount>;
}

/**
 * The keystore in `folder`, made with mode 700 when first written to. `logN` is scrypt's cost for new keys.
 */
export function openKeystore(folder: string, logN: number = defaultLogN): Keystore {
  async function files(): Promise<Map<Address, string>> {
    const found = new Map<Address, string>();
    for (const name of await readdir(folder).catch(absent)) {
      const match = /--([0-9a-f]{40})$/.exec(name);
      if (match) found.set(getAddress(`0x${match[1]}`), join(folder, name));
    }
    return found;
  }

  async function importKey(privateKey: Uint8Array, password: string): Promise<Address> {
    if (password === '') throw new NodeError('input', 'keystore: the password is empty');
    const { address } = privateKeyToAccount(keyHex(privateKey));
    if ((await files()).has(address))
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
    accounts: async () => [...(await files()).keys()],

    async unlock(account, password) {
      const name = (await files()).get(getAddress(account));
      if (!name)
        throw new NodeError('input', `keystore: ${account} is not in ${folder}`, {
          mend: 'Create or import it first.',
        });
      const file = jsonOf(name, await readFile(name, 'utf8'));
      const key = await decryptKey(file, password);
      const unlocked = privateKeyToAccount(keyHex(key));
      if (unlocked.address !== getAddress(account))
        throw new NodeError(
          'state',
          `keystore: ${name} holds the key of ${unlocked.address}: it was altered`,
        );
      return { account: unlocked, secretBox: createSecretBox(key) };
    },
  };
}

/** @throws NodeError `input` for a file that was cut short or altered. */
function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NodeError('input', `keystore: ${name} is no JSON`, { mend: 'Restore it from a copy.', cause });
  }
}

function absent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
