// Witness calculation: shapes and ranges of inputs are checked by name; the bytes are what snarkjs writes.

import { readFile } from 'node:fs/promises';
import { type CircuitArtifact, circuitInstance, ensureCircuit } from '@murmuration/circuits';
import { fieldOrder } from '@murmuration/core';
import type { ProverError } from '@murmuration/prover';
import { wtns } from 'snarkjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { webAssembly } from '../../../prover/webassembly.ts';
import { runGenerator } from '../../../prover/witness/generator.ts';
import {
  createWitnessThreads,
  loadWitnessCalculator,
  readWitness,
  type WitnessCalculator,
  type WitnessInput,
  witnessFromElements,
} from '../../../prover/witness/index.ts';
import { packInputs } from '../../../prover/witness/inputs.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { randomVector, updateInput } from '../../circuits/support/honest.ts';

let artifact: CircuitArtifact;
let calculator: WitnessCalculator;
let input: WitnessInput;

beforeAll(async () => {
  artifact = await ensureCircuit('update', 'tiny', { cacheFolder });
  calculator = await loadWitnessCalculator(artifact.id, artifact.wasm.path);
  input = await updateInput(circuitInstance('update', 'tiny'), randomVector('witness', 96, 8), 99n);
});

describe('the calculator', () => {
  it('writes the very bytes that snarkjs does', async () => {
    const theirs = { type: 'mem' } as { type: 'mem'; data: Uint8Array };
    const wasm = new Uint8Array(await readFile(artifact.wasm.path));
    await wtns.calculate(input as never, wasm as never, theirs as never);
    expect(Buffer.compare(await calculator.calculate(input), theirs.data)).toBe(0);
  });

  it('keeps nothing between calculations, and can run several at a time', async () => {
    const other = await updateInput(circuitInstance('update', 'tiny'), randomVector('other', 96, 8), 98n);
    const [a, b, c] = await Promise.all([input, other, input].map((one) => calculator.calculate(one)));
    expect(a).toEqual(c);
    expect(readWitness(a!, 5).slice(1)).toEqual(
      ['h', 'gamma', 'y', 'normBound'].map((name) => input[name]![0]),
    );
    expect(readWitness(b!, 2)[1]).toBe(other.h![0]);
    await expect(calculator.calculate({ ...input, h: [0n] })).rejects.toMatchObject({
      name: 'ProverError',
      code: 'witness',
    });
    expect(await calculator.calculate(input)).toEqual(a);
  });

  it('overwrites what it computed with, whether the inputs are a witness or not, and keeps one instance', async () => {
    const memories: { buffer: ArrayBuffer }[] = [];
    const { Instance } = webAssembly;
    const watched = class extends Instance {
      constructor(...given: ConstructorParameters<typeof Instance>) {
        super(...given);
        memories.push(this.exports.memory as { buffer: ArrayBuffer });
      }
    };
    (webAssembly as { Instance: typeof Instance }).Instance = watched;
    const module = new webAssembly.Module(await readFile(artifact.wasm.path));
    const { id } = artifact;
    const code = { module, sha256: 'of this test' };
    try {
      const good = packInputs(id, input);
      const misshapen = packInputs(id, { ...input, lanes: input.lanes!.slice(1) });
      const bad = packInputs(id, { ...input, y: [5n] });
      const again = packInputs(id, input);
      const first = runGenerator({ id, code, inputs: good });
      expect(() => runGenerator({ id, code, inputs: misshapen })).toThrow(/lanes has 95 elements/);
      expect(() => runGenerator({ id, code, inputs: bad })).toThrow(/a constraint does not hold/);
      expect(memories).toHaveLength(1);
      const [kept] = memories;
      const runtime = Object.fromEntries(
        ['exceptionHandler', 'printErrorMessage', 'writeBufferMessage', 'showSharedRWMemory'].map((name) => [
          name,
          () => {},
        ]),
      );
      const fresh = new Instance(module, { runtime }).exports.memory as { buffer: ArrayBuffer };
      expect(Buffer.compare(Buffer.from(kept!.buffer), Buffer.from(fresh.buffer))).toBe(0);
      for (const { elements } of [good, misshapen, bad])
        expect(elements.some((byte) => byte !== 0)).toBe(false);
      expect(runGenerator({ id, code, inputs: again })).toEqual(first);
    } finally {
      (webAssembly as { Instance: typeof Instance }).Instance = Instance;
    }
  });

  const faults: readonly [string, (good: WitnessInput) => WitnessInput, RegExp][] = [
    [
      'an unknown input',
      (good) => ({ ...good, score: [1n] }),
      /update\/tiny: the circuit has no input called score/,
    ],
    [
      'too few lanes',
      (good) => ({ ...good, lanes: good.lanes!.slice(1) }),
      /input lanes has 95 elements.*takes 96/,
    ],
    ['a missing input', ({ rho, ...good }) => good, /100 of 103 input elements were given/],
    ['an alias', (good) => ({ ...good, h: [good.h![0]! + fieldOrder] }), /h\[0\] is .* lies in \[0, r\)/],
    ['a negative value', (good) => ({ ...good, y: [-1n] }), /y\[0\] is -1/],
    ['a false statement', (good) => ({ ...good, y: [5n] }), /a constraint does not hold\n.*Update/],
  ];
  it.each(faults)('names %s', async (_, change, message) => {
    await expect(calculator.calculate(change(input))).rejects.toThrow(message);
  });
  it.each(faults)('names %s in the same words from a thread', async (_, change) => {
    const here = await calculator.calculate(change(input)).catch((error: unknown) => error);
    const threads = createWitnessThreads(1);
    const there = await loadWitnessCalculator(artifact.id, artifact.wasm.path, threads.calculate);
    const { name, code, message, mend } = here as ProverError;
    expect({ name, code }).toEqual({ name: 'ProverError', code: 'witness' });
    await expect(there.calculate(change(input))).rejects.toMatchObject({ name, code, message, mend });
    await threads.stop(new Error('over'));
  });
});

describe('inputs as numbers', () => {
  it('are packed list by list, small and large', () => {
    const values = [0n, 2n ** 64n - 1n, 2n ** 64n, fieldOrder - 1n];
    const bytes = Uint8Array.of(9, 8);
    const { names, elements } = packInputs('id', { a: values, b: { width: 1, bytes }, c: [3n] });
    expect(names).toEqual([
      { name: 'a', count: 4 },
      { name: 'b', count: 2 },
      { name: 'c', count: 1 },
    ]);
    const read = Array.from({ length: 7 }, (_, i) =>
      elements.subarray(32 * i, 32 * i + 32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
    );
    expect(read).toEqual([...values, 9n, 8n, 3n]);
    for (const wrong of [fieldOrder, -1n]) {
      expect(() => packInputs('id', { a: [1n, wrong] })).toThrow(
        `id: a[1] is ${wrong}, but an element lies in [0, r)`,
      );
    }
  });
});

describe('inputs as bytes', () => {
  const pack = (width: number, ...elements: readonly bigint[]) => {
    const bytes = Uint8Array.from(
      elements.flatMap((value) =>
        Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)),
      ),
    );
    return packInputs('id', { list: { width, bytes } });
  };
  it('are those of the same numbers, whatever their width', () => {
    for (const [width, values] of [
      [1, [0n, 1n, 255n]],
      [3, [0n, 2n ** 24n - 1n, 0x010203n]],
      [32, [0n, 1n, fieldOrder - 1n, 2n ** 253n]],
    ] as const) {
      expect(pack(width, ...values)).toEqual(packInputs('id', { list: values }));
    }
  });
  it('lie below r, and one that does not is told by its place alone', () => {
    // r itself, one more, and numbers that are above it in one byte and below in the others.
    for (const value of [
      fieldOrder,
      fieldOrder + 1n,
      2n ** 254n,
      255n << 248n,
      ((fieldOrder >> 8n) << 8n) + 255n,
    ]) {
      expect(() => pack(32, 5n, value)).toThrow(
        expect.objectContaining({
          code: 'witness',
          message: 'id: list[1] is r or more, but an element lies in [0, r)',
        }),
      );
    }
  });
});

describe('threads', () => {
  const reason = new Error('changed my mind');
  const withThreads = async (most: number) => {
    const threads = createWitnessThreads(most);
    return {
      threads,
      there: await loadWitnessCalculator(artifact.id, artifact.wasm.path, threads.calculate),
    };
  };

  it('give the same bytes, several at a time, and leave the event loop free', async () => {
    const { threads, there } = await withThreads(2);
    const here = await calculator.calculate(input);
    let turns = 0;
    const turn = () => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => there.calculate(input)));
    clearImmediate(next);
    expect([one, two, three]).toEqual([here, here, here]);
    expect(turns).toBeGreaterThan(0);
    await threads.stop(reason);
  });

  it('are left in the middle and before the start with the reason, and the next calculation runs', async () => {
    const { threads, there } = await withThreads(1);
    const [middle, queued] = [new AbortController(), new AbortController()];
    const started: string[] = [];
    const first = there.calculate(input, {
      signal: middle.signal,
      // The thread has its work by the next turn of the event loop.
      onStart: () => setImmediate(() => middle.abort(reason)),
    });
    const second = there.calculate(input, { signal: queued.signal, onStart: () => started.push('second') });
    const third = there.calculate(input, { onStart: () => started.push('third') });
    queued.abort(reason);
    const settled = await Promise.allSettled([first, second, third]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(settled.slice(0, 2).map((one) => (one as PromiseRejectedResult).reason)).toEqual([reason, reason]);
    expect(started).toEqual(['third']);
    await expect(there.calculate(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await threads.stop(reason);
  });

  it('are left by a stop, whatever runs or waits, and take nothing more', async () => {
    const { threads, there } = await withThreads(1);
    const both = Promise.allSettled([there.calculate(input), there.calculate(input)]);
    // Inputs are packed and handed over by then.
    await new Promise(setImmediate);
    await threads.stop(reason);
    expect(await both).toEqual([1, 2].map(() => ({ status: 'rejected', reason })));
    await expect(there.calculate(input)).rejects.toBe(reason);
  });
});

describe('the file', () => {
  it('holds any elements, and gives them back', () => {
    const elements = [1n, 0n, fieldOrder - 1n, 2n ** 200n + 7n];
    expect(readWitness(witnessFromElements(elements))).toEqual(elements);
    expect(readWitness(witnessFromElements(elements), 2)).toEqual([1n, 0n]);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
    ['another kind', (bytes) => bytes.with(0, 0), /not a wtns file/],
    ['a file cut short', (bytes) => bytes.slice(0, -1), /should hold 2 entries but is cut short/],
    ['another field', (bytes) => bytes.with(28, 0), /not over BN254/],
    ['an entry of r', () => witnessFromElements([1n, fieldOrder]), /entry 1 of r or more/],
    ['an entry of r or more', (bytes) => bytes.with(bytes.length - 1, 255), /entry 1 of r or more/],
  ])('refuses %s', (_, change, message) => {
    expect(() => readWitness(change(witnessFromElements([1n, 5n])))).toThrow(message);
  });
  it('gives no more entries than it has', () => {
    const bytes = witnessFromElements([1n, 5n]);
    expect(readWitness(bytes, 2)).toEqual([1n, 5n]);
    expect(() => readWitness(bytes, 3)).toThrow('the witness has 2 entries, not 3');
    expect(() => readWitness(bytes.subarray(0, 75))).toThrow(/not a wtns file/);
    expect(readWitness(witnessFromElements([]))).toEqual([]);
  });
});
