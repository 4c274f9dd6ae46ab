// A model's lineage: computed again from what is public, and refused where the chain names a model that its sums do not give.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyJournal, type RoundEntry } from '../../../node/chain/journal.ts';
import { encodeSum } from '../../../node/federation/index.ts';
import { coordinates, Network, startBackend, taskDescription } from '../../../node/learn/index.ts';
import { traceModel } from '../../../node/roles/lineage.ts';
import type { OnlookerContext } from '../../../node/roles/public_round.ts';
import { applySum, encodeModel, encodeProposal } from '../../../node/rules/index.ts';
import { createFolderStore, digestOf } from '../../../node/store/index.ts';
import { clinicTask } from '../learn/clinics.ts';

const folder = mkdtempSync(join(tmpdir(), 'lineage-'));
const store = createFolderStore(folder);
const description = taskDescription.parse(clinicTask(2));
const scale = BigInt(description.aggregation.scale);
const [trainer, validator] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`] as Address[];
let network: Network;
let first: Hex;
let accepted: RoundEntry;
let rejected: RoundEntry;

beforeAll(async () => {
  await store.start();
  await startBackend('wasm');
  network = new Network(description.model);
  const model = network.initial(1);
  first = await store.put(encodeModel(model));
  const count = coordinates(description, network, 0);
  const support = Uint32Array.from({ length: count }, (_, index) => index);
  const lanes = Int32Array.from({ length: 96 }, (_, j) => (j < count ? j - 40 : 0));
  const next = applySum(model, { support, sum: lanes, weight: 1, scale, eta: 1 });
  const sum = await store.put(encodeSum({ lanes, blinding: [1n, 2n, 3n] }));
  const entry = {
    number: 1,
    index: 0,
    model: first,
    scale,
    proposals: [{ proposer: validator!, digest: await store.put(encodeProposal(support)) }],
    submitted: { update: [{ sender: trainer!, weight: 1, digests: [] }], probe: [] },
    sums: { update: { prover: trainer!, digests: [sum], norm: 1n } },
    outcome: 'accepted',
    tally: { quality: 7000, gain: 100 },
    modelAfter: digestOf(encodeModel(next)),
  };
  accepted = entry as unknown as RoundEntry;
  rejected = { ...accepted, outcome: 'rejected', modelAfter: first, tally: { quality: 100, gain: -1 } };
});
afterAll(async () => {
  network.dispose();
  await store.stop();
  rmSync(folder, { recursive: true });
});

function trace(...rounds: RoundEntry[]) {
  const epoch = { trainers: [trainer!], validators: [validator!], keys: new Map(), confirmed: new Map() };
  const journal = { ...emptyJournal(), rounds, epochs: new Map([[1, epoch]]) };
  const chain = { task: 3n, journal, account: trainer };
  const context = { name: 'planner', chain, store, observe: () => undefined, description, network };
  return traceModel(context as unknown as OnlookerContext, first);
}

describe('a lineage', () => {
  it('ends with the model of the last closed round', async () => {
    const after = accepted.modelAfter!;
    const second = { ...rejected, number: 2, model: after, modelAfter: after };
    const open = { ...accepted, number: 3, model: after, modelAfter: undefined };
    const { digest, steps, model } = await trace(accepted, second, open);
    expect(digest).toBe(after);
    expect(digestOf(encodeModel(model))).toBe(after);
    expect(steps).toEqual([
      { round: 1, outcome: 'accepted', model: after, quality: 7000 },
      { round: 2, outcome: 'rejected', model: after, quality: 100 },
    ]);
  });

  it('is the first model where nothing was accepted', async () => {
    expect(await trace(rejected)).toMatchObject({ digest: first });
    expect(await trace()).toMatchObject({ digest: first, steps: [] });
  });

  it('is refused where validators accepted another model than the sum gives', async () => {
    const chosen = network.initial(2);
    const forged = { ...accepted, modelAfter: await store.put(encodeModel(chosen)) };
    await expect(trace(forged)).rejects.toThrow(/task 3, round 1: its sum gives model .* accepted/);
  });

  it('is refused where a round does not start from the model before it', async () => {
    await expect(trace(rejected, { ...accepted, model: accepted.modelAfter! })).rejects.toThrow(
      /it starts from model .* the one before ended with/,
    );
  });
});
