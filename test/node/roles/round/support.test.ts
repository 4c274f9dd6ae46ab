// A round's support: the same for everyone. A proposal that its author withholds makes nobody miss the Submit
// phase, and nothing that is sent without it is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Draft,
  emptyJournal,
  type Journal,
  type RoundEntry,
  type TaskChain,
} from '../../../../node/chain/index.ts';
import {
  LocalTrainer,
  LocalValidator,
  Network,
  startBackend,
  supportShape,
} from '../../../../node/learn/index.ts';
import {
  completeProposal,
  digestOf,
  encodeModel,
  encodeProposal,
  mergeProposals,
  type SupportShape,
} from '../../../../node/protocol/index.ts';
import { loadSupport, noSupport, supportInTime } from '../../../../node/roles/round/support.ts';
import type { LearnerContext } from '../../../../node/roles/runtime/context.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { data, task } from '../support/learning.ts';

const proposers = [
  '0x1111111111111111111111111111111111111111',
  '0x2222222222222222222222222222222222222222',
] as const;
let shown: Uint8Array;
let withheld: Uint8Array;
let shape: SupportShape;
let network: Network;
let folder: string;
let store: ContentStore;
let entry: RoundEntry;
let context: LearnerContext;
beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
  shape = supportShape(task, network, 0);
  shown = encodeProposal(completeProposal(Uint32Array.of(5, 9), shape));
  withheld = encodeProposal(completeProposal(Uint32Array.of(9, 2, 7), shape));
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'abstain-'));
  store = createFolderStore(folder);
  await store.start();
  await store.put(shown);
  const journal = emptyJournal();
  journal.epochs.set(1, { trainers: [], validators: [...proposers], keys: new Map(), confirmed: new Map() });
  const model = network.initial(1);
  entry = {
    number: 1,
    index: 0,
    model: await store.put(encodeModel(model)),
    scale: 2n ** 36n,
    proposals: [shown, withheld].map((bytes, at) => ({ proposer: proposers[at]!, digest: digestOf(bytes) })),
    submitted: { update: [{ sender: proposers[0], weight: 1, digests: [] }], probe: [] },
  } as unknown as RoundEntry;
  const terms = async () => ({ submitDuration: 1200 });
  const chain = { account: proposers[0], journal, terms, time: async () => chainTime };
  context = {
    name: 'trainer',
    chain: chain as unknown as TaskChain,
    store,
    layout: network,
    description: task,
    observe: () => undefined,
  } as unknown as LearnerContext;
});
afterEach(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

const never = new AbortController().signal;
/** Years before this machine's clock, which must not matter. */
const chainTime = 1_000_000_000n;
const stageWith = (left: number) => ({ deadline: chainTime + BigInt(left), signal: never });

describe('a proposal that is not in the store', () => {
  it('is waited for in the first half of the phase, since it may come', async () => {
    await expect(supportInTime(context, entry, stageWith(900))).rejects.toMatchObject({ reason: 'missing' });
    await store.put(withheld);
    expect(await supportInTime(context, entry, stageWith(900))).toHaveLength(shape.count);
  });

  it('is used also when it comes late; until then the sender abstains, and sends zeros', async () => {
    expect(await supportInTime(context, entry, stageWith(500))).toBeUndefined();
    const trainer = new LocalTrainer({ task, network, data, seed: 'x' });
    trainer.train(network.initial(1), 0, 3);
    const owed = trainer.save().length;
    for (const chunk of trainer.compress(noSupport, entry.scale, 0))
      expect(chunk.every((lane) => lane === 0)).toBe(true);
    trainer.settle('applied');
    expect(trainer.save().length).toBeLessThan(owed);
    const validator = new LocalValidator({ task, network, holdout: data });
    for (const chunk of validator.probe(network.initial(1), noSupport, 0))
      expect(chunk.every((lane) => lane === 0)).toBe(true);
    await store.put(withheld);
    expect(await supportInTime(context, entry, stageWith(500))).toHaveLength(shape.count);
  });
});

describe('a proposal that this machine cannot read or keep', () => {
  const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' });
  const failures: [string, Partial<ContentStore>][] = [
    ['breaks off', { get: () => Promise.reject(new TypeError('terminated')) }],
    ['does not fit on the disk', { put: () => Promise.reject(full) }],
  ];

  it.each(failures)(
    'is not passed over where it %s: the support would be another one',
    async (_, failing) => {
      await store.put(withheld);
      const own = { ...context, store: { ...store, ...failing } };
      await expect(loadSupport(own, entry)).rejects.toThrow();
      await expect(supportInTime(own, entry, stageWith(900))).rejects.toThrow();
      // Late in the phase its sender abstains: it must not be absent for its own store's fault.
      expect(await supportInTime(own, entry, stageWith(500))).toBeUndefined();
    },
  );
});

describe('a proposal of fewer indices than the round carries', () => {
  /** The round with the proposals of these bytes, one a seat. */
  const proposing = async (...contents: readonly Uint8Array[]) => {
    const proposals = contents.map(async (bytes, at) => ({
      proposer: proposers[at]!,
      digest: await store.put(bytes),
    }));
    return { ...entry, proposals: await Promise.all(proposals) };
  };

  it('counts as not made: on a support of one index each update would be public', async () => {
    const one = encodeProposal(Uint32Array.of(network.size - 3));
    expect(await loadSupport(context, await proposing(one, shown))).toEqual(
      await loadSupport(context, await proposing(new Uint8Array(), shown)),
    );
    expect(await loadSupport(context, await proposing(one, shown))).toHaveLength(shape.count);
  });

  it('leaves the public order where it is the only one', async () => {
    const one = encodeProposal(Uint32Array.of(network.size - 3));
    const support = await loadSupport(context, await proposing(one));
    expect(support).toEqual(completeProposal(new Uint32Array(), shape).sort());
  });
});

describe('a support', () => {
  it('merges its proposals in the order of the seats, whoever posted first: all come to the same one', async () => {
    const { count } = shape;
    const ascending = Uint32Array.from({ length: count }, (_, index) => index);
    const descending = ascending.map((index) => network.size - 1 - index);
    // The second seat's first choice is the first seat's, too: only then does the order show at the cut.
    descending[0] = 0;
    const [first, second] = [ascending, descending] as const;
    const merged = mergeProposals([first, second], shape);
    expect(mergeProposals([second, first], shape)).not.toEqual(merged);

    const posted = async (order: readonly number[]) => ({
      ...entry,
      proposals: await Promise.all(
        order.map(async (seat) => ({
          proposer: proposers[seat]!,
          digest: await store.put(encodeProposal([first, second][seat]!)),
        })),
      ),
    });
    expect(await loadSupport(context, await posted([0, 1]))).toEqual(merged);
    expect(await loadSupport(context, await posted([1, 0]))).toEqual(merged);
  });

  it("puts validators' proposals before trainers'", async () => {
    const [trainer, validator] = proposers;
    const epoch = { trainers: [trainer], validators: [validator], keys: new Map(), confirmed: new Map() };
    (context.chain.journal as Draft<Journal>).epochs.set(1, epoch);
    const { count } = shape;
    const ascending = Uint32Array.from({ length: count }, (_, index) => index);
    const descending = ascending.map((index) => network.size - 1 - index);
    descending[0] = 0;
    const proposals = [
      { proposer: trainer, digest: await store.put(encodeProposal(ascending)) },
      { proposer: validator, digest: await store.put(encodeProposal(descending)) },
    ];
    expect(await loadSupport(context, { ...entry, proposals })).toEqual(
      mergeProposals([descending, ascending], shape),
    );
  });
});
