import { describe, expect, test } from 'vitest';
import { renderReport } from '../../../node/report/index.ts';
import { type SimulationInput, simulate, simulationReport } from '../../../node/simulate/index.ts';

const run = (input: SimulationInput) => simulate({ preset: 'tiny', rounds: 6, seed: 1, ...input });
const shares = ({ rounds, kinds }: Awaited<ReturnType<typeof run>>) => {
  const earned = kinds.map((_, i) => rounds.reduce((sum, r) => sum + r.trainers[i]!.reward, 0n));
  const all = earned.reduce((a, b) => a + b, 0n);
  return earned.map((e) => Number((1000n * e) / all) / 1000);
};
const strikes = ({ rounds, kinds }: Awaited<ReturnType<typeof run>>) =>
  kinds.map((_, i) => rounds.filter((r) => r.trainers[i]!.struck).length);

describe('a simulation', () => {
  test('learns, is the same for the same seed, and reports as a simulation', async () => {
    const first = await run({});
    expect(first.rounds.at(-1)!.plain.accuracy).toBeGreaterThan(first.rounds[0]!.plain.accuracy + 0.15);
    expect((await run({})).digest).toBe(first.digest);
    expect((await run({ seed: 2 })).digest).not.toBe(first.digest);
    const report = simulationReport(first);
    expect(report.kind).toBe('simulation');
    expect(renderReport(report)).toContain('A simulation.');
  });
  test.each(['noise', 'opposite'] as const)('strikes %s and pays it least', async (adversary) => {
    const result = await run({ adversary });
    const cheat = 3;
    expect(result.kinds[cheat]).toBe(adversary);
    expect(strikes(result)[cheat]).toBeGreaterThanOrEqual(5);
    expect(shares(result)[cheat]!).toBeLessThan(0.03);
    expect(strikes(result).slice(0, 3)).toEqual([0, 0, 0]);
  });
  test('money in is money out: rewards never exceed rounds and slashes', async () => {
    const result = await run({ adversary: 'noise' });
    const { roundReward, stake } = result.economy;
    const paid = result.rounds.flatMap((r) => r.trainers).reduce((sum, t) => sum + t.reward, 0n);
    const lost = result.rounds.at(-1)!.trainers.reduce((sum, t) => sum + stake - t.stake, 0n);
    const slashed = result.rounds.flatMap((r) => r.trainers).reduce((sum, t) => sum + t.slashed, 0n);
    expect(lost).toBe(slashed);
    expect(paid).toBeLessThanOrEqual(roundReward * BigInt(result.rounds.length) + slashed);
  });
  test('against the sum of the updates, a majority of opponents would be paid for doing harm', async () => {
    // Two of three oppose: the sum points their way, so that score strikes the honest one; the probe does
    // not.
    const { dealDigits, demoTask, dishonestTraining } = await import('../../../node/demo/index.ts');
    const { LocalTrainer, LocalValidator, Network, supportShape } = await import(
      '../../../node/learn/index.ts'
    );
    const { judge, defaultScorePolicy, mergeProposals } = await import('../../../node/protocol/index.ts');
    const { inner, sumOf } = await import('../../../node/simulate/index.ts');
    const task = demoTask({ preset: 'tiny' });
    const network = new Network(task.model);
    const digits = await dealDigits({
      seed: 1,
      trainers: ['plain', 'plain', 'plain'],
      validators: 1,
      mirroredShare: 0,
      side: 7,
    });
    const trainers = digits.trainers.map(
      (data, i) =>
        new LocalTrainer({
          task,
          network,
          data,
          seed: i,
          training: i === 0 ? undefined : dishonestTraining('opposite'),
        }),
    );
    const validator = new LocalValidator({ task, network, holdout: digits.validators[0]! });
    const model = network.initial(1);
    for (const trainer of trainers) trainer.train(model, 0, 3);
    const support = mergeProposals([validator.propose(model, 0)], supportShape(task, network, 0));
    const updates = trainers.map((t) => t.compress(support, BigInt(task.aggregation.scale), 0));
    const weights = (reference: Int32Array[]) =>
      judge(
        updates.map((u) => ({ score: inner(u, reference), norm: inner(u, u) })),
        inner(reference, reference),
        defaultScorePolicy,
      ).judgements.map((j) => j.weight > 0n);
    expect(weights(sumOf(updates))).toEqual([false, true, true]);
    expect(weights(sumOf([validator.probe(model, support)]))).toEqual([true, false, false]);
    network.dispose();
  });
  test('options are checked at the border', async () => {
    await expect(simulate({ trainers: 1 })).rejects.toThrow(/trainers/);
    await expect(simulate({ adversary: 'evil' as 'noise' })).rejects.toThrow(/adversary/);
  });
});
