// A model's lineage: computed again from what is public, and refused where the chain names a model that its
// sums do not give.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoundEntry } from '../../../../node/chain/index.ts';
import { initialModel, modelLayout, supportShape, taskDescription } from '../../../../node/learn/index.ts';
import {
  applySum,
  digestOf,
  encodeModel,
  encodeProposal,
  encodeSum,
  updateSum,
} from '../../../../node/protocol/index.ts';
import { type LineageContext, traceModel } from '../../../../node/roles/round/lineage.ts';
import { clinicTask } from '../../learn/clinics.ts';
import { makeRound, type TestRound } from '../support/round.ts';

const description = taskDescription.parse(clinicTask(2));
const layout = modelLayout(description.model);
const scale = BigInt(description.aggregation.scale);
let round: TestRound;
let first: Hex;
let accepted: RoundEntry;
let rejected: RoundEntry;

beforeAll(async () => {
  round = await makeRound();
  const model = initialModel(layout, 1);
  first = await round.store.put(encodeModel(model));
  const { count } = supportShape(description, layout, 0);
  const support = Uint32Array.from({ length: count }, (_, index) => index);
  const sum = round.sums.update;
  const next = applySum(model, { support, sum, weight: 3, scale, eta: description.aggregation.eta });
  const proposer = round.accounts[0]!;
  accepted = {
    ...round.entry,
    index: 0,
    model: first,
    scale,
    proposals: [{ proposer, digest: await round.store.put(encodeProposal(support)) }],
    sums: named(await round.store.put(encodeSum({ coordinates: sum, blinding: [1n, 2n, 3n] }))),
    outcome: 'accepted',
    tally: { quality: 7000, gain: 100 },
    modelAfter: digestOf(encodeModel(next)),
  };
  rejected = { ...accepted, outcome: 'rejected', modelAfter: first, tally: { quality: 100, gain: -1 } };
});
afterAll(async () => {
  await round.stop();
});

/** What a prover says of the updates' sum. */
const named = (digest: Hex): RoundEntry['sums'] =>
  new Map([[updateSum, { prover: round.accounts[0]!, digests: [digest], h: [1n] }]]);

function trace(...rounds: RoundEntry[]) {
  const { chain, ...context } = round.context({ member: 0 });
  const onlooker = { ...context, description, layout };
  const seen = { ...chain, journal: { ...round.journal, rounds } };
  return traceModel({ ...onlooker, chain: seen } satisfies LineageContext, first);
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
    const chosen = initialModel(layout, 2);
    const forged = { ...accepted, modelAfter: await round.store.put(encodeModel(chosen)) };
    await expect(trace(forged)).rejects.toThrow(/task 1, round 1: its sum gives model .* accepted/);
  });

  it('does not end with a prover that withholds the sum or names another: it is opened from the shares', async () => {
    const other = encodeSum({ coordinates: round.sums.update.map((u) => -u), blinding: [1n, 2n, 3n] });
    const withheld = { ...accepted, sums: named(digestOf(Uint8Array.of(1))) };
    const falsified = { ...accepted, sums: named(await round.store.put(other)) };
    await expect(trace(withheld)).rejects.toThrow(/missing|no block|not/);
    await expect(trace(falsified)).rejects.toThrow(/task 1, round 1: its sum gives model .* accepted/);
    await round.announceSet([0, 1]);
    for (const entry of [withheld, falsified])
      expect(await trace(entry)).toMatchObject({ digest: accepted.modelAfter });
    round.journal.announcements.length = 0;
  });

  it('is refused where a round does not start from the model before it', async () => {
    await expect(trace(rejected, { ...accepted, model: accepted.modelAfter! })).rejects.toThrow(
      /it starts from model .* the one before ended with/,
    );
  });
});
