// The demonstration's adversaries: each puts on its disguise over an honest trainer, and does nothing else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskChain } from '../../../node/chain/index.ts';
import { norm } from '../../../node/compress/index.ts';
import { type DishonestTraining, demoTask, disguiseOf, dishonestTraining } from '../../../node/demo/index.ts';
import { type Dataset, localTraining, Network, startBackend } from '../../../node/learn/index.ts';

const task = demoTask({ preset: 'tiny' });
const data: Dataset = {
  count: 20,
  shape: [49],
  inputs: Float32Array.from({ length: 20 * 49 }, (_, i) => ((i * 31) % 17) / 17),
  labels: Uint16Array.from({ length: 20 }, (_, i) => i % 10),
  classes: 10,
};
let network: Network;
beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
});
afterAll(() => network.dispose());

const parts = () => ({ task, network, data, seed: 'a' });
const trained = (kind: DishonestTraining) => dishonestTraining(kind)(parts());

describe('a dishonest training', () => {
  it('of noise is as long as the honest change, goes elsewhere, and repeats itself after a crash', () => {
    const model = network.initial(1);
    const honest = localTraining(parts())(model, 3);
    const noise = trained('noise')(model, 3);
    expect(norm(noise) / norm(honest)).toBeCloseTo(1, 0);
    expect(noise).not.toEqual(honest);
    expect(trained('noise')(model, 3)).toEqual(noise);
    expect(trained('noise')(model, 4)).not.toEqual(noise);
  });

  it('that opposes is the honest change backwards', () => {
    const model = network.initial(1);
    const honest = localTraining(parts())(model, 0);
    expect(trained('opposite')(model, 0)).toEqual(honest.map((x) => -x));
  });

  it('that replays hands out how the model has moved, and nothing before it has', () => {
    const replay = trained('replay');
    const [first, second] = [network.initial(1), network.initial(2)];
    expect(replay(first, 0)).toEqual(new Float32Array(network.size));
    expect(replay(second, 1)).toEqual(second.map((x, i) => x - first[i]!));
  });
});

describe('a disguise', () => {
  it('is none for an honest trainer', () => {
    expect(disguiseOf('none')).toEqual({});
  });

  it('of noise or opposition is another training, on an untouched chain', () => {
    for (const kind of ['noise', 'opposite'] as const)
      expect(Object.keys(disguiseOf(kind))).toEqual(['training']);
  });

  it('of garbage proofs changes updates on their way to the contract, and nothing else', async () => {
    const sent: unknown[] = [];
    const honest = {
      account: '0x1111111111111111111111111111111111111111',
      get height() {
        return 7n;
      },
      submit: async (...call: unknown[]) => void sent.push(call),
      seat: async () => 'seat',
    } as unknown as TaskChain;
    const chain = disguiseOf('garbage-proof').chain!(honest);
    const submission = { round: 1, basis: '0x01', chunks: [{ y: 1n, h: 2n }] } as never;

    await chain.submit('update', submission);
    await chain.submit('probe', submission);

    expect(sent).toEqual([
      ['update', { round: 1, basis: '0x01', chunks: [{ y: 2n, h: 2n }] }],
      ['probe', submission],
    ]);
    expect(chain.account).toBe(honest.account);
    expect(chain.height).toBe(7n);
    expect(await chain.seat(honest.account)).toBe('seat');
  });
});
