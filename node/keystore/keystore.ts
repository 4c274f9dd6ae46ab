// A folder of key files, one an account, named as geth names them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, getAddress, hexToBytes } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { makeFolder, writeAtomically } from '../state/index.ts';
import { decryptKey, defaultLogN, encryptKey, keyFileSchema, keyHex } from './key.ts';
import { createSecretBox, type SecretBox } from './secret_box.ts';

/** An account that can sign, and seal what belongs to it. */
export interface UnlockedAccount {
  readonly account: PrivateKeyAccount;
  readonly secretBox: SecretBox;
}

/** The accounts of one folder. */
export interface Keystore {
  /** Makes an account and keeps it under the password. */
  createAccount(password: string): Promise<Address>;
  /** Keeps a key that exists already. Throws if its account is there. */
  importKey(privateKey: Uint8Array, password: string): Promise<Address>;
  accounts(): Promise<Address[]>;
  /** Throws when the account is not there, the password is wrong, or the file was altered. */
  unlock(account: Address, password: string): Promise<UnlockedAccount>;
}

/** The keystore in `folder`, made with mode 700 when first written to. `logN` is scrypt's cost for new keys. */
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
    if (password === '') throw new Error('keystore: the password is empty');
    const { address } = privateKeyToAccount(keyHex(privateKey));
    if ((await files()).has(address))
      throw new Error(`keystore: ${address} is in ${folder} already; unlock it instead`);
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
      if (!name) throw new Error(`keystore: ${account} is not in ${folder}; create or import it first`);
      const file = keyFileSchema.parse(JSON.parse(await readFile(name, 'utf8')));
      const key = await decryptKey(file, password);
      const unlocked = privateKeyToAccount(keyHex(key));
      if (unlocked.address !== getAddress(account))
        throw new Error(`keystore: ${name} holds the key of ${unlocked.address}; it was altered`);
      return { account: unlocked, secretBox: createSecretBox(key) };
    },
  };
}

function absent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
