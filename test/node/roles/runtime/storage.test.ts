// A role's memory: of one task of one deployment, unreadable to others, and for its account alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hash } from 'viem';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSecretBox } from '../../../../node/keystore/index.ts';
import { encodeBundle } from '../../../../node/protocol/index.ts';
import { readProgress } from '../../../../node/roles/round/checkpoint.ts';
import { entropyOf } from '../../../../node/roles/runtime/seeds.ts';
import { createRoleStorage, nothingKept } from '../../../../node/roles/runtime/storage.ts';
import { openState, type State } from '../../../../node/state/index.ts';

const secretBox = createSecretBox(new Uint8Array(32).fill(7));
const bytes = new TextEncoder().encode('the sealed update');
let folder: string;
let state: State;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'role-storage-'));
  state = await openState(folder);
});
afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

it('finds nothing of another task: what was sealed for one must not be sent in the other', async () => {
  const storage = createRoleStorage(state, secretBox, '31337/0xa/1');
  await storage.write('progress', bytes);
  expect(await storage.read('progress')).toEqual(bytes);
  for (const place of ['31337/0xa/2', '31337/0xb/1', '1/0xa/1'])
    expect(await createRoleStorage(state, secretBox, place).read('progress')).toBeUndefined();
});

it('is sealed, for its account and its owner alone', async () => {
  await createRoleStorage(state, secretBox, '31337/0xa/1').write('progress', bytes);
  const [name] = readdirSync(folder).filter((each) => each.endsWith('.bin'));
  const file = join(folder, name!);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(readFileSync(file).includes(Buffer.from(bytes))).toBe(false);
  const other = createRoleStorage(state, createSecretBox(new Uint8Array(32).fill(8)), '31337/0xa/1');
  await expect(other.read('progress')).rejects.toMatchObject({
    code: 'state',
    message: expect.stringMatching(`^${file}: .*does not open`),
    mend: expect.stringContaining('Give the account that the folder is of'),
    prospect: 'final',
  });
});

it('names what another release wrote, and how to go on', async () => {
  const storage = createRoleStorage(state, secretBox, '31337/0xa/1');
  expect(await readProgress(storage, 1)).toBeUndefined();
  for (const written of [Uint8Array.of(1), encodeBundle([Uint8Array.of(9), bytes, bytes, bytes])]) {
    await storage.write('progress', written);
    await expect(readProgress(storage, 1)).rejects.toMatchObject({
      code: 'state',
      message: 'what is remembered as progress is in no form that this release reads',
      mend: 'Go on with the release that wrote it until the task is over.',
      prospect: 'final',
    });
  }
});

it('and the secret for a draw is of one task of one history of its chain: one that was revealed foretells no other', () => {
  const signer = { address: '0x5FbDB2315678afecb367f032d93F642f64180aa3' };
  const at = (chainId: number, marketplace: string, task: bigint, hash: Hash = '0x11') => {
    const place = { task, origin: { block: 1n, hash } };
    return entropyOf({ secretBox, signer, deployment: { chainId, marketplace } } as never, place).secret;
  };
  const first = at(1, '0xa', 1n);
  const others = [at(2, '0xa', 1n), at(1, '0xb', 1n), at(1, '0xa', 2n), at(1, '0xa', 1n, '0x12')];
  expect(new Set([first, ...others]).size).toBe(5);
  expect(at(1, '0xa', 1n)).toBe(first);
});

it('of a role that keeps nothing refuses what it would forget', async () => {
  await expect(nothingKept.write('progress', bytes)).rejects.toThrow('progress is to be remembered');
  await nothingKept.remove('progress');
  expect(await nothingKept.read('progress')).toBeUndefined();
});
