// What every backend must do, whichever it is.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureDevelopmentKeys,
  type KeySet,
  type ProverBackend,
  proofWords,
  verifyGroth16,
} from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWitnessCalculator, readWitness, witnessFromElements } from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { honestInput, honestWitness } from '../support/witness.ts';

/** Runs the suite; `make` returns a backend that has not been started. */
export function complianceSuite(make: () => ProverBackend): void {
  let keys: KeySet;
  let witness: Uint8Array;
  let backend: ProverBackend;
  const key = () => keys.circuit('update').provingKey;

  beforeAll(async () => {
    keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    witness = await honestWitness(keys);
    backend = make();
    await backend.start();
  });
  afterAll(() => backend.stop());

  it('proves what verifies, and tells its stages in order', async () => {
    const stages: string[] = [];
    const result = await backend.prove({
      key: key(),
      witness,
      onProgress: (stage) => void stages.push(stage),
    });
    expect(verifyGroth16(keys.circuit('update').verifyingKey, result.proof, result.publicSignals)).toBe(true);
    expect(result.publicSignals).toEqual(readWitness(witness, 5).slice(1));
    expect(result.proveMs).toBeGreaterThan(0);
    expect(stages).toEqual(['queued', 'loading-key', 'proving', 'done']);
  });
  it('gives another proof each time, so that none tells that two witnesses are the same', async () => {
    const [a, b] = await Promise.all([
      backend.prove({ key: key(), witness }),
      backend.prove({ key: key(), witness }),
    ]);
    expect(proofWords(a!.proof)).not.toEqual(proofWords(b!.proof));
  });
  it('lets no proof of a false witness out', async () => {
    const elements = readWitness(witness);
    elements[elements.length - 1] = elements.at(-1)! + 1n;
    await expect(backend.prove({ key: key(), witness: witnessFromElements(elements) })).rejects.toThrow(
      /breaks a constraint/,
    );
  });
  it("rejects another circuit's witness, and what is none", async () => {
    const other = keys.circuit('aggregate').provingKey;
    const refused = expect.objectContaining({ name: 'ProverError', code: 'backend' });
    await expect(backend.prove({ key: other, witness })).rejects.toThrow(refused);
    await expect(backend.prove({ key: key(), witness: new Uint8Array(10) })).rejects.toThrow(refused);
  });
  it('rejects a key file that is not the one of the manifest, by name', async () => {
    const path = join(tmpdir(), `murmuration-altered-${process.pid}.zkey`);
    const bytes = await readFile(key().zkeyPath);
    bytes[bytes.length - 200]! ^= 1;
    await writeFile(path, bytes);
    try {
      const altered = {
        ...key(),
        zkeyPath: path,
        sha256: key().sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')),
      };
      await expect(backend.prove({ key: altered, witness })).rejects.toMatchObject({
        code: 'key-file',
        message: expect.stringMatching(/has SHA-256 /),
        mend: expect.stringMatching(/was altered/),
      });
    } finally {
      await rm(path);
    }
  });
  it('goes on after all of that', async () => {
    await expect(backend.prove({ key: key(), witness })).resolves.toBeDefined();
  });

  describe('witnesses', () => {
    const calculatorOf = (of: ProverBackend) => {
      const { provingKey, wasm } = keys.circuit('update');
      return loadWitnessCalculator(provingKey.id, wasm.path, (job, options) => of.calculate(job, options));
    };
    it('come from its threads, and are left with the reason of an abort', async () => {
      const { input, witness } = await honestInput(keys);
      const calculator = await calculatorOf(backend);
      expect(await calculator.calculate(input)).toEqual(witness);
      await expect(calculator.calculate({ ...input, h: [0n] })).rejects.toMatchObject({ code: 'witness' });
      const middle = new AbortController();
      const reason = new Error('changed my mind');
      const onStart = () => middle.abort(reason);
      await expect(calculator.calculate(input, { signal: middle.signal, onStart })).rejects.toBe(reason);
    });
    it('are made between start and stop alone', async () => {
      const { input } = await honestInput(keys);
      const other = make();
      const calculator = await calculatorOf(other);
      const notStarted = { code: 'backend', mend: 'Call start() first.' };
      await expect(calculator.calculate(input)).rejects.toMatchObject(notStarted);
      await other.start();
      const cut = calculator.calculate(input, { onStart: () => void other.stop() });
      await expect(cut).rejects.toMatchObject({ name: 'ProverError', code: 'stopped' });
      await other.stop();
      await expect(calculator.calculate(input)).rejects.toMatchObject(notStarted);
    });
  });

  describe('abort', () => {
    it('before the start, in the queue and in the middle rejects with its reason', async () => {
      const reason = new Error('changed my mind');
      await expect(backend.prove({ key: key(), witness, signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      );
      const [middle, queued] = [new AbortController(), new AbortController()];
      const first = backend.prove({
        key: key(),
        witness,
        signal: middle.signal,
        onProgress: (stage) => stage === 'proving' && middle.abort(reason),
      });
      const second = backend.prove({ key: key(), witness, signal: queued.signal });
      const third = backend.prove({ key: key(), witness });
      queued.abort(reason);
      await Promise.all([
        expect(first).rejects.toBe(reason),
        expect(second).rejects.toBe(reason),
        expect(third).resolves.toBeDefined(),
      ]);
    });
  });

  describe('start and stop', () => {
    const notStarted = { code: 'backend', mend: 'Call start() first.' };
    it('can each be called again, and twice', async () => {
      const other = make();
      await expect(other.prove({ key: key(), witness })).rejects.toMatchObject(notStarted);
      await other.stop();
      await other.start();
      await other.start();
      await other.stop();
      await other.stop();
      await other.start();
      await expect(other.prove({ key: key(), witness })).resolves.toBeDefined();
      await other.stop();
      await expect(other.prove({ key: key(), witness })).rejects.toMatchObject(notStarted);
    });
    it('rejects what is under way and what waits', async () => {
      const other = make();
      await other.start();
      const proofs = [1, 2].map(() => other.prove({ key: key(), witness }));
      const settled = Promise.allSettled(proofs);
      await other.stop();
      for (const result of await settled) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: expect.objectContaining({ name: 'ProverError', code: 'stopped' }),
        });
      }
    });
  });
}
