// The keystore: the format's published vectors, what an altered file does, and boxes that open for nobody
// else.
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ctr } from '@noble/ciphers/aes.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { bytesToHex, concat, hexToBytes, keccak256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSecretBox,
  decryptKey,
  encryptKey,
  openKeystore,
  readPassword,
} from '../../../node/keystore/index.ts';

const logN = 10;
const key = hexToBytes('0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d');

// From the Web3 Secret Storage Definition, "Test Vectors": the same key under the password "testpassword".
const published = {
  pbkdf2: {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
      ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
      kdf: 'pbkdf2',
      kdfparams: {
        c: 262144,
        dklen: 32,
        prf: 'hmac-sha256',
        salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
      },
      mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
  scrypt: {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
      ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
      kdf: 'scrypt',
      kdfparams: {
        dklen: 32,
        n: 262144,
        p: 8,
        r: 1,
        salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
      },
      mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
};

describe('the format', () => {
  it.each(Object.entries(published))('reads the published vector for %s', async (_, file) => {
    expect(bytesToHex(await decryptKey(file, 'testpassword'))).toBe(bytesToHex(key));
  });

  it('opens by no other password', async () => {
    await expect(decryptKey(published.pbkdf2, 'testpassword ')).rejects.toThrow('password is wrong');
  });

  it.each([
    { n: 2 ** 10, r: 8, p: 1 },
    { n: 2 ** 10, r: 1, p: 8 },
    { n: 2 ** 12, r: 3, p: 2 },
    // The most that OpenSSL takes at r = 1, and the least that it does not.
    { n: 2 ** 15, r: 1, p: 1 },
    { n: 2 ** 16, r: 1, p: 1 },
  ])('is read as another scrypt makes it: $n, $r, $p', async ({ n, r, p }) => {
    const salt = new Uint8Array(32).fill(7);
    const derived = scrypt('testpassword', salt, { N: n, r, p, dkLen: 32 });
    const iv = new Uint8Array(16).fill(9);
    const ciphertext = ctr(derived.subarray(0, 16), iv).encrypt(key);
    const plain = (bytes: Uint8Array) => bytesToHex(bytes).slice(2);
    const file = {
      version: 3,
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: plain(iv) },
        ciphertext: plain(ciphertext),
        kdf: 'scrypt',
        kdfparams: { dklen: 32, n, r, p, salt: plain(salt) },
        mac: keccak256(concat([derived.subarray(16), ciphertext])).slice(2),
      },
    };
    expect(await decryptKey(file, 'testpassword')).toEqual(key);
    await expect(decryptKey(file, 'testpasswore')).rejects.toThrow('password is wrong');
  });

  it('comes back from what it wrote, with any password', async () => {
    for (const password of ['a', 'pässwörd 🐦', 'x'.repeat(500)]) {
      const file = JSON.parse(JSON.stringify(await encryptKey(key, password, logN)));
      expect(bytesToHex(await decryptKey(file, password))).toBe(bytesToHex(key));
    }
  });

  it('never writes the same bytes twice, and nothing of the key', async () => {
    const [a, b] = [await encryptKey(key, 'p', logN), await encryptKey(key, 'p', logN)];
    expect(a.crypto.ciphertext).not.toBe(b.crypto.ciphertext);
    expect(JSON.stringify(a)).not.toContain(bytesToHex(key).slice(2));
  });

  it('finds out every altered byte, also of the iv, which the format leaves out of its MAC', async () => {
    const file = await encryptKey(key, 'p', logN);
    const flip = (text: string) => (text[0] === '0' ? '1' : '0') + text.slice(1);
    const { crypto } = file;
    const altered = [
      { ...crypto, ciphertext: flip(crypto.ciphertext) },
      { ...crypto, mac: flip(crypto.mac) },
      { ...crypto, cipherparams: { iv: flip(crypto.cipherparams.iv) } },
    ];
    for (const each of altered)
      await expect(decryptKey({ ...file, crypto: each }, 'p')).rejects.toThrow('altered');
    // Without the address in the file, the altered iv would have gone unnoticed.
    const blind = await decryptKey({ ...file, address: undefined, crypto: altered[2] }, 'p');
    expect(bytesToHex(blind)).not.toBe(bytesToHex(key));
  });

  it('does not let a file take more memory or time than a key is worth', async () => {
    const file = await encryptKey(key, 'p', logN);
    for (const change of [
      { n: 2 ** 30 },
      { n: 1000 },
      { r: 1000 },
      { p: 1000 },
      { n: 2 ** 19, p: 16 },
      { dklen: 64 },
    ]) {
      const kdfparams = { ...file.crypto.kdfparams, ...change };
      await expect(decryptKey({ ...file, crypto: { ...file.crypto, kdfparams } }, 'p')).rejects.toThrow();
    }
    await expect(decryptKey({ ...file, version: 1 }, 'p')).rejects.toThrow();
    await expect(encryptKey(new Uint8Array(32), 'p', logN)).rejects.toThrow('range');
  });
});

describe('a folder of accounts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'murmuration-keys-')), 'keystore');
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true }));

  it('makes, lists and unlocks accounts, in files that nobody else may read', async () => {
    const keystore = openKeystore(folder, logN);
    expect(await keystore.accounts()).toEqual([]);
    const address = await keystore.createAccount('secret');
    expect(await keystore.accounts()).toEqual([address]);
    const { account } = await keystore.unlock(address, 'secret');
    expect(account.address).toBe(address);
    await expect(keystore.unlock(address, 'guess')).rejects.toThrow('password is wrong');
    const names = await readdir(folder);
    expect(names).toHaveLength(1);
    expect((await stat(join(folder, names[0]!))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('imports a key once, and refuses an empty password', async () => {
    const keystore = openKeystore(folder, logN);
    await expect(keystore.importKey(key, '')).rejects.toThrow('empty');
    const address = await keystore.importKey(key, 'p');
    expect(address).toBe('0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b');
    await expect(keystore.importKey(key, 'p')).rejects.toThrow('already');
  });

  /** The published key, in a file without an address: cheap to unlock. */
  const untold = async (password = 'p', own = key) => {
    const { address: _, ...file } = await encryptKey(own, password, logN);
    return file;
  };
  const owner = '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b';
  const other = hexToBytes(`0x${'42'.repeat(32)}`);
  /** A keystore of its own with these files. */
  async function keystoreOf(files: Record<string, unknown>) {
    const own = await mkdtemp(join(folder, '..', 'own-'));
    for (const [name, file] of Object.entries(files))
      await writeFile(join(own, name), typeof file === 'string' ? file : JSON.stringify(file));
    return openKeystore(own, logN);
  }

  it.each([
    ['deployer', async () => untold()],
    ['deployer', async () => ({ ...(await untold()), id: null })],
    ['a key.json', async () => ({ ...(await untold()), id: undefined })],
    ['of-pbkdf2', async () => published.pbkdf2],
  ])('reads the file %s of cast, which tells no account, by its password alone', async (name, make) => {
    const keystore = await keystoreOf({ [name]: await make(), 'README.md': 'not a key', 'list.json': '[]' });
    const password = name === 'of-pbkdf2' ? 'testpassword' : 'p';
    expect(await keystore.accounts()).toEqual([]);
    expect(await keystore.untold()).toEqual([name]);
    for (const asked of [undefined, owner] as const) {
      expect((await keystore.unlock(asked, password)).account.address).toBe(owner);
      await expect(keystore.unlock(asked, 'q')).rejects.toMatchObject({ code: 'input' });
    }
    await expect(keystore.unlock(privateKeyToAccount(bytesToHex(other)).address, 'p')).rejects.toMatchObject({
      message: expect.stringMatching(/is not in .*, or its password is another/),
      mend: expect.stringContaining(name),
    });
  });

  it.each([
    ['of any name, by what is in it', 'deployer', owner.slice(2)],
    ['whose address has 0x', 'deployer', owner],
    ['whose address is in capitals', 'deployer', owner.slice(2).toUpperCase()],
    ['named .json', `UTC--2024-01-02T03-04-05Z--${owner.slice(2).toLowerCase()}.json`, undefined],
    ['named with 0x', owner, undefined],
    ['named in capitals', `UTC--2024--${owner.slice(2).toUpperCase()}`, undefined],
  ])('lists a file %s', async (_, name, address) => {
    const keystore = await keystoreOf({ [name]: { ...(await untold()), address } });
    expect(await keystore.accounts()).toEqual([owner]);
    expect(await keystore.untold()).toEqual([]);
    expect((await keystore.unlock(owner, 'p')).account.address).toBe(owner);
  });

  it('finds an account among files that tell none, each under a password of its own', async () => {
    const keystore = await keystoreOf({ a: await untold('q', other), b: await untold() });
    expect((await keystore.unlock(owner, 'p')).account.address).toBe(owner);
    await expect(keystore.unlock(undefined, 'p')).rejects.toThrow('2 keys are in');
    // The password that opens another one's file opens nothing of whoever is asked for.
    await expect(keystore.unlock(owner, 'q')).rejects.toThrow('or its password is another');
  });

  it('names a file that was cut short', async () => {
    const cut = join(folder, '..', 'cut');
    const address = await openKeystore(cut, logN).createAccount('p');
    const [name] = await readdir(cut);
    const file = join(cut, name!);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
    await expect(openKeystore(cut, logN).unlock(address, 'p')).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(name!),
    });
  });

  it('finds out a file that was put in the place of another', async () => {
    const keystore = openKeystore(folder, logN);
    const victim = await keystore.createAccount('p');
    const files = await readdir(folder);
    const name = (address: string) =>
      join(folder, files.find((file) => file.endsWith(address.slice(2).toLowerCase()))!);
    await writeFile(name(victim), await readFile(name('0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b')));
    await expect(keystore.unlock(victim, 'p')).rejects.toThrow('altered');
  });
});

describe('a password', () => {
  it('comes from a file that nobody else may read, or the environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'murmuration-password-'));
    const file = join(folder, 'password');
    await writeFile(file, 'from a file\nsecond line', { mode: 0o600 });
    expect(await readPassword('Password', { file, env: {} })).toBe('from a file');
    expect(await readPassword('Password', { env: { MURMURATION_PASSWORD_FILE: file } })).toBe('from a file');
    expect(await readPassword('Password', { env: { MURMURATION_PASSWORD: 'from env' } })).toBe('from env');
    await chmod(file, 0o644);
    await expect(readPassword('Password', { file, env: {} })).rejects.toMatchObject({
      code: 'input',
      mend: `chmod 600 ${file}`,
    });
    await expect(readPassword('Password', { env: { MURMURATION_PASSWORD: '' } })).rejects.toThrow('empty');
    const absent = join(folder, 'absent');
    await expect(readPassword('Password', { file: absent, env: {} })).rejects.toMatchObject({
      message: `keystore: there is no file ${absent} with the password`,
      mend: expect.stringContaining('umask 077'),
    });
    await rm(folder, { recursive: true });
  });

  it('is not waited for where nobody can type one', async () => {
    const input = { isTTY: false } as never;
    await expect(readPassword('Password', { env: {}, input })).rejects.toMatchObject({
      mend: expect.stringContaining('run at a terminal'),
    });
  });

  it('is typed twice for a new account, since a slip would lose it', async () => {
    const type = (...lines: string[]) => {
      const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
      const output = new PassThrough();
      // Each prompt is answered by the next line.
      output.on('data', (shown: Buffer) => {
        if (shown.toString().endsWith(': '))
          setImmediate(() => input.emit('data', Buffer.from(`${lines.shift()}\r`)));
      });
      return readPassword('Password', { env: {}, twice: true, input, output } as never);
    };
    expect(await type('secret', 'secret')).toBe('secret');
    await expect(type('secret', 'secert')).rejects.toThrow(/the two passwords differ; nothing was made/);
  });
});

describe('a secret box', () => {
  const box = createSecretBox(key);
  const secret = new TextEncoder().encode('a share of the key');

  it('opens for its account and its purpose alone, unaltered', () => {
    const sealed = box.seal('he/party', secret);
    expect(box.open('he/party', sealed)).toEqual(secret);
    expect(() => box.open('he/other', sealed)).toThrow('does not open');
    const other = createSecretBox(hexToBytes(`0x${'11'.repeat(32)}`));
    expect(() => other.open('he/party', sealed)).toThrow('does not open');
    for (const at of [1, 24, 25, sealed.length - 1]) {
      const altered = sealed.slice();
      altered[at]! ^= 1;
      expect(() => box.open('he/party', altered)).toThrow('does not open');
    }
    expect(() => box.open('he/party', sealed.subarray(0, 40))).toThrow('at least');
    expect(() => box.open('he/party', Uint8Array.of(2, ...sealed.subarray(1)))).toThrow('format');
  });

  it('never seals the same way twice, but always gives the same seed', () => {
    expect(box.seal('x', secret)).not.toEqual(box.seal('x', secret));
    expect(box.seed('peer')).toEqual(createSecretBox(key).seed('peer'));
    expect(box.seed('peer')).not.toEqual(box.seed('other'));
    expect(box.seed('peer')).toHaveLength(32);
  });
});
