// What a trainer refuses to decrypt, and what could be seen if it did not: a second sum of a round, more sets
// than a few, sums of senders of whom a sum did not open.

import { maxSets } from '@murmuration/he';
import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { probeSum, updateSum } from '../../../../node/protocol/index.ts';
import {
  DecryptionRecord,
  type Findings,
  mostCharge,
  type PastRound,
} from '../../../../node/roles/round/decryption_record.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { plainStorage } from '../support/plain_storage.ts';

const [partial, whole] = [Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)];

const account = (n: number): Address => `0x${String(n).padStart(40, 'A')}`;
const [trainers, validators] = [[1, 2, 3].map(account), [7, 8, 9].map(account)];
const of = (sum: number, senders: readonly Address[]) =>
  senders.map((sender) => ({ sender, sum, weight: 1, commitments: [], digests: [] }));
const probes = probeSum(0);
const entry = (number: number, update = trainers, probe = validators) => ({
  number,
  submitted: { update: of(updateSum, update), probe: of(probes, probe) },
});
/** The round's sums by number: of one ciphertext each, the updates' and then the probes'. */
const numbered = (sums: readonly Uint8Array[]) => new Map(sums.map((sum, number) => [number, [sum]]));

/** A record as it is after a restart. @param past what the chain says of every earlier round. */
const recordIn = (storage: RoleStorage, past: Partial<PastRound> = {}) =>
  new DecryptionRecord(storage, async () => ({ decrypted: false, proven: [], ...past }));

const begin = (storage: RoleStorage, round: number, sums: readonly Uint8Array[]) =>
  recordIn(storage).begin({ entry: entry(round), sums: numbered(sums) });

describe('sums of a round', () => {
  it('may be decrypted again, for another set of members or after a restart', async () => {
    const kept = plainStorage();
    await begin(kept, 3, [whole, whole]);
    await begin(kept, 3, [whole, whole]);
    await begin(kept, 4, [partial, whole]);
  });

  it('are refused when they are others: the difference of two sums is a single update', async () => {
    const kept = plainStorage();
    await begin(kept, 3, [partial, whole]);
    await expect(begin(kept, 3, [whole, whole])).rejects.toThrow(/has decrypted another sum of it/);
    await begin(kept, 3, [partial, whole]);
  });

  it('are refused for a round that is over', async () => {
    const kept = plainStorage();
    await begin(kept, 5, [whole]);
    await expect(begin(kept, 4, [partial])).rejects.toThrow(/has decrypted round 5 since/);
  });
});

describe('sets of a round', () => {
  const set = (n: number) => Uint8Array.of(n);

  it('are counted over restarts: more than a few would wear the flooding away', async () => {
    const kept = plainStorage();
    for (let n = 0; n < maxSets; n++) {
      const { log, save } = await begin(kept, 3, [whole]);
      log.record(whole, set(n));
      await save();
    }
    const { log } = await begin(kept, 3, [whole]);
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
      const { log, save } = await begin(measured, round, [whole]);
      log.record(Uint8Array.of(round), set(0));
      await save();
      sizes.push(size);
    }
    expect(new Set(sizes).size).toBe(1);
  });
});

describe('after sums that did not open', () => {
  const nothing: Findings = { opened: [], atFault: [], stray: new Map() };
  const failed: Partial<PastRound> = { decrypted: true };
  const refused = { code: 'sum', message: expect.stringMatching(/0xa+1, 0xa+2, 0xa+3 did not open/) };

  /** Goes through a round; resolves when a share may be given. Each call is one process's life. */
  async function live(
    storage: RoleStorage,
    round: ReturnType<typeof entry>,
    { seen = {}, past = failed }: { seen?: Partial<Findings>; past?: Partial<PastRound> } = {},
  ) {
    const content = Uint8Array.of(round.number);
    await recordIn(storage, past).begin({ entry: round, sums: numbered([content, content]) });
    await recordIn(storage, past).note(round.number, { ...nothing, ...seen });
  }
  const atFault = [updateSum];

  it('whose ciphertexts were at fault, no share is given for a sum over the same senders, ever', async () => {
    const kept = plainStorage();
    await live(kept, entry(1), { seen: { atFault, opened: [probes] } });
    for (const round of [2, 3, 9]) await expect(live(kept, entry(round))).rejects.toMatchObject(refused);
  });

  it('nor for a sum over more: a sender is out only if it is in no sum', async () => {
    const kept = plainStorage();
    await live(kept, entry(1), { seen: { atFault, opened: [probes] } });
    await expect(live(kept, entry(2, [...trainers, account(4)]))).rejects.toMatchObject(refused);
  });

  it('until one of them is out; when it comes back with the others, none again', async () => {
    const kept = plainStorage();
    await live(kept, entry(1), { seen: { atFault, opened: [probes] } });
    await live(kept, entry(2, trainers.slice(1)));
    await expect(
      live(kept, entry(3), { past: { decrypted: true, proven: [updateSum, probes] } }),
    ).rejects.toMatchObject(refused);
  });

  it('of the probes, it is a validator that must be out', async () => {
    const kept = plainStorage();
    await live(kept, entry(1), { seen: { atFault: [probes], opened: [updateSum] } });
    await expect(live(kept, entry(2, trainers.slice(1)))).rejects.toThrow(/0xa+7, 0xa+8, 0xa+9 did not open/);
    await live(kept, entry(2, trainers, validators.slice(1)));
  });

  it('for no clear reason, a few more are opened, and then none: nobody can go on for ever', async () => {
    const kept = plainStorage();
    for (let round = 1; round <= mostCharge; round++) await live(kept, entry(round));
    await expect(live(kept, entry(mostCharge + 1))).rejects.toMatchObject(refused);
  });

  it('for want of shares, of a prover, or of a sum that was opened after all, everything goes on', async () => {
    for (const past of [{ decrypted: false }, { decrypted: true, proven: [updateSum, probes] }]) {
      const kept = plainStorage();
      for (let round = 1; round < 20; round++) await live(kept, entry(round), { past });
    }
    const kept = plainStorage();
    for (let round = 1; round < 20; round++)
      await live(kept, entry(round), { seen: { atFault, opened: [updateSum, probes] } });
  });

  it('it is on disk before a share is shown, and not forgotten by a kill', async () => {
    const kept = plainStorage();
    for (let round = 1; round <= mostCharge; round++)
      // Killed after the share was shown, so nothing is noted.
      await recordIn(kept, failed).begin({ entry: entry(round), sums: numbered([whole, whole]) });
    await expect(live(kept, entry(mostCharge + 1))).rejects.toMatchObject(refused);
    const full = { ...kept, write: async () => Promise.reject(new Error('no space left on device')) };
    const other = recordIn({ ...full, read: async () => undefined }, failed);
    await expect(other.begin({ entry: entry(1), sums: numbered([whole, whole]) })).rejects.toThrow(
      'no space left',
    );
  });

  it('remembers whose shares strayed', async () => {
    const kept = plainStorage();
    await live(kept, entry(1), { seen: { stray: new Map([[2, 1]]), opened: [updateSum, probes] } });
    await live(kept, entry(2), { seen: { stray: new Map([[2, 1]]), opened: [updateSum, probes] } });
    expect(await recordIn(kept).stray()).toEqual(new Map([[2, 1]]));
  });

  it("one group's keeps its own sum closed, and no other", async () => {
    const kept = plainStorage();
    const other = probeSum(1);
    const round = (number: number) => {
      const { submitted } = entry(number);
      const more = [...submitted.probe, ...of(other, [4, 5].map(account))];
      return { number, submitted: { ...submitted, probe: more } };
    };
    const sums = numbered([whole, whole, whole]);
    await recordIn(kept, failed).begin({ entry: round(1), sums });
    await recordIn(kept, failed).note(1, { ...nothing, opened: [updateSum, other], atFault: [probes] });
    const record = recordIn(kept, { decrypted: true, proven: [updateSum, other] });
    expect([...(await record.refused(round(2))).keys()]).toEqual([probes]);
    await expect(record.begin({ entry: round(2), sums })).rejects.toThrow(/0xa+7, 0xa+8, 0xa+9 did not open/);
    await record.begin({ entry: round(2), sums: new Map([...sums].filter(([sum]) => sum !== probes)) });
    // Nor is it forgotten that it was left out.
    expect([...(await record.refused(round(3))).keys()]).toEqual([probes]);
  });
});
