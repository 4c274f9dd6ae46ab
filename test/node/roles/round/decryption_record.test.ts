// One round, one sum: what a trainer refuses to decrypt, and what could be seen if it did not.

import { maxSets } from '@murmuration/he';
import { describe, expect, it } from 'vitest';
import { beginDecryption } from '../../../../node/roles/round/decryption_record.ts';
import { plainStorage } from '../support/plain_storage.ts';

const [partial, whole] = [Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)];

describe('sums of a round', () => {
  it('may be decrypted again, for another set of members or after a restart', async () => {
    const kept = plainStorage();
    await beginDecryption(kept, 3, [whole, whole]);
    await beginDecryption(kept, 3, [whole, whole]);
    await beginDecryption(kept, 4, [partial, whole]);
  });

  it('are refused when they are others: the difference of two sums is a single update', async () => {
    const kept = plainStorage();
    await beginDecryption(kept, 3, [partial, whole]);
    await expect(beginDecryption(kept, 3, [whole, whole])).rejects.toThrow(/has decrypted another sum of it/);
    await beginDecryption(kept, 3, [partial, whole]);
  });

  it('are refused for a round that is over', async () => {
    const kept = plainStorage();
    await beginDecryption(kept, 5, [whole]);
    await expect(beginDecryption(kept, 4, [partial])).rejects.toThrow(/has decrypted round 5 since/);
  });
});

describe('sets of a round', () => {
  const set = (n: number) => Uint8Array.of(n);

  it('are counted over restarts: more than a few would wear the flooding away', async () => {
    const kept = plainStorage();
    for (let n = 0; n < maxSets; n++) {
      const { log, save } = await beginDecryption(kept, 3, [whole]);
      log.record(whole, set(n));
      await save();
    }
    const { log } = await beginDecryption(kept, 3, [whole]);
    expect(() => log.record(whole, set(maxSets))).toThrow(
      expect.objectContaining({ code: 'limit', message: expect.stringContaining('opened to 8 sets') }),
    );
    log.record(whole, set(0));
  });

  it('that were not written down do not count, and of a new round there are none: the memory does not grow', async () => {
    let size = 0;
    const kept = plainStorage();
    const measured = {
      ...kept,
      write: (name: string, bytes: Uint8Array) => {
        size = bytes.length;
        return kept.write(name, bytes);
      },
    };
    const sizes: number[] = [];
    for (let round = 1; round <= 3; round++) {
      const { log, save } = await beginDecryption(measured, round, [whole]);
      log.record(Uint8Array.of(round), set(0));
      await save();
      sizes.push(size);
    }
    expect(new Set(sizes).size).toBe(1);
  });
});
