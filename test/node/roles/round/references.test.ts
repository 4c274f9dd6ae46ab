// References rest on what every round before has opened: whoever reads them late, after a restart or after a
// reorganisation, comes to the same ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blindingOf } from '@murmuration/core';
import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Draft,
  emptyJournal,
  type ProvenSum,
  type RoundEntry,
  type TaskChain,
} from '../../../../node/chain/index.ts';
import { modelLayout } from '../../../../node/learn/index.ts';
import { encodeProposal, encodeSum, probeSum, updateSum } from '../../../../node/protocol/index.ts';
import { ReferenceReader } from '../../../../node/roles/round/references.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { type ContentStore, createFolderStore, StoreError } from '../../../../node/store/index.ts';
import { task as description } from '../support/learning.ts';
import { plainStorage } from '../support/plain_storage.ts';
import { tools } from '../support/round.ts';

const layout = modelLayout(description.model);
const basis = (byte: string): Hex => `0x${byte.repeat(32)}`;

const account = `0x${'1'.repeat(40)}` as const;
const folder = mkdtempSync(join(tmpdir(), 'references-'));
const store = createFolderStore(folder);
const journal = emptyJournal();
journal.epochs.set(1, { trainers: [account], validators: [], keys: new Map(), confirmed: new Map() });

let first: Draft<RoundEntry>;
let second: Draft<RoundEntry>;

/** A round as it is when its sums, which are made up, are proven. */
async function opened(number: number, voteBasis: Hex): Promise<Draft<RoundEntry>> {
  const { prover } = await tools;
  const length = presets.tiny.coordinatesPerChunk;
  const proven = async (sum: number): Promise<[number, Draft<ProvenSum>]> => {
    const coordinates = Int32Array.from({ length }, (_, j) => ((j * (number + 2 * sum + 3)) % 41) - 20);
    const chunk = { coordinates, blinding: blindingOf((i) => BigInt(i + number)) };
    const { h } = await prover.commit('aggregate', chunk);
    return [sum, { prover: account, digests: [await store.put(encodeSum(chunk))], h: [h] }];
  };
  const digest = await store.put(encodeProposal(Uint32Array.from({ length }, (_, index) => index)));
  return {
    number,
    index: number - 1,
    phase: 'settle',
    outcome: 'accepted',
    voteBasis,
    proposals: [{ proposer: account, digest }],
    submitted: { update: [], probe: [] },
    sums: new Map([await proven(updateSum), await proven(probeSum(0))]),
  } as unknown as Draft<RoundEntry>;
}

beforeAll(async () => {
  await store.start();
  first = await opened(1, basis('a1'));
  second = await opened(2, basis('a2'));
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

/** What a reader of a round, the second unless given, comes to, after these rounds. */
async function referencesAfter(
  past: readonly Draft<RoundEntry>[],
  {
    storage = plainStorage(),
    from = store,
    of = second,
  }: { storage?: RoleStorage; from?: ContentStore; of?: Draft<RoundEntry> } = {},
): Promise<Hex> {
  journal.rounds.splice(0, Number.POSITIVE_INFINITY, ...past, of);
  const chain = { account, journal, task: 1n, state: async () => ({ epoch: 1 }), terms: async () => ({}) };
  const context = {
    ...(await tools),
    name: 'a member',
    chain: chain as unknown as TaskChain,
    store: from,
    storage,
    description,
    layout,
    host: undefined as never,
    observe: () => undefined,
  };
  return (await new ReferenceReader(context, new RoundSums(context, 1)).of(of)).digest;
}

/** A store that lost the sums of the first round. */
const forgetful = (): ContentStore => {
  const lost = new Set([...first.sums.values()].flatMap(({ digests }) => digests));
  return {
    ...store,
    async get(digest, options) {
      if (lost.has(digest)) throw new StoreError('missing', `block ${digest}: lost`);
      return store.get(digest, options);
    },
  };
};

describe('references', () => {
  it('rest on the rounds before whose sums were opened and voted on, whether their model was taken or not', async () => {
    const accepted = await referencesAfter([first]);
    const without = await referencesAfter([]);
    expect(accepted).not.toBe(without);
    expect(await referencesAfter([{ ...first, outcome: 'rejected' }])).toBe(accepted);
    for (const outcome of ['void', 'pending'] as const)
      expect(await referencesAfter([{ ...first, outcome }])).toBe(without);
    // What is after it, where a round is looked at late, tells nothing of it.
    expect(await referencesAfter([{ ...first, number: 3 }])).toBe(without);
  });

  it('rest on each group’s opened probes', async () => {
    const { sums, ...rest } = first;
    const updates = new Map([...sums].filter(([sum]) => sum === updateSum));
    expect(await referencesAfter([{ ...rest, sums: updates }])).not.toBe(await referencesAfter([first]));
  });

  it('are the same after a restart, though the sums of past rounds are in no store any more', async () => {
    const storage = plainStorage();
    const before = await referencesAfter([first], { storage });
    expect(await referencesAfter([first], { storage, from: forgetful() })).toBe(before);
    await expect(referencesAfter([first], { from: forgetful() })).rejects.toThrow();
    const of = { ...second, number: 3, index: 2, voteBasis: basis('a4') };
    const third = await referencesAfter([first, second], { storage, of });
    expect(third).not.toBe(before);
    expect(await referencesAfter([first, second], { storage, of, from: forgetful() })).toBe(third);
  });

  it('are computed anew where a past round of that number has opened something else', async () => {
    const storage = plainStorage();
    await referencesAfter([first], { storage });
    const reorganised = { ...first, outcome: 'void' as const, voteBasis: basis('a3') };
    expect(await referencesAfter([reorganised], { storage })).toBe(await referencesAfter([]));
    // And where it is gone.
    const again = plainStorage();
    await referencesAfter([first], { storage: again });
    expect(await referencesAfter([], { storage: again })).toBe(await referencesAfter([]));
  });
});
