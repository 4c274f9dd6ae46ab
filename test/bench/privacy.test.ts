// The figures of docs/privacy.md: the attacks work where nothing protects, and what measures them is right.
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { PlainNetwork } from '../../bench/incentives/plain_network.ts';
import { byDivision, bySearch } from '../../bench/privacy/invert.ts';
import { GradientMatcher } from '../../bench/privacy/matching.ts';
import { detection, likelihoodRatios, membership } from '../../bench/privacy/membership.ts';
import { digitGrid } from '../../bench/privacy/picture.ts';
import { nameOf, partNames, runsOf, seeds } from '../../bench/privacy/plan.ts';
import { recoveryOf } from '../../bench/privacy/recovery.ts';
import { interval } from '../../bench/privacy/tables.ts';
import { playRound, type Sending, seenOf } from '../../bench/privacy/update.ts';
import { type AttackedWorld, openWorld, rowOf, type WorldName } from '../../bench/privacy/worlds.ts';
import { concat, Network, permutation, seeded, startBackend, take } from '../../node/learn/index.ts';

beforeAll(async () => {
  await startBackend('wasm');
});

/** A world, its model, and what is seen of one round. */
async function attacked(name: WorldName, members = 1) {
  const world = await openWorld(name, 3);
  const network = new PlainNetwork(world.task.model);
  const model = network.initial(3);
  const round = playRound(world, { network, model }, { local: 'one row', members, seed: 3 });
  const truth = Array.from({ length: round.truth.count }, (_, r) => rowOf(round.truth, r));
  const probe = network.gradient(model, world.known).gradient;
  const matcher = new GradientMatcher(network, model);
  const seen = (sending: Sending) => seenOf(world, round, { sending, probe, seed: 3 });
  return { world, round, truth, matcher, seen };
}
const open: Sending = { density: undefined, noise: false };
const divided = ({ world, matcher, seen, truth }: Awaited<ReturnType<typeof attacked>>, sending: Sending) =>
  recoveryOf(truth, byDivision(matcher, seen(sending), world.prior), world.measure);
const guessed = ({ truth, world }: { truth: Float32Array[]; world: AttackedWorld }) =>
  recoveryOf(truth, world.guesses, world.measure);

describe.each(['digits', 'clinics'] as const)('one row of %s in one open step', (name) => {
  it('is read by division, and is not by whoever guesses, nor under noise', async () => {
    const one = await attacked(name);
    expect(divided(one, open).share).toBe(1);
    expect(divided(one, open).error).toBeLessThan(1e-3);
    expect(guessed(one).share).toBe(0);
    const noisy = divided(one, { density: 1, noise: true });
    expect(noisy.share).toBe(0);
    expect(noisy.error).toBeGreaterThan(guessed(one).error / 2);
  });
  it('is found by search', async () => {
    const one = await attacked(name);
    const { labels } = one.round.truth;
    const search = { labels, iterations: 200, restarts: 2, rate: 0.03, seed: 'x' };
    const { rows, distance } = bySearch(
      one.matcher,
      { seen: one.seen(open), prior: one.world.prior },
      search,
    );
    const found = recoveryOf(one.truth, rows, one.world.measure);
    expect(distance).toBeLessThan(0.05);
    expect(found.error).toBeLessThan(guessed(one).error / 2);
  });
});

describe('what is seen of a round', () => {
  it('is the mean gradient of the rows that took part, and of a share of it nothing but that share', async () => {
    const { matcher, round, truth, seen } = await attacked('clinics', 2);
    const rows = Float64Array.from(truth.flatMap((row) => [...row]));
    const gradient = matcher.gradient({ rows, labels: round.truth.labels });
    for (const [i, x] of seen(open).gradient.entries()) expect(x).toBeCloseTo(gradient[i]!, 4);
    const { known, gradient: part } = seen({ density: 0.05, noise: false });
    expect(known.length).toBe(Math.floor(0.05 * gradient.length));
    expect(part.filter((x) => x !== 0).length).toBeLessThanOrEqual(known.length);
  });
});

describe('the matching of gradients', () => {
  it("has the network's gradient", async () => {
    const world = await openWorld('clinics', 1);
    const network = new Network(world.task.model);
    const model = network.initial(1);
    const data = concat([world.known]);
    const { gradient } = network.gradient(model, data);
    const own = new GradientMatcher(network, model).gradient({
      rows: Float64Array.from(data.inputs),
      labels: data.labels,
    });
    for (const [i, x] of own.entries()) expect(x).toBeCloseTo(gradient[i]!, 5);
    network.dispose();
  });
  it('has the slope that small steps of each number show', async () => {
    const { matcher, seen, round } = await attacked('clinics', 2);
    const { gradient, known } = seen({ density: 1, noise: false });
    const random = seeded(1, 'rows');
    const rows = Float64Array.from({ length: 2 * matcher.inputs }, () => random.normal());
    const { labels } = round.truth;
    const { slope } = matcher.match({ rows, labels }, gradient, known);
    const at = (j: number, by: number) => {
      const moved = rows.slice();
      moved[j]! += by;
      return matcher.match({ rows: moved, labels }, gradient, known).distance;
    };
    for (const [j, x] of slope.entries()) expect(x).toBeCloseTo((at(j, 1e-5) - at(j, -1e-5)) / 2e-5, 5);
  });
});

describe('the measure of recovery', () => {
  const measure = { units: Float64Array.of(2, 0, 1), within: 0.1, of: 'each' } as const;
  it('takes the nearest candidate in units, and leaves out what never differs', () => {
    const found = recoveryOf(
      [[0, 5, 0]],
      [
        [2, 9, 1],
        [4, 5, 4],
      ],
      measure,
    );
    expect(found).toEqual({ error: 1, share: 0, columns: [1, 0, 1] });
    expect(
      recoveryOf(
        [
          [0, 5, 0],
          [8, 5, 8],
        ],
        [[0.2, 9, 0.1]],
        measure,
      ).share,
    ).toBe(0.5);
    expect(recoveryOf([[0, 5, 0]], [[0.2, 9, 0.11]], measure).share).toBe(0);
  });
});

describe('the measure of membership', () => {
  it('is the area and the share found beside one false alarm in a hundred', () => {
    expect(detection([3, 2, 1, 0], [true, true, false, false])).toEqual({ auc: 1, found: 1 });
    expect(detection([0, 0, 0, 0], [true, true, false, false])).toEqual({ auc: 0.5, found: 0 });
    expect(detection([1, 3, 2, 0], [true, false, true, false])).toEqual({ auc: 0.5, found: 0 });
    // 200 others at 0 to 199: two may be passed by, so the barrier is the third highest.
    const others = Array.from({ length: 200 }, (_, i) => i);
    const isMember = [...others.map(() => false), true, true];
    expect(detection([...others, 197.5, 196.5], isMember).found).toBe(0.5);
  });
  it('tells by shadows what the loss alone does not: rows that are easy, taken part or not', () => {
    const shadows = [true, false, true, false].map((isIn) => ({
      isIn: [isIn, isIn],
      logits: [isIn ? 9 : 8, isIn ? 1 : 0],
    }));
    const [easyOut, hardIn] = likelihoodRatios([8, 1], shadows);
    expect(easyOut).toBeLessThan(0);
    expect(hardIn).toBeGreaterThan(0);
  });
  it('finds members of a model that learnt them by heart, and none by a model of other rows', async () => {
    const { task, known } = await openWorld('clinics', 1);
    const network = new PlainNetwork(task.model);
    const chosen = permutation(known.count, seeded(1, 'rows')).slice(0, 100);
    const heart = { ...task, training: { steps: 300, batch: 8, rate: 0.1 } };
    const rows = { members: 1, rounds: 10, shadows: 1, seed: 1, pool: take(known, chosen) };
    const { loss, blind, accuracy } = membership({ task: heart, network, ...rows });
    expect(accuracy[0]).toBeGreaterThan(accuracy[1]);
    expect(loss.auc).toBeGreaterThan(0.65);
    expect(Math.abs(blind.auc - 0.5)).toBeLessThan(0.2);
  });
});

test('an interval is that of Student, and one seed has none', () => {
  expect(interval([0.5], (x) => x.toFixed(2))).toBe('0.50');
  // Mean 2, deviation 1, 4.30 / sqrt(3) = 2.48 on either side.
  expect(interval([1, 2, 3], (x) => x.toFixed(2))).toBe('2.00 (-0.48 to 4.48)');
});

test('a picture is a PNG file with ink where the digit has it', () => {
  const digit = new Uint8Array(784);
  digit[0] = 255;
  const file = digitGrid([[undefined, digit]]);
  expect(file.toString('latin1', 1, 4)).toBe('PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  expect([width, height]).toEqual([2 * 90 + 6, 90 + 6]);
  const at = file.indexOf('IDAT');
  const raw = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
  expect(raw.length).toBe(height * (width + 1));
  const pixel = (x: number, y: number) => raw[y * (width + 1) + 1 + x];
  expect([pixel(96, 6), pixel(98, 8), pixel(99, 6), pixel(96, 9), pixel(6, 6)]).toEqual([
    0, 0, 255, 255, 255,
  ]);
});

test('a run has a name of its own', () => {
  const runs = partNames.flatMap((part) => runsOf(part, seeds.long));
  expect(new Set(runs.map(nameOf)).size).toBe(runs.length);
});
