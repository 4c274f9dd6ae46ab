import { describe, expect, test } from 'vitest';
import { dealDigits } from '../../../node/demo/index.ts';
import { brightnesses } from '../../../node/learn/data/mnist.ts';
import { loadMnist, mirror, mirrorShare, partitionByLabel, shrink, take } from '../../../node/learn/index.ts';

describe('mnist', () => {
  test('is ten thousand real digits of ten classes', async () => {
    const data = await loadMnist();
    expect(data.count).toBe(10_000);
    expect(new Set(data.labels).size).toBe(10);
    expect(data.inputs.every((x) => x >= 0 && x <= 1)).toBe(true);
  });
  test('reads the numbers of its files as JSON does', () => {
    const read = (text: string) => brightnesses(Buffer.from(text));
    const good = '{ "data": [0,1,0.5,0.149,0.999999999999999,1.0,0.000000000000001,0.1] }\n';
    expect([...read(good)!]).toEqual([...Float32Array.from(JSON.parse(good).data)]);
    expect([...read('{"data":[0.016]}')!]).toEqual([Math.fround(0.016)]);
    expect(read('{ "data": [] }')).toHaveLength(0);
  });
  test.each([
    '',
    '[0,1]',
    '{ "data": [0,1]',
    '{ "data": [0,1], "more": 1 }',
    '{ "date": [0] }',
    '{ "data": [0,] }',
    '{ "data": [,0] }',
    '{ "data": [0,,0] }',
    '{ "data": [0 0] }',
    '{ "data": [00] }',
    '{ "data": [2] }',
    '{ "data": [1.01] }',
    '{ "data": [-0.1] }',
    '{ "data": [0.] }',
    '{ "data": [.5] }',
    '{ "data": [1e-1] }',
    '{ "data": [0.1e1] }',
    '{ "data": [0.1234567890123456] }',
    '{ "data": [null] }',
    '{ "data": ["0"] }',
    '{ "data": [[0]] }',
  ])('does not read %j', (text) => {
    expect(brightnesses(Buffer.from(text))).toBeUndefined();
  });
  test('mirrors rows, and mirrored twice is as before', async () => {
    const one = take(await loadMnist(), [1234]);
    const flipped = mirror(one);
    expect(flipped.inputs[5 * 28 + 3]).toBe(one.inputs[5 * 28 + 24]);
    expect(flipped.inputs).not.toEqual(one.inputs);
    expect(mirror(flipped).inputs).toEqual(one.inputs);
    const four = take(await loadMnist(), [0, 1, 2, 3]);
    const half = mirrorShare(four, 0.5).inputs;
    expect(half.subarray(0, 2 * 784)).toEqual(mirror(four).inputs.subarray(0, 2 * 784));
    expect(half.subarray(2 * 784)).toEqual(four.inputs.subarray(2 * 784));
  });
  test('shrinks by averaging', async () => {
    const one = take(await loadMnist(), [77]);
    const small = shrink(one, 7);
    const mean = (x: Float32Array) => x.reduce((a, b) => a + b, 0) / x.length;
    expect(small.shape).toEqual([49]);
    expect(mean(small.inputs)).toBeCloseTo(mean(one.inputs), 5);
  });
});

describe('dealing', () => {
  const plan = {
    seed: 5,
    trainers: ['plain', 'plain', 'mirrored'] as const,
    validators: 2,
    mirroredShare: 0.2,
    side: 7 as const,
  };
  test('is decided by the seed and gives disjoint digits', async () => {
    const a = await dealDigits(plan);
    expect(a).toEqual(await dealDigits(plan));
    expect((await dealDigits({ ...plan, seed: 6 })).test.labels).not.toEqual(a.test.labels);
    expect(a.trainers.map((t) => t.count)).toEqual([2333, 2333, 2333]);
    const rows = (d: { inputs: Float32Array }) =>
      Array.from({ length: d.inputs.length / 49 }, (_, i) => d.inputs.subarray(i * 49, i * 49 + 49).join());
    const train = new Set(rows(a.trainers[0]!).concat(rows(a.trainers[1]!)));
    const shared = rows(a.test).filter((row) => train.has(row));
    // Two different digits can look alike at 7 x 7; the same digit dealt twice would show 1,500 times.
    expect(shared.length).toBeLessThan(15);
  });
  test('by label, a trainer sees few classes', async () => {
    const parts = partitionByLabel(shrink(await loadMnist(), 7), 5, 1);
    expect(parts.map((p) => p.count)).toEqual([2000, 2000, 2000, 2000, 2000]);
    for (const part of parts) expect(new Set(part.labels).size).toBeLessThanOrEqual(5);
  });
});
