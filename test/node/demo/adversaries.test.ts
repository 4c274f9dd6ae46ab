// The demonstration's adversaries: each puts its disguise over an honest role, and changes nothing else.
import { describe, expect, it } from 'vitest';
import type { TaskChain } from '../../../node/chain/index.ts';
import { adversaryNames } from '../../../node/cli/command/adversaries.ts';
import { norm } from '../../../node/compress/index.ts';
import { type AdversaryRole, adversaryOf, adversaryRoles, demoTask } from '../../../node/demo/index.ts';
import {
  type Dataset,
  initialModel,
  modelLayout,
  scaledData,
  type Training,
} from '../../../node/learn/index.ts';
import type { RoleContext } from '../../../node/roles/index.ts';

const task = demoTask({ preset: 'tiny' });
const data: Dataset = {
  count: 20,
  shape: [49],
  inputs: Float32Array.from({ length: 20 * 49 }, (_, i) => ((i * 31) % 17) / 17),
  labels: Uint16Array.from({ length: 20 }, (_, i) => i % 10),
  classes: 10,
};
const layout = modelLayout(task.model);
/** Finds a change that is another one for each model and round. */
const honestTraining: Training = async (model, round) => model.map((x, i) => (x + round) / (1 + (i % 7)));
const trained = (kind: AdversaryRole) =>
  adversaryOf(kind).disguise().training!(honestTraining, { task, layout, seed: 'a' });

describe('the adversaries', () => {
  it('are those that help names, in its order', () => {
    expect(adversaryRoles).toEqual(adversaryNames);
  });
});

describe('a dishonest training', () => {
  it('of noise is as long as the honest change, goes elsewhere, and repeats itself after a crash', async () => {
    const model = initialModel(layout, 1);
    const honest = await honestTraining(model, 3);
    const noise = await trained('noise')(model, 3);
    expect(norm(noise) / norm(honest)).toBeCloseTo(1, 0);
    expect(noise).not.toEqual(honest);
    expect(await trained('noise')(model, 3)).toEqual(noise);
    expect(await trained('noise')(model, 4)).not.toEqual(noise);
  });

  it.each(['opposite', 'biased-probe'] as const)('%s is the honest change backwards', async (kind) => {
    const model = initialModel(layout, 1);
    const honest = await honestTraining(model, 0);
    expect(await trained(kind)(model, 0)).toEqual(honest.map((x) => -x));
  });

  it('that replays hands out how the model has moved, and nothing before it has', async () => {
    const replay = trained('replay-aggregate');
    const [first, second] = [initialModel(layout, 1), initialModel(layout, 2)];
    expect(await replay(first, 0)).toEqual(new Float32Array(layout.size));
    expect(await replay(second, 1)).toEqual(second.map((x, i) => x - first[i]!));
  });

  it.each(['noise', 'opposite'] as const)('of %s ends where the honest one is stopped', async (kind) => {
    const honest: Training = async (_model, _round, signal) => {
      signal?.throwIfAborted();
      throw new Error('trains on');
    };
    const training = adversaryOf(kind).disguise().training!(honest, { task, layout, seed: 'a' });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(training(initialModel(layout, 1), 0, stopped)).rejects.toThrow('stopped');
  });

  it.each(['label-flip', 'backdoor'] as const)('%s trains on other data, each time on the same', (kind) => {
    const changed = () => adversaryOf(kind).disguise().data!(scaledData(data), 'a').dataset({});
    expect(changed()).not.toEqual(data);
    expect(changed()).toEqual(changed());
  });
});

describe('a disguise', () => {
  it('over learning leaves the services as they are', () => {
    for (const kind of ['noise', 'opposite', 'biased-probe'] as const)
      expect(Object.keys(adversaryOf(kind).disguise())).toEqual(['training']);
    for (const kind of ['label-flip', 'backdoor'] as const)
      expect(Object.keys(adversaryOf(kind).disguise())).toEqual(['data']);
  });

  it('of garbage proofs changes updates on their way to the contract, and nothing else', async () => {
    const sent: unknown[] = [];
    const chain = {
      account: '0x1111111111111111111111111111111111111111',
      get height() {
        return 7n;
      },
      submit: async (...call: unknown[]) => void sent.push(call),
      seat: async () => 'seat',
    } as unknown as TaskChain;
    const own = { name: 'trainer 1', chain, store: {} } as RoleContext;
    const worn = adversaryOf('garbage-proof').disguise().services!(own, {} as never);
    const submission = { round: 1, basis: '0x01', chunks: [{ y: 1n, h: 2n }] } as never;
    await worn.chain.submit('update', submission);

    expect(sent).toEqual([['update', { round: 1, basis: '0x01', chunks: [{ y: 2n, h: 2n }] }]]);
    expect(worn.chain.account).toBe(chain.account);
    expect(worn.chain.height).toBe(7n);
    expect(await worn.chain.seat(chain.account)).toBe('seat');
    expect(worn.store).toBe(own.store);
    expect(worn.name).toBe('trainer 1');
  });
});
