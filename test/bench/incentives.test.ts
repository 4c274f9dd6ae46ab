// The runs of docs/incentives.md: what is computed again from kept figures is what the run paid; the fast network is the network.
import { describe, expect, test } from 'vitest';
import { clinicsWorld } from '../../bench/incentives/clinics.ts';
import { PlainNetwork } from '../../bench/incentives/plain_network.ts';
import { nameOf, partNames, runsOf, seeds } from '../../bench/incentives/plan.ts';
import { recordOf, settledBy } from '../../bench/incentives/record.ts';
import { Network, seeded, startBackend } from '../../node/learn/index.ts';
import { simulate, simulationOptions } from '../../node/simulate/index.ts';

const options = { rounds: 6, seed: 11, validators: 6 };

describe('a kept run', () => {
  test('pays again what it paid, and other numbers of the rule pay otherwise', async () => {
    const run = await simulate(
      { ...options, adversary: ['opposite'] },
      { networkOf: (spec) => new PlainNetwork(spec), worldOf: (given) => clinicsWorld(given) },
    );
    const record = recordOf(run, undefined);
    const again = settledBy(record, {});
    record.trainers.forEach(({ share, mostHeld, strikes }, i) => {
      expect(again.share[i]).toBeCloseTo(share, 4);
      expect(again.held[i]).toBeCloseTo(mostHeld, 6);
      expect(again.strikes[i]).toBe(strikes);
    });
    expect(settledBy(record, { toll: 60 }).share).not.toEqual(again.share);
    expect(record.adversary).toEqual([4]);
  });
  test('has a name of its own', () => {
    const runs = partNames.flatMap((part) => runsOf(part, seeds));
    const distinct = new Set(runs.map((run) => JSON.stringify(run)));
    expect(new Set(runs.map(nameOf)).size).toBe(distinct.size);
  });
});

describe('the plain network', () => {
  test('trains and predicts as the network does', async () => {
    await startBackend('wasm');
    const { task, trainers } = clinicsWorld(simulationOptions.parse(options));
    const [plain, network] = [new PlainNetwork(task.model), new Network(task.model)];
    const model = network.initial(3);
    const steps = { ...task.training, steps: 5 };
    const [a, b] = [plain, network].map((one) =>
      one.train(model, trainers[0]!, { ...steps, random: seeded(1, 'batches') }),
    ) as [Float32Array, Float32Array];
    for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i]!, 5);
    const [p, q] = [plain, network].map((one) => one.predict(model, trainers[0]!)) as [
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < p.length; i++) expect(p[i]).toBeCloseTo(q[i]!, 5);
    plain.dispose();
    network.dispose();
  });
});
