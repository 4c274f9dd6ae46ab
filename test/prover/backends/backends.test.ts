// The compliance suite for each backend that can run here; the setting that chooses; threads that end.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBackend, ensureDevelopmentKeys, proofWords, verifyingKeyToJson } from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../prover/backends/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { honestWitness } from '../support/witness.ts';
import { usableKernels } from '../wasm/support/kernels.ts';
import { complianceSuite } from './compliance.ts';

/** Names rapidsnark's program, where there is one. */
const rapidsnark = process.env.MURMURATION_RAPIDSNARK;

describe.each(usableKernels.map((kernel) => [kernel] as const))('wasm, kernel %s', (kernel) =>
  complianceSuite(() => createBackend({ name: 'wasm', kernel })),
);
describe('snarkjs', () => complianceSuite(() => createBackend({ name: 'snarkjs' })));
describe.skipIf(!rapidsnark)('rapidsnark (MURMURATION_RAPIDSNARK names no program)', () =>
  complianceSuite(() => createBackend({ name: 'rapidsnark', binary: rapidsnark! })),
);

describe('the setting', () => {
  it('chooses, and never another', async () => {
    expect(createBackend({ name: 'wasm' }).name).toBe('wasm');
    expect(createBackend({ name: 'snarkjs' }).name).toBe('snarkjs');
    const missing = createBackend({ name: 'rapidsnark', binary: '/nowhere/rapidsnark' });
    expect(missing.name).toBe('rapidsnark');
    await expect(missing.start()).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringMatching(/"\/nowhere\/rapidsnark" is missing /),
      mend: expect.stringMatching(/ or set the backend to snarkjs/),
    });
    expect(() => createBackend({ name: 'other' } as never)).toThrow(
      expect.objectContaining({ code: 'argument', message: expect.stringMatching(/the backend is "other"/) }),
    );
    expect(() => createBackend({ name: 'snarkjs', parallel: 0 })).toThrow(/parallel is 0/);
    for (const [option, message] of [
      [{ parallel: 17 }, /parallel is 17/],
      [{ threads: 0 }, /threads is 0/],
      [{ tableLevels: 1.5 }, /tableLevels is 1.5/],
      [{ kernel: 'abacus' }, /the kernel is abacus, but it is one of quads, pairs, integers/],
    ] as const) {
      expect(() => createBackend({ name: 'wasm', ...option } as never)).toThrow(message);
    }
  });
});

describe('the kernel of wasm', () => {
  it('is told between start and stop alone, with those that were not chosen', async () => {
    const backend = createWasmBackend({ kernel: 'integers', threads: 1 });
    expect([backend.kernel, backend.rejected]).toEqual([undefined, []]);
    const starting = backend.start();
    expect([backend.kernel, backend.rejected]).toEqual([undefined, []]);
    await starting;
    expect([backend.kernel, backend.rejected]).toEqual(['integers', []]);
    await backend.stop();
    expect([backend.kernel, backend.rejected]).toEqual([undefined, []]);
  });
});

describe('a program in the place of rapidsnark', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'murmuration-program-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const program = async (name: string, ...lines: string[]) => {
    const path = join(folder, name);
    await writeFile(path, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 });
    return path;
  };

  it('is taken at its proof, which holds, under a key that was checked before', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const witness = await honestWitness(keys);
    const { provingKey: key } = keys.circuit('update');
    const wasm = createBackend({ name: 'wasm', cacheFolder });
    await wasm.start();
    const made = await wasm.prove({ key, witness });
    await wasm.stop();
    const { a, b, c } = made.proof;
    const text = (value: unknown) =>
      JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));
    await writeFile(
      join(folder, 'proof.json'),
      text({ pi_a: [a.x, a.y], pi_b: [b.x, b.y].map(({ c0, c1 }) => [c0, c1]), pi_c: [c.x, c.y] }),
    );
    await writeFile(join(folder, 'public.json'), text(made.publicSignals));
    const copies = ['proof', 'public'].map((name, i) => `cp '${join(folder, name)}.json' "$${i + 3}"`);
    const given = join(folder, 'given');
    const binary = await program('copies', `echo "$1 $2" > '${given}'`, ...copies);
    const backend = createBackend({ name: 'rapidsnark', binary });
    await expect(backend.calculate({} as never)).rejects.toMatchObject({ mend: 'Call start() first.' });
    await backend.start();
    try {
      const stages: string[] = [];
      const onProgress = (stage: string) => void stages.push(stage);
      const { proof, publicSignals, engine } = await backend.prove({ key, witness, onProgress });
      expect([proof, publicSignals, engine]).toEqual([made.proof, made.publicSignals, 'rapidsnark']);
      expect(stages).toEqual(['queued', 'loading-key', 'proving', 'done']);
      // The witness was the trainer's secret.
      const [path, wtns] = (await readFile(given, 'utf8')).trim().split(' ');
      expect(path).toBe(key.zkeyPath);
      await expect(stat(dirname(wtns!))).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(backend.prove({ key, witness })).resolves.toMatchObject({ engine: 'rapidsnark' });
      const altered = { ...key, sha256: '0'.repeat(64) };
      await expect(backend.prove({ key: altered, witness })).rejects.toMatchObject({ code: 'key-file' });
    } finally {
      await backend.stop();
    }
  });

  it('is found out when it fails, and when it writes nothing or no proof', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const witness = await honestWitness(keys);
    const proof = '{"pi_a":["1","2"],"pi_b":[["1","2"],["3","4"]],"pi_c":["1","x"]}';
    for (const [binary, message] of [
      ['/bin/false', /rapidsnark failed/],
      ['/bin/true', /wrote no usable .*proof\.json \(no file\)/],
      [await program('complains', 'echo out of powers >&2', 'exit 1'), /rapidsnark failed: out of powers$/],
      [await program('long', 'head -c 1048577 /dev/zero > "$3"'), /proof\.json \(1048577 bytes\)/],
      [await program('most', 'head -c 1048576 /dev/zero > "$3"'), /proof\.json \([\s\S]*JSON/],
      [await program('text', 'echo nothing > "$3"'), /proof\.json \([\s\S]*JSON/],
      [await program('form', 'echo "{}" > "$3"'), /proof\.json \(/],
      [await program('half', `echo '${proof}' > "$3"`), /public\.json \(no file\)/],
      [
        await program('words', `echo '${proof}' > "$3"`, `echo '["1"]' > "$4"`),
        /wrote "x" where a number belongs/,
      ],
    ] as const) {
      const backend = createBackend({ name: 'rapidsnark', binary });
      await backend.start();
      await expect(backend.prove({ key: keys.circuit('update').provingKey, witness })).rejects.toThrow(
        message,
      );
      await backend.stop();
    }
  });
});

describe('two proofs at a time', () => {
  it('come from two threads', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const witness = await honestWitness(keys);
    const backend = createBackend({ name: 'snarkjs', parallel: 2 });
    await backend.start();
    // Each thread loads the key once, for its first proof: as many loads as threads, however fast each of
    // them is.
    let loads = 0;
    const onProgress = (stage: string) => {
      loads += stage === 'loading-key' ? 1 : 0;
    };
    const key = keys.circuit('update').provingKey;
    await Promise.all([1, 2, 3].map(() => backend.prove({ key, witness, onProgress })));
    await backend.stop();
    expect(loads).toBe(2);
  });
});

describe('a key whose tables are made', () => {
  it('is refused once its file is altered, though the tables would do', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const witness = await honestWitness(keys);
    const { provingKey: key } = keys.circuit('update');
    const folder = await mkdtemp(join(tmpdir(), 'murmuration-tables-'));
    const zkeyPath = join(folder, 'altered.zkey');
    const proveWith = async (path: string) => {
      const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder: folder });
      await backend.start();
      return backend.prove({ key: { ...key, zkeyPath: path }, witness }).finally(() => backend.stop());
    };
    try {
      await proveWith(key.zkeyPath);
      expect(await readdir(join(folder, 'tables'))).toHaveLength(1);
      const bytes = await readFile(key.zkeyPath);
      bytes[bytes.length - 200]! ^= 1;
      await writeFile(zkeyPath, bytes);
      await expect(proveWith(zkeyPath)).rejects.toMatchObject({
        code: 'key-file',
        mend: expect.stringMatching(/was altered/),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a process', () => {
  it.each(['wasm', 'snarkjs'])('ends by itself after a proof of %s and stop()', async (name) => {
    const script = fileURLToPath(new URL('./prove_and_end.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, name], { timeout: 110_000 });
    expect(stdout).toBe('proved\nstopped\n');
  });
});

describe('snarkjs itself', () => {
  it('accepts the proofs under these keys', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const backend = createBackend({ name: 'wasm', cacheFolder });
    await backend.start();
    const { provingKey, verifyingKey } = keys.circuit('update');
    const { proof, publicSignals } = await backend.prove({
      key: provingKey,
      witness: await honestWitness(keys),
    });
    await backend.stop();
    const { groth16 } = await import('snarkjs');
    const { buildBn128 } = await import('ffjavascript');
    const { alpha, ic } = verifyingKeyToJson(verifyingKey);
    const g2 = ({ x, y }: typeof verifyingKey.beta) =>
      [
        [x.c0, x.c1],
        [y.c0, y.c1],
        [1n, 0n],
      ].map((pair) => pair.map(String));
    const key = {
      protocol: 'groth16',
      curve: 'bn128',
      nPublic: publicSignals.length,
      vk_alpha_1: [...alpha, '1'],
      vk_beta_2: g2(verifyingKey.beta),
      vk_gamma_2: g2(verifyingKey.gamma),
      vk_delta_2: g2(verifyingKey.delta),
      IC: ic.map((point) => [...point, '1']),
    };
    const words = proofWords(proof).map(String);
    const theirs = {
      pi_a: [words[0]!, words[1]!, '1'],
      pi_b: g2(proof.b),
      pi_c: [words[6]!, words[7]!, '1'],
      protocol: 'groth16',
      curve: 'bn128',
    };
    const signals = publicSignals.map(String);
    expect(await groth16.verify(key, signals, theirs)).toBe(true);
    expect(await groth16.verify(key, signals.with(2, '1'), theirs)).toBe(false);
    await (await buildBn128(false)).terminate();
  });
});
