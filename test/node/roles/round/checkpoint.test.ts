// A learner killed at any point: what it wrote last is all that counts, and it is one file.
import type { Hex } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeSealed, type SealedChunk } from '../../../../node/cryptography/index.ts';
import { LocalTrainer, Network, startBackend } from '../../../../node/learn/index.ts';
import {
  Checkpoint,
  progressIn,
  readProgress,
  writeProgress,
} from '../../../../node/roles/round/checkpoint.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { data, task } from '../support/learning.ts';

/** Memory that ends the process at its n-th write: nothing of that write is there, as with an atomic file. */
function storageThatDiesAt(
  write: number,
  kept = new Map<string, Uint8Array>(),
): RoleStorage & { kept: typeof kept } {
  let writes = 0;
  return {
    kept,
    read: async (name) => kept.get(name),
    async write(name, bytes) {
      writes += 1;
      if (writes === write) throw new Error('killed');
      kept.set(name, bytes);
    },
    remove: async (name) => void kept.delete(name),
  };
}

const support = Uint32Array.from({ length: 96 }, (_, i) => i);
let network: Network;
beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
});

const basis = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const place = (number: number) => ({ number, opening: basis(number), basis: basis(number + 100) });
const sealedOf = (coordinates: readonly ArrayLike<number>[]): SealedChunk[] =>
  coordinates.map((chunk) => ({
    coordinates: Int32Array.from(chunk),
    blinding: [1n, 2n, 3n],
    content: new Uint8Array(3),
  }));

/**
 * A trainer's rounds 1 and 2, as node/roles/trainer.ts goes through them; resolves to what it would send in
 * each.
 */
async function run(storage: RoleStorage): Promise<string[]> {
  const checkpoint = new Checkpoint(
    storage,
    1,
    (state) => new LocalTrainer({ task, network, data, seed: 'x', ...(state && { state }) }),
  );
  const sent: string[] = [];
  const model = network.initial(1);
  for (const round of [1, 2]) {
    let { progress } = await checkpoint.look();
    if ((progress?.round ?? 0) > round) continue;
    if (progress?.round !== round)
      progress = await checkpoint.advance(place(round), (local) => {
        local.settle('applied');
        local.train(model, round - 1, 3);
        return { proposal: undefined, sealed: undefined };
      });
    if (!progress.sealed)
      progress = await checkpoint.advance(place(round), (local) => ({
        proposal: undefined,
        sealed: sealedOf(local.compress(support, BigInt(task.aggregation.scale), round - 1)),
      }));
    sent[round] = Buffer.from(encodeSealed(progress.sealed!)).toString('hex');
  }
  return sent;
}

describe('progress', () => {
  it('comes back as it was written', async () => {
    const storage = storageThatDiesAt(0);
    expect(await readProgress(storage, 1)).toBeUndefined();
    const progress = {
      round: 70_000,
      basis: basis(9),
      state: Uint8Array.of(1, 2),
      proposal: Uint8Array.of(3),
      abstained: true,
      sealed: sealedOf([Int8Array.of(-128, 127)]),
    };
    await writeProgress(storage, progress);
    expect(await readProgress(storage, 1)).toEqual(progress);
    await writeProgress(storage, { ...progress, proposal: undefined, abstained: false, sealed: undefined });
    expect(await readProgress(storage, 1)).toMatchObject({
      proposal: undefined,
      abstained: false,
      sealed: undefined,
    });
  });

  it('of a round that a reorganisation replaced is stale, whatever its number', () => {
    const entry = { number: 3, opening: basis(1), basis: basis(2) };
    const trained = { round: 3, basis: basis(1), state: new Uint8Array(), proposal: undefined };
    const sealed = { ...trained, basis: basis(2), sealed: sealedOf([Int8Array.of(1)]) };
    expect(progressIn(entry, { ...trained, sealed: undefined })).toBeDefined();
    expect(progressIn(entry, sealed)).toBe(sealed);
    // Another model, another support, another round: what was made on it is not sent.
    expect(progressIn({ ...entry, opening: basis(4) }, { ...trained, sealed: undefined })).toBeUndefined();
    expect(progressIn({ ...entry, basis: basis(4) }, sealed)).toBeUndefined();
    expect(progressIn({ ...entry, number: 4 }, sealed)).toBeUndefined();
    expect(progressIn(entry, undefined)).toBeUndefined();
  });

  it.each([1, 2, 3, 4])(
    'killed at write %i and started again, a trainer sends what it would have sent',
    async (write) => {
      const undisturbed = await run(storageThatDiesAt(0));
      const storage = storageThatDiesAt(write);
      await expect(run(storage)).rejects.toThrow('killed');
      const again = await run(storageThatDiesAt(0, storage.kept));
      expect(again[2]).toBe(undisturbed[2]);
      if (write < 3) expect(again[1]).toBe(undisturbed[1]);
    },
  );

  it('that cannot be written changes nothing: the same process goes on from the disk', async () => {
    const undisturbed = await run(storageThatDiesAt(0));
    const storage = storageThatDiesAt(2);
    const checkpoint = new Checkpoint(
      storage,
      1,
      (state) => new LocalTrainer({ task, network, data, seed: 'x', ...(state && { state }) }),
    );
    await checkpoint.advance(place(1), (local) => {
      local.train(network.initial(1), 0, 3);
      return { proposal: undefined, sealed: undefined };
    });
    const seal = () =>
      checkpoint.advance(place(1), (local) => ({
        proposal: undefined,
        sealed: sealedOf(local.compress(support, BigInt(task.aggregation.scale), 0)),
      }));
    await expect(seal()).rejects.toThrow('killed');
    expect((await checkpoint.look()).progress?.sealed).toBeUndefined();
    const { sealed } = await seal();
    expect(Buffer.from(encodeSealed(sealed!)).toString('hex')).toBe(undisturbed[1]);
  });

  it('is one file because two would not do: state written before what was sealed leaves nothing to send', async () => {
    const local = new LocalTrainer({ task, network, data, seed: 'x' });
    local.train(network.initial(1), 0, 3);
    local.compress(support, BigInt(task.aggregation.scale), 0);
    // Killed after the state, before the sealed chunks.
    const again = new LocalTrainer({ task, network, data, seed: 'x', state: local.save() });
    expect(() => again.compress(support, BigInt(task.aggregation.scale), 0)).toThrow(/compress once/);
  });
});
