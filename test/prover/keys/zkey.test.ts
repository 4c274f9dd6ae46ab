// A small circuit's proving key as a file, and everything about such a file that readers refuse, by name and with what to do.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readContributions } from '../../../prover/ceremony/contributions.ts';
import { openBinaryFile, type Section, writeBinaryFile } from '../../../prover/keys/binary_file.ts';
import { loadCircuitKeys } from '../../../prover/keys/circuit_keys.ts';
import { generateZkey, keyScalars } from '../../../prover/keys/generate.ts';
import { readZkey } from '../../../prover/keys/index.ts';
import type { KeyKind } from '../../../prover/keys/manifest.ts';
import { developmentSecret } from '../../../prover/keys/secret.ts';
import { verifyingKeyToJson } from '../../../prover/keys/verifying_key.ts';
import { readUncheckedZkey, zkeySection } from '../../../prover/keys/zkey.ts';
import { multiplier } from '../support/multiplier.ts';
import { cubic } from '../support/small.ts';

let root: string;
let path: string;
let good: readonly Section[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-zkey-'));
  path = join(root, 'cubic.zkey');
  good = await generateZkey(keyScalars(cubic, developmentSecret('files', '00')), multiplier);
});
beforeEach(() => writeBinaryFile(path, 'zkey', good));
afterAll(() => rm(root, { recursive: true }));

/** The key with one section changed, or without it. */
async function write(type: number, change: (bytes: Buffer) => Uint8Array | undefined): Promise<void> {
  const sections = good.flatMap((section) => {
    if (section.type !== type) return [section];
    const bytes = change(Buffer.from(section.bytes));
    return bytes ? [{ type, bytes }] : [];
  });
  await writeBinaryFile(path, 'zkey', sections);
}
const altered = (edit: (bytes: Buffer) => unknown) => (bytes: Buffer) => {
  edit(bytes);
  return bytes;
};

describe('a proving key', () => {
  it.each([
    [zkeySection.protocol, 4],
    [zkeySection.header, 660],
    [zkeySection.ic, 3 * 64],
    [zkeySection.contributions, 68],
  ])('lacks its section %i where that has fewer than %i bytes', async (type, least) => {
    const message = `${path} lacks section ${type}`;
    await write(type, () => undefined);
    await expect(readZkey(path)).rejects.toMatchObject({ code: 'key-file', message });
    await write(type, (bytes) => bytes.subarray(0, least - 1));
    await expect(readZkey(path)).rejects.toMatchObject({ code: 'key-file', message });
    await write(type, (bytes) => bytes.subarray(0, least));
    expect((await readZkey(path)).publics).toBe(2);
  });
  it('is one of Groth16, over BN254', async () => {
    await write(
      zkeySection.protocol,
      altered((bytes) => bytes.writeUInt32LE(2)),
    );
    await expect(readZkey(path)).rejects.toMatchObject({
      code: 'key-file',
      message: `${path} is not a Groth16 key`,
      mend: 'Make a Groth16 key from the circuit.',
    });
    // Sizes of its numbers, and the orders of its fields, each in turn.
    for (const at of [0, 4, 36, 40]) {
      await write(
        zkeySection.header,
        altered((bytes) => bytes.writeUInt8(bytes[at]! ^ 64, at)),
      );
      await expect(readZkey(path)).rejects.toMatchObject({
        code: 'key-file',
        message: `${path} is not over BN254`,
        mend: 'Make it from a circuit that was compiled for bn128.',
      });
    }
  });
  it('has fewer public signals than wires, and 2^16 at most', async () => {
    const sizes = (wires: number, publics: number) =>
      write(
        zkeySection.header,
        altered((bytes) => {
          bytes.writeUInt32LE(wires, 72);
          bytes.writeUInt32LE(publics, 76);
        }),
      );
    await sizes(2, 2);
    await expect(readZkey(path)).rejects.toThrow('claims 2 public signals of 2 wires');
    await sizes(3, 2);
    expect((await readZkey(path)).wires).toBe(3);
    await sizes(2 ** 20, 2 ** 16 + 1);
    await expect(readZkey(path)).rejects.toThrow('claims 65537 public signals of 1048576 wires');
    await sizes(2 ** 20, 2 ** 16);
    await expect(readZkey(path)).rejects.toThrow('lacks section 3');
  });
  it('binds every signal that verifiers take as a point of their own', async () => {
    expect((await readZkey(path, 1)).bases).toHaveLength(1);
    await write(
      zkeySection.ic,
      altered((bytes) => bytes.fill(0, 128)),
    );
    await expect(readZkey(path, 1)).rejects.toMatchObject({
      code: 'key-unsound',
      message: expect.stringMatching(/base 0 is infinity/),
    });
    expect((await readUncheckedZkey(path, 1)).bases).toEqual([{ x: 0n, y: 0n }]);
  });
  it('says how many contributions it has', async () => {
    await write(
      zkeySection.contributions,
      altered((bytes) => bytes.fill(9, 0, 64).writeUInt32LE(77, 64)),
    );
    expect(await readZkey(path)).toMatchObject({ contributions: 77, development: false });
    await write(
      zkeySection.contributions,
      altered((bytes) => bytes.fill(9, 63, 64)),
    );
    expect((await readZkey(path)).development).toBe(false);
  });
});

describe('a file of sections', () => {
  const refused = (message: string) =>
    expect(openBinaryFile(path, 'zkey')).rejects.toMatchObject({
      code: 'key-file',
      message: `${path}${message}`,
      mend: 'Get the file again: it was cut short or altered.',
    });
  const file = (
    count: number,
    ...sections: readonly (readonly [type: number, length: number, held: number])[]
  ) => {
    const head = Buffer.from([0x7a, 0x6b, 0x65, 0x79, 1, 0, 0, 0, count, 0, 0, 0]);
    const parts = sections.map(([type, length, held]) => {
      const part = Buffer.alloc(12 + held);
      part.writeUInt32LE(type);
      part.writeBigUInt64LE(BigInt(length), 4);
      return part;
    });
    return Buffer.concat([head, ...parts]);
  };
  it('that is not there is refused with the reason', async () => {
    const missing = join(root, 'missing.zkey');
    await expect(openBinaryFile(missing, 'zkey')).rejects.toMatchObject({
      code: 'key-file',
      message: `${missing} cannot be read (ENOENT)`,
      mend: 'Check the path.',
      cause: expect.objectContaining({ code: 'ENOENT' }),
    });
  });
  it('is of its kind and of version 1, with 32 sections at most', async () => {
    const of = (edit: (bytes: Buffer) => unknown) => writeFile(path, altered(edit)(file(0)));
    for (const edit of [
      (bytes: Buffer) => bytes.write('ptau'),
      (bytes: Buffer) => bytes.writeUInt32LE(2, 4),
      (bytes: Buffer) => bytes.writeUInt32LE(33, 8),
    ]) {
      await of(edit);
      await refused(' is not a zkey file');
    }
    await writeFile(path, file(0).subarray(0, 11));
    await refused(' is not a zkey file');
    const most = Array.from({ length: 32 }, (_, type) => [type, 3, 3] as const);
    await writeFile(path, file(32, ...most));
    const { sections, close } = await openBinaryFile(path, 'zkey');
    expect(sections.size).toBe(32);
    expect(sections.get(31)).toEqual({ start: 12 + 31 * 15 + 12, length: 3 });
    await close();
  });
  it('has each section once and whole', async () => {
    await writeFile(path, file(2, [1, 4, 4]));
    await refused(' ends early');
    await writeFile(path, file(1, [1, 5, 4]));
    await refused(': section 1 is broken');
    await writeFile(path, file(2, [1, 4, 4], [1, 4, 4]));
    await refused(': section 1 is broken');
  });
});

describe('the list of contributions', () => {
  it('is refused where it is missing, too long, or cut short', async () => {
    const unusable = { code: 'key-file', message: `${path} has no usable list of contributions` };
    for (const change of [
      () => undefined,
      (bytes: Buffer) => bytes.subarray(0, 67),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(2 ** 20 + 1 - bytes.length)]),
    ]) {
      await write(zkeySection.contributions, change);
      await expect(readContributions(path)).rejects.toMatchObject(unusable);
    }
    await write(zkeySection.contributions, (bytes) =>
      Buffer.concat([bytes, Buffer.alloc(2 ** 20 - bytes.length)]),
    );
    expect(await readContributions(path)).toMatchObject({ contributions: [] });
    // One contribution: its points, 64 bytes, its kind, and two bytes of notes.
    const whole = Buffer.alloc(68 + 3 * 64 + 128 + 64 + 8 + 2);
    whole.writeUInt32LE(1, 64);
    whole.writeUInt32LE(2, whole.length - 6);
    whole.set([2, 12], whole.length - 2);
    await write(zkeySection.contributions, () => whole);
    expect((await readContributions(path)).contributions).toEqual([
      { name: '', iterationsExp: 12, kind: 'contribution', hash: expect.stringMatching(/^[0-9a-f]{128}$/) },
    ]);
    for (const length of [whole.length - 1, whole.length - 3, 100]) {
      await write(zkeySection.contributions, () => whole.subarray(0, length));
      await expect(readContributions(path)).rejects.toMatchObject({
        code: 'key-file',
        message: `${path}: its list of contributions is cut short`,
      });
    }
  });
});

describe('the keys of a circuit', () => {
  const vkey = 'cubic.vkey.json';
  const listed = (file: string) => ({ file, bytes: 1, sha256: '0'.repeat(64) });
  const load = (kind: KeyKind = 'insecure-development', publics = 2) =>
    loadCircuitKeys(root, {
      id: 'cubic/small',
      kind,
      files: {
        r1cs: listed('cubic.r1cs'),
        wasm: listed('cubic.wasm'),
        zkey: listed('cubic.zkey'),
        verifyingKey: listed(vkey),
      },
      words: undefined,
      publics,
    });
  let json: object;
  beforeEach(async () => {
    json = verifyingKeyToJson((await readZkey(path)).verifyingKey);
    await writeFile(join(root, vkey), JSON.stringify(json));
  });

  it('have as many public signals as their circuit', async () => {
    expect((await load()).provingKey.zkeyPath).toBe(path);
    await expect(load('insecure-development', 3)).rejects.toMatchObject({
      code: 'key-file',
      message: `${path} has 2 public signals, but cubic has 3`,
    });
  });
  it('of a ceremony have a contribution', async () => {
    const contributions = (count: number) =>
      write(
        zkeySection.contributions,
        altered((bytes) => bytes.fill(9, 0, 64).writeUInt32LE(count, 64)),
      );
    await contributions(0);
    await expect(load('ceremony')).rejects.toMatchObject({
      code: 'key-unsound',
      message: `${path} has no contribution, so its maker can forge`,
      mend: "Run the ceremony's contributions.",
    });
    await expect(load()).rejects.toThrow(
      /is not a development key, but its manifest says insecure-development/,
    );
    await contributions(1);
    expect((await load('ceremony')).verifyingKey.ic).toHaveLength(3);
  });
  it.each<[string, (key: Record<string, unknown>) => unknown]>([
    ['no object', () => []],
    ['a field too many', (key) => ({ ...key, more: 1 })],
    ['a field too few', ({ ic: _, ...key }) => key],
    ['a number that is none', (key) => ({ ...key, alpha: ['0x1', '2'] })],
    ['a number of 79 digits', (key) => ({ ...key, alpha: ['1'.repeat(79), '2'] })],
    ['a coordinate too few', (key) => ({ ...key, beta: (key.beta as string[]).slice(1) })],
    ['more signals than any circuit has', (key) => ({ ...key, ic: Array(66).fill(['1', '2']) })],
    ['bases that are no hash', (key) => ({ ...key, bases: '0x12' })],
  ])('have no verifying key of %s', async (_, edit) => {
    await writeFile(join(root, vkey), JSON.stringify(edit(json as Record<string, unknown>)));
    await expect(load()).rejects.toMatchObject({
      code: 'key-file',
      message: `${vkey} is not a verifying key`,
    });
  });
});
