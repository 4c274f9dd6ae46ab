// What a proof left in its key's memory is overwritten, whatever became of the proof.
import { createBackend, ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { beforeAll, expect, it, vi } from 'vitest';
import { extraScalars } from '../../../prover/wasm/groth16/layout.ts';
import type { OpenKey } from '../../../prover/wasm/threads/messages.ts';
import type * as PoolModule from '../../../prover/wasm/threads/pool.ts';
import { readWitness, witnessFromElements } from '../../../prover/witness/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { honestWitness } from '../support/witness.ts';

/** Keys that a backend opened, and how many of their witness's bytes were written when a proof began. */
const opened: OpenKey[] = [];
const written: number[] = [];

vi.mock('../../../prover/wasm/threads/pool.ts', async (original) => {
  const { startPool, ...rest } = await original<typeof PoolModule>();
  return {
    ...rest,
    async startPool(...given: Parameters<typeof startPool>) {
      const pool = await startPool(...given);
      const watched: typeof pool = {
        ...pool,
        async open(request) {
          const key = await pool.open(request);
          opened.push(key);
          return key;
        },
        run(key, ...others) {
          written.push(left(key));
          return pool.run(key, ...others);
        },
      };
      return watched;
    },
  };
});

/** Bytes of the first slot that are not 0. */
function left({ memory, layout, slots }: OpenKey): number {
  const { rows, witness, numbers, signed } = slots[0]!;
  const bytes = new Uint8Array(memory.buffer);
  const scalars = layout.wires + extraScalars;
  const size = 2 ** layout.domain.log2Size;
  const parts = [
    ...rows.map((at) => [at, 40 * size] as const),
    [witness, 32 * layout.wires] as const,
    [numbers, 40 * layout.wires] as const,
    [signed, 32 * scalars] as const,
    ...(['a', 'b1', 'b2', 'c'] as const).map((name) => {
      const { full, short } = layout.vectors[name].shape;
      return [slots[0]!.scalars[name], 32 * (full + short)] as const;
    }),
  ];
  return parts.reduce(
    (sum, [at, length]) => sum + bytes.subarray(at, at + length).filter((byte) => byte !== 0).length,
    0,
  );
}

let keys: KeySet;
beforeAll(async () => {
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
});

it('after a proof, after one that does not hold, after an abort, and after a stop', async () => {
  const witness = await honestWitness(keys);
  const { provingKey: key } = keys.circuit('update');
  const backend = createBackend({ name: 'wasm', cacheFolder });
  await backend.start();
  await backend.prove({ key, witness });
  const [memory] = opened as [OpenKey];
  expect(left(memory)).toBe(0);

  const elements = readWitness(witness);
  const wrong = witnessFromElements(elements.with(-1, elements.at(-1)! + 1n));
  await expect(backend.prove({ key, witness: wrong })).rejects.toThrow(/breaks a constraint/);
  expect(left(memory)).toBe(0);

  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const onProgress = (stage: string) => {
    // Once the threads have their orders.
    if (stage === 'proving') queueMicrotask(() => controller.abort(reason));
  };
  await expect(backend.prove({ key, witness, onProgress, signal: controller.signal })).rejects.toBe(reason);
  expect(left(memory)).toBe(0);

  // A thread that is ended goes on for a moment, and writes.
  for (let i = 0; i < 5; i++) {
    await backend.start();
    let stopping = Promise.resolve();
    const onProgress = (stage: string) => {
      if (stage === 'proving') stopping = later(i).then(() => backend.stop());
    };
    await expect(backend.prove({ key, witness, onProgress })).rejects.toMatchObject({ code: 'stopped' });
    expect(left(opened.at(-1)!)).toBe(0);
    await stopping;
    expect(left(opened.at(-1)!)).toBe(0);
  }
  expect(written).toHaveLength(8);
  for (const bytes of written) expect(bytes).toBeGreaterThan(0);
});

/** Resolves so many turns of the event loop later. */
async function later(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise(setImmediate);
}
