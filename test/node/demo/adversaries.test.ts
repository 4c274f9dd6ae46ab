// The demonstration's adversaries: each puts its disguise over an honest role, and changes nothing else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskChain } from '../../../node/chain/index.ts';
import { adversaryNames } from '../../../node/cli/command/adversaries.ts';
import { norm } from '../../../node/compress/index.ts';
import { type AdversaryRole, adversaryOf, adversaryRoles, demoTask } from '../../../node/demo/index.ts';
import { type Dataset, localTraining, Network, startBackend } from '../../../node/learn/index.ts';
import type { RoleContext } from '../../../node/roles/index.ts';

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
const trained = (kind: AdversaryRole) => adversaryOf(kind).disguise().training!(parts());

describe('the adversaries', () => {
  it('are those that help names, in its order', () => {
    expect(adversaryRoles).toEqual(adversaryNames);
  });
});

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

  it.each(['opposite', 'biased-probe'] as const)('%s is the honest change backwards', (kind) => {
    const model = network.initial(1);
    const honest = localTraining(parts())(model, 0);
    expect(trained(kind)(model, 0)).toEqual(honest.map((x) => -x));
  });

  it('that replays hands out how the model has moved, and nothing before it has', () => {
    const replay = trained('replay-aggregate');
    const [first, second] = [network.initial(1), network.initial(2)];
    expect(replay(first, 0)).toEqual(new Float32Array(network.size));
    expect(replay(second, 1)).toEqual(second.map((x, i) => x - first[i]!));
  });

  it.each(['label-flip', 'backdoor'] as const)('%s trains on other data, each time on the same', (kind) => {
    const model = network.initial(1);
    const change = trained(kind)(model, 0);
    expect(change).not.toEqual(localTraining(parts())(model, 0));
    expect(trained(kind)(model, 0)).toEqual(change);
  });
});

describe('a disguise', () => {
  it('over learning leaves the services as they are', () => {
    for (const kind of ['noise', 'opposite', 'label-flip', 'backdoor', 'biased-probe'] as const)
      expect(Object.keys(adversaryOf(kind).disguise())).toEqual(['training']);
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
