// One round, one sum: what a trainer refuses to decrypt, and what could be seen if it did not.
import { describe, expect, it } from 'vitest';
import type { Memory } from '../../../node/roles/context.ts';
import { recordOpened } from '../../../node/roles/remember.ts';

function memory(): Memory {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (name) => kept.get(name),
    write: async (name, bytes) => void kept.set(name, bytes),
    remove: async (name) => void kept.delete(name),
  };
}

const [partial, whole] = [Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)];

describe('sums of a round', () => {
  it('may be decrypted again, for another set of members or after a restart', async () => {
    const kept = memory();
    await recordOpened(kept, 3, [whole, whole]);
    await recordOpened(kept, 3, [whole, whole]);
    await recordOpened(kept, 4, [partial, whole]);
  });

  it('are refused when they are others: the difference of two sums is a single update', async () => {
    const kept = memory();
    await recordOpened(kept, 3, [partial, whole]);
    await expect(recordOpened(kept, 3, [whole, whole])).rejects.toThrow(/has decrypted another sum of it/);
    await recordOpened(kept, 3, [partial, whole]);
  });

  it('are refused for a round that is over', async () => {
    const kept = memory();
    await recordOpened(kept, 5, [whole]);
    await expect(recordOpened(kept, 4, [partial])).rejects.toThrow(/has decrypted round 5 since/);
  });
});
