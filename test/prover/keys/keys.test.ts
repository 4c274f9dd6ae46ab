// Development keys and their manifest: the same in every clone, and refused when anything about them is
// wrong.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuitNames } from '@murmuration/circuits';
import {
  checkVerifyingKey,
  ensureDevelopmentKeys,
  type KeySet,
  loadKeys,
  type VerifyingKey,
  verifyingKeyFromJson,
  verifyingKeyToJson,
} from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAlteredDevelopmentKeys, findForeignCircuits, readZkey } from '../../../prover/keys/index.ts';
import { readManifest } from '../../../prover/keys/manifest.ts';
import { hasDevelopmentAlpha, hasDevelopmentTau } from '../../../prover/keys/secret.ts';
import { developmentMark } from '../../../prover/keys/zkey.ts';
import { encodeSrs } from '../../../prover/kzg/index.ts';
import { ensureScoreKeys } from '../../../prover/score/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { readVectors } from '../support/words.ts';

let keys: KeySet;
let root: string;

beforeAll(async () => {
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  root = await mkdtemp(join(tmpdir(), 'murmuration-keys-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of the keys to tamper with; resolves to its manifest. */
async function copy(name: string): Promise<string> {
  await cp(keys.folder, join(root, name), { recursive: true });
  return join(root, name, 'manifest.json');
}
async function editManifest(path: string, edit: (manifest: Record<string, unknown>) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  edit(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

describe('development keys', () => {
  it('say what they are', () => {
    expect(keys.kind).toBe('insecure-development');
    expect(keys.manifest).toMatchObject({
      kind: 'insecure-development',
      seed: 'murmuration insecure development keys',
    });
  });
  it('are those of the vectors in every clone', () => {
    const { tiny } = readVectors<{ tiny: { verifyingKeys: Record<string, { alpha: string[] }> } }>('proofs');
    for (const name of ['update', 'aggregate', 'alignment'] as const) {
      const { alpha } = keys.circuit(name).verifyingKey;
      expect([alpha.x, alpha.y]).toEqual(tiny.verifyingKeys[name]!.alpha.map(BigInt));
    }
  });
  it('tell how they come about: compiled, made and loaded, each circuit by its name', async () => {
    const told: string[] = [];
    const onProgress = ({ stage, id }: { stage: string; id: string }) => void told.push(`${stage} ${id}`);
    await ensureDevelopmentKeys('tiny', { cacheFolder, onProgress });
    const ids = circuitNames.map((circuit) => `${circuit}/tiny`);
    expect(told.splice(0).sort()).toEqual([...ids.map((id) => `compiled ${id}`), 'loaded tiny'].sort());
    // Where nothing is cached, all begins with a compilation; what hears of it ends it here.
    const enough = new Error('enough');
    const first = (make: (options: Parameters<typeof ensureDevelopmentKeys>[1]) => Promise<unknown>) =>
      new Promise((resolve, reject) => {
        const end = (progress: object) => {
          resolve(progress);
          throw enough;
        };
        make({ cacheFolder: join(root, 'empty'), onProgress: end }).catch(
          (error) => error === enough || reject(error),
        );
      });
    // Circuits are compiled side by side: any may begin.
    const begun = await first((options) => ensureDevelopmentKeys('tiny', options));
    expect(ids.map((id) => ({ stage: 'compiling', id }))).toContainEqual(begun);
    expect(await first((options) => ensureScoreKeys('logistic', options))).toEqual({
      stage: 'compiling',
      id: 'score/logistic',
    });
  });
  it('come out the same again from circuit and seed', async () => {
    // A key that is another one is named, and no other.
    const altered: KeySet = {
      ...keys,
      circuit: (name) => {
        const circuit = keys.circuit(name);
        const provingKey = { ...circuit.provingKey, sha256: '0'.repeat(64) };
        return name === 'aggregate' ? { ...circuit, provingKey } : circuit;
      },
    };
    expect(await findAlteredDevelopmentKeys(altered)).toEqual(['aggregate/tiny']);
    const ceremony = { ...keys, manifest: { ...keys.manifest, kind: 'ceremony' } } as unknown as KeySet;
    await expect(findAlteredDevelopmentKeys(ceremony)).rejects.toMatchObject({
      code: 'argument',
      message: 'the keys are of kind ceremony, but only development keys come from a seed',
    });
  });
  it('of circuits that are not this version’s are named', async () => {
    expect(await findForeignCircuits(keys, { cacheFolder })).toEqual([]);
    const foreign: KeySet = {
      ...keys,
      circuit: (name) => {
        const circuit = keys.circuit(name);
        const r1cs = { ...circuit.r1cs, sha256: '0'.repeat(64) };
        return name === 'alignment' ? circuit : { ...circuit, r1cs };
      },
    };
    expect(await findForeignCircuits(foreign, { cacheFolder })).toEqual(['update/tiny', 'aggregate/tiny']);
  });
  it('are others for another seed', async () => {
    await symlink(join(cacheFolder, 'circuits'), join(root, 'circuits'));
    const other = await ensureDevelopmentKeys('tiny', { seed: 'another', cacheFolder: root });
    expect(other.folder).toMatch(join(root, 'keys', 'tiny-development-'));
    expect(other.circuit('update').verifyingKey).not.toEqual(keys.circuit('update').verifyingKey);
    expect(other.srs.tauG2).not.toEqual(keys.srs.tauG2);
  });
});

describe('a manifest names the file that is wrong', () => {
  it.each(['update.zkey', 'aggregate.wasm', 'alignment.r1cs', 'powers.srs', 'update.vkey.json'])(
    '%s altered',
    async (file) => {
      const path = await copy(`altered-${file}`);
      const target = join(path, '..', file);
      const bytes = await readFile(target);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(target, bytes);
      await expect(loadKeys(path)).rejects.toMatchObject({
        code: 'key-file',
        message: expect.stringMatching(`${file} has SHA-256 `),
        mend: expect.stringMatching(/stale or was altered/),
      });
    },
  );
  it('a file of another length, a missing one', async () => {
    const path = await copy('short');
    const target = join(path, '..', 'update.zkey');
    await writeFile(target, (await readFile(target)).subarray(1));
    await expect(loadKeys(path)).rejects.toThrow(/update\.zkey has \d+ bytes/);
    await rm(target);
    await expect(loadKeys(path)).rejects.toThrow(/update\.zkey is missing/);
  });
  it('keys of two circuits swapped with their hashes', async () => {
    const path = await copy('swapped');
    await editManifest(path, (manifest) => {
      const circuits = manifest.circuits as Record<string, { zkey: unknown }>;
      [circuits.update!.zkey, circuits.aggregate!.zkey] = [circuits.aggregate!.zkey, circuits.update!.zkey];
    });
    await expect(loadKeys(path)).rejects.toThrow(/update\.vkey\.json is not the key in aggregate\.zkey/);
  });
  it('no manifest, no JSON, a path out of the folder, an unknown field', async () => {
    await expect(loadKeys(join(root, 'nowhere', 'manifest.json'))).rejects.toThrow(/is missing/);
    const path = await copy('form');
    await editManifest(path, (manifest) => {
      (manifest.srs as { file: string }).file = '../tiny/powers.srs';
    });
    await expect(loadKeys(path)).rejects.toThrow(/srs\.file: a plain file name/);
    await editManifest(path, (manifest) => {
      manifest.surprise = 1;
    });
    await expect(loadKeys(path)).rejects.toThrow(/manifest\.json/);
    await writeFile(path, '{');
    await expect(loadKeys(path)).rejects.toThrow(/is not JSON/);
    await writeFile(path, 'null');
    await expect(loadKeys(path)).rejects.toThrow(/manifest\.json: the manifest: /);
  });
  it('a manifest of more than 2^20 bytes', async () => {
    const path = await copy('long');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.padEnd(2 ** 20));
    expect((await readManifest(path)).preset).toBe('tiny');
    await writeFile(path, text.padEnd(2 ** 20 + 1));
    await expect(readManifest(path)).rejects.toMatchObject({
      code: 'key-file',
      message: expect.stringMatching(/has 1048577 bytes, but a manifest has fewer than 2\^20/),
    });
  });
  it('powers for another preset', async () => {
    const path = await copy('powers');
    const { srs } = keys;
    const bytes = encodeSrs({ ...srs, powers: 98, g1: srs.g1.subarray(0, 98 * 64) });
    await writeFile(join(path, '..', 'powers.srs'), bytes);
    await editManifest(path, (manifest) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      manifest.srs = { file: 'powers.srs', bytes: bytes.length, sha256 };
    });
    await expect(loadKeys(path)).rejects.toMatchObject({
      code: 'key-file',
      message: 'powers.srs has 98 powers, but tiny needs 99',
    });
  });
});

describe('a development key passes for nothing else', () => {
  it('under the manifest of a ceremony', async () => {
    const path = await copy('disguised');
    await rename(join(path, '..', 'powers.srs'), join(path, '..', 'powers2.srs'));
    await editManifest(path, (manifest) => {
      manifest.kind = 'ceremony';
      delete manifest.seed;
      (manifest.srs as { file: string }).file = 'powers2.srs';
      manifest.transcript = manifest.srs;
    });
    await expect(loadKeys(path)).rejects.toThrow(
      /is an insecure development key, but its manifest says ceremony/,
    );
  });
});

describe('a development key whose mark was removed', () => {
  /** Changes one listed file, its hash with it, and calls the folder a ceremony's. */
  async function disguised(name: string, file: string, edit: (bytes: Buffer) => void): Promise<string> {
    const path = await copy(name);
    const bytes = await readFile(join(path, '..', file));
    edit(bytes);
    await writeFile(join(path, '..', file), bytes);
    const entry = { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    await editManifest(path, (manifest) => {
      manifest.kind = 'ceremony';
      delete manifest.seed;
      manifest.transcript = manifest.srs;
      (manifest.circuits as Record<string, Record<string, unknown>>).update!.zkey = entry;
    });
    return path;
  }

  it('is known by its secret: under the manifest of a ceremony it is refused', async () => {
    const path = await disguised('unmarked', 'update.zkey', (bytes) => {
      const mark = bytes.indexOf(developmentMark);
      bytes.fill(7, mark, mark + 64);
      bytes.writeUInt32LE(1, mark + 64);
    });
    expect((await readZkey(join(path, '..', 'update.zkey'))).development, 'the file denies it').toBe(false);
    await expect(loadKeys(path)).rejects.toThrow(/update\.zkey is an insecure development key/);
  });

  it('and so are the powers of the development secret, and no others', () => {
    expect(hasDevelopmentTau(keys.srs.tauG2)).toBe(true);
    expect(hasDevelopmentTau(keys.circuit('update').verifyingKey.gamma)).toBe(false);
    const { alpha } = keys.circuit('update').verifyingKey;
    expect(hasDevelopmentAlpha(alpha, keys.circuit('update').r1cs.sha256)).toBe(true);
    expect(hasDevelopmentAlpha(alpha, keys.circuit('aggregate').r1cs.sha256)).toBe(false);
  });
});

describe('an unsound verifying key is refused', () => {
  const good = () => keys.circuit('update').verifyingKey;
  const negated = () => {
    const { x, y } = good().gamma;
    const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    return { x, y: { c0: q - y.c0, c1: q - y.c1 } };
  };
  const zero = { c0: 0n, c1: 0n };
  it.each<[string, () => VerifyingKey, RegExp]>([
    ['gamma = delta', () => ({ ...good(), delta: good().gamma }), /gamma equals delta/],
    ['gamma = -delta', () => ({ ...good(), delta: negated() }), /gamma equals delta/],
    ['alpha at infinity', () => ({ ...good(), alpha: { x: 0n, y: 0n } }), /infinity/],
    ['beta at infinity', () => ({ ...good(), beta: { x: zero, y: zero } }), /infinity/],
    ['gamma at infinity', () => ({ ...good(), gamma: { x: zero, y: zero } }), /infinity/],
    ['delta at infinity', () => ({ ...good(), delta: { x: zero, y: zero } }), /infinity/],
    ...[0, 1, 2, 3].map((signal): [string, () => VerifyingKey, RegExp] => [
      `signal ${signal} that is not bound`,
      () => ({ ...good(), ic: good().ic.with(signal + 1, { x: 0n, y: 0n }) }),
      new RegExp(`public signal ${signal} is not bound`),
    ]),
    ['no signal', () => ({ ...good(), ic: good().ic.slice(0, 1) }), /has 1 IC points/],
    ['a point off the curve', () => ({ ...good(), alpha: { x: 1n, y: 1n } }), /alpha/],
  ])('%s', (_, make, message) => {
    expect(() => checkVerifyingKey('key', make())).toThrow(message);
    expect(() => verifyingKeyFromJson('key', verifyingKeyToJson(make()))).toThrow(message);
  });

  it('but not for having one signal', () => {
    expect(() => checkVerifyingKey('key', { ...good(), ic: good().ic.slice(0, 2) })).not.toThrow();
  });
  it('and a sound one comes back from its JSON, with the hash of its bases where it has some', () => {
    const { verifyingKey: folded } = keys.circuit('alignment');
    expect(folded.bases).toMatch(/^0x[0-9a-f]{64}$/);
    expect(verifyingKeyToJson(folded).bases).toBe(folded.bases);
    expect(Object.keys(verifyingKeyToJson(good()))).not.toContain('bases');
    for (const key of [folded, good()]) {
      const json = JSON.parse(JSON.stringify(verifyingKeyToJson(key)));
      expect(verifyingKeyFromJson('key', json)).toStrictEqual(key);
    }
  });
  it('but not for a constant at infinity: that binds every signal', () => {
    const ic = good().ic.with(0, { x: 0n, y: 0n });
    expect(() => checkVerifyingKey('key', { ...good(), ic })).not.toThrow();
  });
});
