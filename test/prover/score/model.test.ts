// Scoring models: what is refused, what is evaluated, and what a digest covers.
import { scoreInstance } from '@murmuration/circuits';
import { fieldOrder } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import {
  checkScoreModel,
  evaluateScore,
  issuerPath,
  issuersRoot,
  layersOf,
  recordDigest,
  type ScoreModel,
  scoreDomain,
  scoreModelDigest,
} from '../../../prover/score/index.ts';
import { issuersOf, randomFeatures, randomModel, recordOf, withBracket } from '../support/score.ts';

const shape = { shape: 'small', widths: [3, 4, 2, 1], domains: { model: 11n, record: 12n } };
const plain = randomModel('model', shape, 5n);
const features = randomFeatures('model', plain);
const model = withBracket(plain, features, 3);

describe('layers', () => {
  it('of the network grow from 36 to 57 to 77 bits, and share elements by six and by four', () => {
    const layers = layersOf(scoreInstance('network'));
    expect(layers.map(({ sumBits }) => sumBits)).toEqual([36, 57, 77]);
    expect(layers.slice(0, 2).map(({ perElement }) => perElement)).toEqual([6, 4]);
    expect(layersOf(scoreInstance('logistic')).map(({ sumBits }) => sumBits)).toEqual([37]);
  });
});

describe('evaluation', () => {
  it('is exact where doubles are not', () => {
    const [a, b] = [2 ** 15 - 1, -(2 ** 15) + 1];
    const wide: ScoreModel = {
      ...model,
      shape: { ...shape, widths: [2, 1] },
      layers: [{ weights: [[a, b]], biases: [2n ** 31n - 1n] }],
      lower: [-32768, -32768],
      upper: [32767, 32767],
    };
    expect(evaluateScore(wide, [32767, -32768]).logit).toBe(
      32767n * 32767n + 32767n * 32768n + 2n ** 31n - 1n,
    );
  });

  it('passes on what is positive of each layer but the last, and counts the thresholds that are reached', () => {
    const deep: ScoreModel = {
      ...model,
      shape: { ...shape, widths: [2, 3, 1] },
      layers: [
        {
          weights: [
            [1, 0],
            [-1, 0],
            [0, 1],
          ],
          biases: [0n, 0n, 1n],
        },
        { weights: [[3, 5, 1000]], biases: [-100n] },
      ],
      lower: [-10, -10],
      upper: [10, 10],
      thresholds: [-80n, -79n, -78n, -65n],
    };
    expect(evaluateScore(deep, [7, -1])).toEqual({ logit: -79n, bracket: 2 });
    expect(evaluateScore(deep, [-7, -2])).toEqual({ logit: -65n, bracket: 4 });
    expect(evaluateScore(deep, [0, -9])).toEqual({ logit: -100n, bracket: 0 });
    expect(evaluateScore(deep, [0, 0])).toEqual({ logit: 900n, bracket: 4 });
  });

  it('puts features into the bracket whose thresholds they reach', () => {
    for (let bracket = 0; bracket <= 9; bracket++)
      expect(evaluateScore(withBracket(plain, features, bracket), features).bracket).toBe(bracket);
  });

  it('refuses a feature outside its bounds, and another number of them', () => {
    const low = features.with(1, model.lower[1]! - 1);
    expect(() => evaluateScore(model, low)).toThrow(
      /features\[1\] is -\d+, but the model takes integers from/,
    );
    expect(() => evaluateScore(model, features.slice(1))).toThrow(
      /features has 2 entries, but this shape has 3/,
    );
  });
});

describe('the digest', () => {
  it('changes with every number of the model', async () => {
    const digest = await scoreModelDigest(model);
    const [first, ...rest] = model.layers;
    const row = first!.weights[0]!;
    const changed: ScoreModel[] = [
      { ...model, schema: 6n },
      { ...model, thresholds: model.thresholds.with(8, model.thresholds[8]! + 1n) },
      { ...model, lower: model.lower.with(0, model.lower[0]! - (model.lower[0]! > -32768 ? 1 : -1)) },
      { ...model, upper: model.upper.with(2, model.upper[2]! + (model.upper[2]! < 32767 ? 1 : -1)) },
      {
        ...model,
        layers: [
          { ...first!, weights: [row.with(2, row[2]! === 0 ? 1 : 0), ...first!.weights.slice(1)] },
          ...rest,
        ],
      },
      { ...model, layers: [{ ...first!, biases: first!.biases.with(3, 0n) }, ...rest] },
      { ...model, shape: { ...shape, domains: { ...shape.domains, model: 13n } } },
    ];
    const digests = await Promise.all(changed.map(scoreModelDigest));
    expect(new Set([digest, ...digests]).size).toBe(changed.length + 1);
  });

  const layer = model.layers[0]!;
  const withLayer = (change: Partial<typeof layer>): ScoreModel => ({
    ...model,
    layers: [{ ...layer, ...change }, ...model.layers.slice(1)],
  });
  it.each<[string, ScoreModel, RegExp]>([
    [
      'a weight of 2^15',
      withLayer({ weights: [[32768, 0, 0], ...layer.weights.slice(1)] }),
      /weights\[0\]\[0\] is 32768/,
    ],
    [
      'a weight that is no integer',
      withLayer({ weights: [[0.5, 0, 0], ...layer.weights.slice(1)] }),
      /is 0.5/,
    ],
    [
      'a bias beyond half the sums',
      withLayer({ biases: layer.biases.with(0, 2n ** 33n + 1n) }),
      /biases\[0\] is/,
    ],
    ['an output too few', withLayer({ weights: layer.weights.slice(1) }), /weights has 3 entries/],
    ['bounds the wrong way round', { ...model, lower: [1, 0, 0], upper: [0, 0, 0] }, /upper\[0\] is 0/],
    [
      'equal thresholds',
      { ...model, thresholds: model.thresholds.with(1, model.thresholds[0]!) },
      /it is above thresholds\[0\]/,
    ],
    ['eight thresholds', { ...model, thresholds: model.thresholds.slice(1) }, /thresholds has 8 entries/],
    ['a schema of 249 bits', { ...model, schema: 2n ** 248n }, /in \[0, 2\^248\)/],
  ])('is refused for %s', async (_, bad, message) => {
    await expect(scoreModelDigest(bad)).rejects.toMatchObject({
      code: 'argument',
      message: expect.stringMatching(message),
    });
  });
});

describe('the bounds of a model', () => {
  const layer = model.layers[0]!;
  const { sumBits } = layersOf(shape)[0]!;
  const [bias, threshold] = [2n ** BigInt(sumBits - 1), 2n ** BigInt(layersOf(shape).at(-1)!.sumBits)];
  const first = (change: Partial<typeof layer>) => ({
    layers: [{ ...layer, ...change }, ...model.layers.slice(1)],
  });
  const weights = (weight: number) => first({ weights: layer.weights.with(0, [weight, 0, 0]) });
  const biases = (value: bigint) => first({ biases: layer.biases.with(0, value) });

  it.each<[string, Partial<ScoreModel>]>([
    ['weights', weights(2 ** 15 - 1)],
    ['weights', weights(-(2 ** 15) + 1)],
    ['biases', biases(bias)],
    ['biases', biases(-bias)],
    ['features', { lower: [-32768, 32767, 5], upper: [32767, 32767, 5] }],
    ['thresholds', { thresholds: model.thresholds.with(8, threshold).with(0, -threshold) }],
    ['schema', { schema: 2n ** 248n - 1n }],
    ['schema', { schema: 0n }],
  ])('are its own: %s reach them', (_, change) => {
    expect(() => checkScoreModel({ ...model, ...change })).not.toThrow();
  });

  it.each<[string, Partial<ScoreModel>, RegExp]>([
    ['weights', weights(-(2 ** 15)), /weights\[0\]\[0\] is -32768/],
    ['rows', first({ weights: layer.weights.with(1, [0, 0]) }), /weights\[1\] has 2 entries/],
    ['biases', biases(-bias - 1n), /biases\[0\] is/],
    ['biases', first({ biases: layer.biases.slice(1) }), /biases has 3 entries/],
    ['layers', { layers: model.layers.slice(1) }, /layers has \d+ entries/],
    ['lower bounds', { lower: [-32769, 0, 0] }, /lower\[0\] is -32769/],
    ['lower bounds', { lower: [0, 32768, 0] }, /lower\[1\] is 32768/],
    ['lower bounds', { lower: [0, 0] }, /lower has 2 entries/],
    ['upper bounds', { upper: [32767, 32767, 32768] }, /upper\[2\] is 32768/],
    ['upper bounds', { upper: [1, 1] }, /upper has 2 entries/],
    ['thresholds', { thresholds: model.thresholds.with(8, threshold + 1n) }, /thresholds\[8\] is/],
    ['thresholds', { thresholds: model.thresholds.with(0, -threshold - 1n) }, /thresholds\[0\] is/],
    ['thresholds', { thresholds: model.thresholds.with(8, 0.5 as never) }, /thresholds\[8\] is 0.5/],
    ['schema', { schema: -1n }, /schema is -1/],
    ['schema', { schema: 1 as never }, /schema is 1,/],
  ])('end there: %s beyond them are refused', (_, change, message) => {
    expect(() => checkScoreModel({ ...model, ...change })).toThrow(message);
  });

  it('hold features at both ends, and none that is no integer', () => {
    const ends = { ...model, lower: [-3, -3, -3], upper: [3, 3, 3] };
    expect(() => evaluateScore(ends, [-3, 3, 0])).not.toThrow();
    for (const value of [-4, 4, 0.5])
      expect(() => evaluateScore(ends, [0, 0, value])).toThrow(/features\[2\] is .* from -3 to 3/);
  });
});

describe('records', () => {
  it('have another digest for every member', async () => {
    const record = recordOf('digest', { schema: 5n, features });
    const others = [
      { ...record, schema: 6n },
      { ...record, subject: record.subject + 1n },
      { ...record, holder: record.holder + 1n },
      { ...record, serial: record.serial + 1n },
      { ...record, issuedAt: record.issuedAt + 1n },
      { ...record, expiresAt: record.expiresAt + 1n },
      { ...record, features: features.with(0, features[0]! + 1) },
    ];
    const digests = await Promise.all([record, ...others].map((one) => recordDigest(shape, one)));
    expect(new Set(digests).size).toBe(others.length + 1);
  });

  it.each([
    ['subject', { subject: 2n ** 160n }, /has at most 160 bits/],
    ['serial', { serial: 2n ** 248n }, /has at most 248 bits/],
    ['expiresAt', { expiresAt: 2n ** 64n }, /has at most 64 bits/],
    ['features', { features: [0, 0, 32768] }, /but a lane of 16 bits/],
    ['features', { features: [0, 0, -32769] }, /but a lane of 16 bits/],
    ['features', { features: [0, 0] }, /features has 2 entries, but this shape has 3/],
    ['schema', { schema: 2n ** 248n }, /schema is/],
    ['holder', { holder: fieldOrder }, /holder/],
    ['subject', { subject: -1n }, /subject is -1/],
    ['issuedAt', { issuedAt: 2n ** 64n }, /issuedAt is/],
    ['issuedAt', { issuedAt: 5 as never }, /issuedAt is 5/],
  ])('with a %s out of range are refused', async (_, change, message) => {
    const record = recordOf('range', { schema: 5n, features, ...change });
    await expect((async () => recordDigest(shape, record))()).rejects.toThrow(message);
  });
});

it('records reach the ends of their ranges', async () => {
  const most = {
    ...{ subject: 2n ** 160n - 1n, holder: fieldOrder - 1n, serial: 2n ** 248n - 1n },
    ...{ issuedAt: 2n ** 64n - 1n, expiresAt: 2n ** 64n - 1n, features: [-32768, 32767, 0] },
  };
  const least = { subject: 0n, holder: 0n, serial: 0n, issuedAt: 0n, expiresAt: 0n };
  for (const change of [most, least])
    expect(
      await recordDigest(shape, { ...recordOf('ends', { schema: 5n, features }), ...change }),
    ).toBeTypeOf('bigint');
});

describe('issuers', () => {
  const keys = issuersOf('set', 3).map(({ publicKey }) => publicKey);

  it('keep their places: another order, one more or one less is another root', () => {
    const [a, b, c] = keys;
    const sets = [keys, [b, a, c], [a, b], [a, b, undefined, c], [], [undefined, a, b, c]];
    expect(new Set(sets.map((set) => issuersRoot(set))).size).toBe(sets.length);
    expect(issuersRoot([a, b, undefined])).toBe(issuersRoot([a, b]));
  });

  it('are 256 at most, and a path starts at one', () => {
    expect(() => issuersRoot(new Array(257).fill(keys[0]))).toThrow(/there are 257 issuers/);
    expect(() => issuerPath([keys[0], undefined], 1)).toThrow(/place 1 has no issuer/);
  });
});

describe('the domain', () => {
  it('is another one for another chain or contract, below 2^248', () => {
    const [one, two] = [`0x${'c'.repeat(40)}`, `0x${'d'.repeat(40)}`];
    const domains = [scoreDomain(31337n, one), scoreDomain(1n, one), scoreDomain(31337n, two)];
    expect(new Set(domains).size).toBe(3);
    for (const domain of domains) expect(domain).toBeLessThan(2n ** 248n);
    expect(() => scoreDomain(1n, '0x12')).toThrow(/40 hexadecimal digits/);
  });
});
