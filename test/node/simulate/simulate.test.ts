import { describe, expect, test } from 'vitest';
import { behaviours } from '../../../node/cli/verbs/simulate/help.ts';
import { renderReport } from '../../../node/report/index.ts';
import {
  adversaryNames,
  digitsWorld,
  type SimulatedRound,
  type SimulationInput,
  type SimulationOptions,
  simulate,
  simulationReport,
} from '../../../node/simulate/index.ts';
import { sumOf } from '../../../node/simulate/sums.ts';
import { long } from '../../long.ts';

const run = (input: SimulationInput) => simulate({ preset: 'tiny', rounds: 8, seed: 11, ...input });
type Run = Awaited<ReturnType<typeof run>>;
const shares = ({ rounds, kinds }: Run) => {
  const earned = kinds.map((_, i) => rounds.reduce((sum, r) => sum + r.trainers[i]!.reward, 0n));
  const all = earned.reduce((a, b) => a + b, 0n);
  return earned.map((e) => Number((1000n * e) / all) / 1000);
};
const cheat = 3;

describe('a simulation', () => {
  test('learns, is the same for the same seed, and reports as a simulation', async () => {
    const first = await run({});
    expect(first.rounds.at(-1)!.plain.accuracy).toBeGreaterThan(first.rounds[0]!.plain.accuracy + 0.1);
    expect((await run({})).digest).toBe(first.digest);
    expect((await run({ seed: 12 })).digest).not.toBe(first.digest);
    const report = simulationReport(first);
    expect(report.kind).toBe('simulation');
    expect(renderReport(report)).toContain('A simulation.');
  });
  test('of honest trainers ends with nobody ejected, and nothing of the plain ones held', async () => {
    const { rounds } = await run({});
    const { trainers } = rounds.at(-1)!;
    expect(trainers.map(({ ejected }) => ejected)).toEqual(Array(5).fill(false));
    expect(trainers.slice(0, 4).map(({ held }) => held)).toEqual(Array(4).fill(0n));
  });
  test('money in is money out: rewards never exceed rounds, and stake is free or held', async () => {
    const { rounds, economy } = await run({ adversary: ['opposite'] });
    const paid = rounds.flatMap((r) => r.trainers).reduce((sum, t) => sum + t.reward, 0n);
    expect(paid).toBeLessThanOrEqual(economy.roundReward * BigInt(rounds.length));
    for (const { trainers } of rounds)
      for (const { stake, held } of trainers) expect(stake + held).toBe(economy.stake);
  });
  test('a trainer that is away sends nothing, is paid nothing, and comes back with the seat that it left', async () => {
    const isAway = (trainer: number, round: number) => trainer === 1 && round > 0 && round < 3;
    const worldOf = async (options: SimulationOptions) => ({ ...(await digitsWorld(options)), isAway });
    const { rounds } = await simulate({ preset: 'tiny', rounds: 4, seed: 11 }, { worldOf });
    const seats = rounds.map(({ trainers }) => trainers[1]!);
    expect(seats.map(({ present }) => present)).toEqual([true, false, false, true]);
    const { present: _, ...left } = seats[0]!;
    for (const { present: __, ...away } of seats.slice(1, 3))
      expect(away).toEqual({ ...left, cosine: 0, struck: false, reward: 0n, figures: undefined });
  });
  test('options are checked at the border', async () => {
    await expect(simulate({ trainers: 1 })).rejects.toThrow(/trainers/);
    await expect(simulate({ corrupt: 7 })).rejects.toThrow(/corrupt/);
    await expect(simulate({ adversary: ['evil' as 'noise'] })).rejects.toThrow(/adversary/);
  });
  test('plays every adversary that the command line names', () => {
    expect(behaviours).toEqual(adversaryNames);
  });
});

describe('an adversary', () => {
  test.each(['noise', 'opposite', 'replay-aggregate', 'replay-probe', 'ridge', 'ridge-wide'] as const)(
    '%s is paid next to nothing',
    async (adversary) => {
      const result = await run({ adversary: [adversary] });
      expect(result.kinds[cheat]).toBe(adversary);
      expect(shares(result)[cheat]!).toBeLessThan(0.04);
    },
  );
  test('replay of the probes would be paid like honest work without the innovation', async () => {
    const result = await simulate(
      { preset: 'tiny', rounds: 8, seed: 11, adversary: ['replay-probe'] },
      { economy: { clues: [] } },
    );
    expect(shares(result)[cheat]!).toBeGreaterThan(0.08);
  });
  test('grab with one corrupt validator of six is paid next to nothing; with one sum it is paid for nothing', async () => {
    expect(shares(await run({ adversary: ['grab'], corrupt: 1 }))[cheat]!).toBeLessThan(0.04);
    const one = await simulate(
      { preset: 'tiny', rounds: 8, seed: 11, adversary: ['grab'], corrupt: 1 },
      { economy: { groups: 1 } },
    );
    expect(shares(one)[cheat]!).toBeGreaterThan(0.15);
  });
  test('opposite is struck to level 3 and beyond', async () => {
    const { rounds } = await run({ adversary: ['opposite'], rounds: 12 });
    expect(rounds.at(-1)!.trainers[cheat]!.level).toBeGreaterThanOrEqual(3);
  });
  test('among the validators cannot have an honest trainer ejected, nor its vote end the pay', async () => {
    const { rounds } = await run({ adversary: ['target'], corrupt: 1, corruptVotes: 'against' });
    expect(rounds.every(({ accepted }) => accepted)).toBe(true);
    expect(rounds.at(-1)!.trainers.map(({ ejected }) => ejected)).toEqual(Array(5).fill(false));
  });
});

describe('ten rounds with two adversaries among seven trainers and one among six validators', () => {
  test.each(long ? (['tiny', 'base'] as const) : (['tiny'] as const))(
    'on the preset %s end within two points of the honest run, with all honest stake untouched',
    async (preset) => {
      const ten = { preset, rounds: 10, trainers: 7, validators: 6, selector: 'probe', seed: 2 } as const;
      const honest = await simulate(ten);
      const cheated = await simulate({
        ...ten,
        adversary: ['grab', 'refused'],
        corrupt: 1,
        corruptVotes: 'against',
      });
      const [then, now] = [honest, cheated].map(({ rounds }) => rounds.at(-1)!) as [
        SimulatedRound,
        SimulatedRound,
      ];
      expect(cheated.kinds.filter((kind) => kind === 'grab' || kind === 'refused')).toHaveLength(2);
      expect(then.plain.accuracy - now.plain.accuracy).toBeLessThan(0.02);
      expect(cheated.rounds.every(({ accepted }) => accepted)).toBe(true);
      now.trainers.forEach(({ held, ejected, reward }, i) => {
        if (['grab', 'refused'].includes(cheated.kinds[i]!)) return;
        expect({ held, ejected }).toEqual({ held: 0n, ejected: false });
        expect(reward).toBeGreaterThan(0n);
      });
      expect(shares(cheated)[cheated.kinds.indexOf('grab')]!).toBeLessThan(0.04);
    },
  );
});

describe('weights', () => {
  test('of a world count in the sum and in what it is divided by', () => {
    expect([...sumOf([Int8Array.of(1, -2), Int8Array.of(10, 20)], 2, [3, 1])]).toEqual([13, 14]);
    expect([...sumOf([Int8Array.of(1, -2), Int8Array.of(10, 20)], 2)]).toEqual([11, 18]);
  });
  test('that are all alike change nothing; those that differ do', async () => {
    const worldOf = (weights: readonly number[]) => async (options: Parameters<typeof digitsWorld>[0]) => ({
      ...(await digitsWorld(options)),
      weights,
    });
    const digestOf = async (weights: readonly number[]) =>
      (await simulate({ preset: 'tiny', rounds: 2, seed: 11 }, { worldOf: worldOf(weights) })).digest;
    const plain = await digestOf([1, 1, 1, 1, 1]);
    // Twice the sum by twice the weight is the same model, bit for bit.
    expect(await digestOf([2, 2, 2, 2, 2])).toBe(plain);
    expect(await digestOf([4, 1, 1, 1, 1])).not.toBe(plain);
  });
});
