// Tasks shared by threads, tables kept on disk, kernels that are chosen and left: what lies around the arithmetic.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChunkVector } from '@murmuration/core';
import {
  aggregate,
  alignment,
  alignmentSteps,
  combineBlindings,
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  parseBackendSetting,
  randomBlinding,
  squaredNorm,
  update,
  verifyGroth16,
} from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../prover/backends/index.ts';
import type { Task } from '../../../prover/wasm/groth16/tasks.ts';
import {
  checkBoard,
  createBoard,
  leaveBoard,
  Stopped,
  stopBoard,
  workOnBoard,
} from '../../../prover/wasm/threads/board.ts';
import { readWitness, witnessFromElements } from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { honestWitness } from '../support/witness.ts';
import { usableKernels } from './support/kernels.ts';

describe('a board', () => {
  const task = (...after: number[]): Task => ({ work: { type: 'products' }, after });
  it('gives out tasks in order, each once, to whoever asks', () => {
    const tasks = [task(), task(0), task(0, 1), task()];
    const board = createBoard(tasks);
    const done: Task[] = [];
    workOnBoard(board, tasks, (one) => void done.push(one));
    workOnBoard(board, tasks, () => expect.unreachable());
    expect(done).toEqual(tasks);
  });
  it('counts who lets go of it, beside the tasks that are given out', () => {
    const tasks = [task(), task()];
    const board = createBoard(tasks);
    expect(leaveBoard(board)).toBe(1);
    let done = 0;
    workOnBoard(board, tasks, () => void done++);
    stopBoard(board);
    expect([done, leaveBoard(board), leaveBoard(board)]).toEqual([2, 2, 3]);
  });
  it('stops between tasks, and inside of them where they look', () => {
    const tasks = [task(), task(), task()];
    const board = createBoard(tasks);
    let done = 0;
    expect(() =>
      workOnBoard(board, tasks, () => {
        done++;
        stopBoard(board);
      }),
    ).toThrow(Stopped);
    expect(done).toBe(1);
    expect(() => checkBoard(board)).toThrow(Stopped);
  });
});

describe('tables on disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'murmuration-tables-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const kernel = usableKernels.at(-2) ?? 'integers';
  const prove = async (
    options: Parameters<typeof createWasmBackend>[0] = {},
    cache: { readonly cacheFolder?: string } = { cacheFolder: folder },
  ) => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const { provingKey: key, verifyingKey } = keys.circuit('update');
    const backend = createWasmBackend({ kernel, threads: 1, ...cache, ...options });
    await backend.start();
    try {
      const { proof, publicSignals, engine } = await backend.prove({
        key,
        witness: await honestWitness(keys),
      });
      expect(verifyGroth16(verifyingKey, proof, publicSignals)).toBe(true);
      expect(engine).toBe(`wasm/${kernel}`);
    } finally {
      await backend.stop();
    }
  };
  const files = () => readdir(join(folder, 'tables'));

  it('are made once, and used again whatever has happened to them', async () => {
    await prove();
    const [name, ...others] = await files();
    expect(others).toEqual([]);
    const path = join(folder, 'tables', name!);
    const whole = await readFile(path);
    const { ino } = await stat(path);
    await prove();
    expect(await readFile(path)).toEqual(whole);
    // What is made anew is put into the place of the file.
    expect((await stat(path)).ino).toBe(ino);
    // One bit in the middle of a table, then half of the file, then another file altogether: each is found out and replaced.
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 1;
    for (const broken of [flipped, whole.subarray(0, whole.length >> 1), Buffer.from('nothing')]) {
      await writeFile(path, broken);
      await prove();
      expect(await readFile(path)).toEqual(whole);
    }
    expect(await files()).toEqual([name]);
  });
  it('are others for another number of levels, and proofs hold with any', async () => {
    for (const tableLevels of [1, 3, 32]) await prove({ tableLevels });
    expect(await files()).toHaveLength(4);
  });
  it('are not needed', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'no folder');
    // A folder that cannot be made, and none.
    await prove({ cacheFolder: file });
    await prove({}, {});
  });
});

describe('proofs', () => {
  it('at the same time share tables and threads, and do not mix', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const { provingKey: key, verifyingKey } = keys.circuit('update');
    const backend = createBackend({ name: 'wasm', parallel: 3, threads: 2, cacheFolder });
    await backend.start();
    try {
      const witnesses = await Promise.all([1, 2, 3, 4, 5].map(() => honestWitness(keys)));
      let loads = 0;
      const onProgress = (stage: string) => {
        loads += stage === 'loading-key' ? 1 : 0;
      };
      // The first alone, so that later ones find the key open.
      const first = await backend.prove({ key, witness: witnesses[0]!, onProgress });
      const others = await Promise.all(
        witnesses.slice(1).map((witness) => backend.prove({ key, witness, onProgress })),
      );
      for (const [i, { proof, publicSignals }] of [first, ...others].entries()) {
        expect(publicSignals).toEqual(readWitness(witnesses[i]!, 5).slice(1));
        expect(verifyGroth16(verifyingKey, proof, publicSignals)).toBe(true);
      }
      expect(loads).toBe(1);
    } finally {
      await backend.stop();
    }
  });
  it('of entries of r or more are refused', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const backend = createBackend({ name: 'wasm', cacheFolder });
    await backend.start();
    try {
      const witness = await honestWitness(keys);
      witness.fill(0xff, witness.length - 32);
      const { provingKey: key } = keys.circuit('update');
      await expect(backend.prove({ key, witness })).rejects.toMatchObject({
        code: 'backend',
        message: expect.stringMatching(/1 entries of the witness are r or more/),
      });
      // Wires that are bits in an honest witness, and are long here: their proof is another statement's, and does not hold.
      const elements = readWitness(await honestWitness(keys));
      const long = elements.map((value, i) => (i > 500 ? value + 123456789n ** 5n : value));
      await expect(backend.prove({ key, witness: witnessFromElements(long) })).rejects.toThrow(
        /breaks a constraint/,
      );
    } finally {
      await backend.stop();
    }
  });
  it.each(usableKernels.map((kernel) => [kernel] as const))(
    'of all circuits hold, kernel %s',
    async (kernel) => {
      const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
      const backend = createWasmBackend({ kernel, cacheFolder });
      await backend.start();
      try {
        const prover = createProver(keys, backend);
        const size = prover.preset.coordinatesPerChunk;
        const gamma = 123456789n;
        const one: ChunkVector = {
          coordinates: Int32Array.from({ length: size }, (_, j) => ((j * 31) % 255) - 127),
          blinding: randomBlinding(),
        };
        const sum: ChunkVector = {
          coordinates: one.coordinates.map((u) => 100 * u),
          blinding: combineBlindings([one.blinding], [100]),
        };
        const [{ h }, { h: hSum }] = await Promise.all([
          prover.commit('update', one),
          prover.commit('aggregate', sum),
        ]);
        const { y } = await prover.open('update', one, gamma);
        const { y: ySum } = await prover.open('aggregate', sum, gamma);
        const claims = {
          update: { h, gamma, y, normBound: squaredNorm(one.coordinates) },
          aggregate: { h: hSum, gamma, y: ySum },
        };
        const references = {
          groups: [Int8Array.from(one.coordinates)],
          squaredLength: 1n,
          chunk: 0,
          chunks: 1,
        };
        const points = [await prover.referencePoint(references)];
        const subject = { update: [one], references: [references] };
        const [step] = await alignmentSteps(prover.preset, subject, { hUpdate: [h], points });
        const proven = [
          await prover.prove(update, { claim: claims.update, secret: one }),
          await prover.prove(aggregate, { claim: claims.aggregate, secret: sum }),
          await prover.prove(alignment, step!),
        ] as const;
        expect(prover.verify(update, claims.update, proven[0].proof)).toBe(true);
        expect(prover.verify(aggregate, claims.aggregate, proven[1].proof)).toBe(true);
        expect(prover.verify(alignment, step!.claim, proven[2].proof)).toBe(true);
        expect(proven.map(({ engine }) => engine)).toEqual(new Array(3).fill(`wasm/${kernel}`));
      } finally {
        await backend.stop();
      }
    },
  );
});

describe('the kernel', () => {
  /** Makes a V8 of which merging is unknown: the flag changes nothing. */
  const withoutFlag = `
      import v8 from 'node:v8';
      import { syncBuiltinESMExports } from 'node:module';
      const set = v8.setFlagsFromString;
      v8.setFlagsFromString = (flag) => (/revectorize/.test(flag) ? undefined : set(flag));
      syncBuiltinESMExports();`;
  const merging = ['quads', /does not merge two vectors/] as const;
  const wrongSum = /a sum of 29 points of G1 is wrong/;
  // The flags are for x86; elsewhere the processor decides.
  it.runIf(process.arch === 'x64').each([
    [
      'without fused multiply-add',
      ['--no-enable-fma3'],
      '',
      'integers',
      [
        ['quads', wrongSum],
        ['pairs', wrongSum],
      ],
    ],
    ['without 256 bits', ['--no-enable-avx2'], '', 'pairs', [merging]],
    ['without AVX', ['--no-enable-avx'], '', 'integers', [merging, ['pairs', wrongSum]]],
    ['in a V8 whose flag is gone', [], withoutFlag, 'pairs', [merging]],
  ] as const)(
    '%s is the next that computes correctly, and says why',
    async (_, flags, before, expected, reasons) => {
      const script = `${before}
      const { selectKernel } = await import('${new URL('../../../prover/wasm/select.ts', import.meta.url)}');
      const { module, rejected } = selectKernel();
      console.log(JSON.stringify([module.name, rejected]));`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...flags, '--input-type=module', '--eval', script],
        { timeout: 110_000 },
      );
      const [kernel, rejected] = JSON.parse(stdout) as [string, { kernel: string; reason: string }[]];
      expect(kernel).toBe(expected);
      expect(rejected.map((one) => one.kernel)).toEqual(reasons.map(([name]) => name));
      for (const [i, [, reason]] of reasons.entries()) expect(rejected[i]!.reason).toMatch(reason);
    },
  );
  it('that is asked for and does not run is an error, not another kernel', async () => {
    const script = `
      import { createWasmBackend } from '${new URL('../../../prover/backends/index.ts', import.meta.url)}';
      const backend = createWasmBackend({ threads: 1, kernel: 'pairs' });
      await backend.start().catch((error) => console.log(error.code, error.message));`;
    if (process.arch !== 'x64') return;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-enable-fma3', '--input-type=module', '--eval', script],
      { timeout: 110_000 },
    );
    expect(stdout).toMatch(/^backend no kernel computes correctly on this machine \(pairs: a sum of/);
  });
});

describe('a word', () => {
  it.each([
    ['wasm', { name: 'wasm', cacheFolder: 'x' }],
    ['wasm/pairs', { name: 'wasm', cacheFolder: 'x', kernel: 'pairs' }],
    ['snarkjs', { name: 'snarkjs' }],
    ['rapidsnark:/usr/bin/prover', { name: 'rapidsnark', binary: '/usr/bin/prover' }],
  ])('%s names a backend', (word, setting) => {
    expect(parseBackendSetting(word, { cacheFolder: 'x' })).toEqual(setting);
  });
  it.each(['', 'wasm/', 'wasm/abacus', 'wasm/pairs/x', 'rapidsnark', 'rapidsnark:', 'snarkjs/x'])(
    '%j names none',
    (word) => {
      expect(() => parseBackendSetting(word)).toThrow(/the prover is ".*", but it is wasm, wasm\/quads, /);
    },
  );
});
