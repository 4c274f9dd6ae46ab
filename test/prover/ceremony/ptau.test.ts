// The size that a Powers of Tau file says it has is believed only where the file holds as much: everything of the
// ceremony is laid out by it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldOrder } from '@murmuration/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPtauPower } from '../../../prover/ceremony/ptau.ts';
import { writeBinaryFile } from '../../../prover/keys/binary_file.ts';
import { baseFieldOrder } from '../../../prover/kzg/points.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptau-'));
});
afterAll(() => rm(folder, { recursive: true }));

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
/** What a file says of itself, how many powers it holds, and whether it is prepared for phase 2. */
interface Said {
  readonly power: number;
  readonly prime: bigint;
  readonly powers: number;
  readonly prepared: boolean;
}

/** A file of powers; they are zeros, and what it is prepared for is empty. */
async function ptau(of: Partial<Said>): Promise<string> {
  const { power = 1, prime = baseFieldOrder, powers = 2 ** (power + 1) - 1, prepared = true } = of;
  const order = Buffer.from(prime.toString(16).padStart(64, '0'), 'hex').reverse();
  const path = join(folder, 'powers.ptau');
  await writeBinaryFile(path, 'ptau', [
    { type: 1, bytes: Buffer.concat([u32(32), order, u32(power), u32(power)]) },
    { type: 2, bytes: new Uint8Array(64 * powers) },
    ...(prepared ? [{ type: 12, bytes: new Uint8Array() }] : []),
  ]);
  return path;
}

it('is read where the file holds it', async () => {
  for (const power of [1, 5]) expect(await readPtauPower(await ptau({ power }))).toBe(power);
});

it.each([
  ['another field', { prime: fieldOrder }, /is not over BN254/],
  ['no powers', { power: 0 }, /says its power is 0, but it is from 1 to 28/],
  ['more powers than the field has roots for', { power: 29, powers: 3 }, /says its power is 29, but it is/],
  ['as many as there are', { power: 28, powers: 3 }, /holds 3 powers, but .* has 2\^29 - 1/],
  ['fewer powers than it says', { power: 5, powers: 62 }, /holds 62 powers, but .* has 2\^6 - 1/],
  ['nothing for phase 2', { power: 2, prepared: false }, /prepare/],
])('of %s is refused', async (_, of, message) => {
  await expect(readPtauPower(await ptau(of))).rejects.toMatchObject({
    code: 'key-file',
    message: expect.stringMatching(message),
  });
});
