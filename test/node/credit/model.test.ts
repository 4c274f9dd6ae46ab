// From a fitted model to integers and back: real loans, what rounding costs, and what is refused.
import { evaluateScore, scoreModelDigest } from '@murmuration/prover/score';
import { describe, expect, it } from 'vitest';
import { padded } from '../../../node/credit/features.ts';
import {
  CreditError,
  checkRounding,
  compare,
  discrimination,
  type FloatLayer,
  floatLayers,
  floatLogit,
  logitOf,
  natsOf,
  plainLadder,
  quantise,
  readCreditModel,
  reasonsOf,
  shapeFor,
  writeCreditModel,
} from '../../../node/credit/index.ts';
import { chanceOf, encodeExamined, linearLogit, taskDescription } from '../../../node/learn/index.ts';
import { description, loans, schema, scoredRows, statisticsOf, trained } from './lenders.ts';

const cars = loans('cars');
const score = trained(cars);
const layers = floatLayers(score, { schema, bad: 1 });
const quantised = quantise(layers, { schema, ladder: plainLadder });
const rows = scoredRows(loans('goods'));
const origin = {
  chainId: 31337,
  marketplace: `0x${'a'.repeat(40)}`,
  task: '1',
  model: `0x${'0'.repeat(64)}`,
  rounds: 10,
};
const write = () =>
  writeCreditModel({ quantised, schema, name: 'loans', origin, bad: '0', ladder: [...plainLadder] });

describe('the layers of a task’s model', () => {
  it('give the logit of the model itself, the scaling being folded in', () => {
    const inputs = encodeExamined(cars, score.statistics).inputs;
    const { features } = scoredRows(cars);
    for (let row = 0; row < 50; row++)
      expect(floatLogit(layers, features[row]!)).toBeCloseTo(linearLogit(score.parameters, inputs, row), 4);
    const good = floatLayers(score, { schema, bad: 0 });
    expect(floatLogit(good, features[0]!)).toBeCloseTo(-floatLogit(layers, features[0]!), 9);
  });

  it('of two outputs are their difference', () => {
    const categorical = taskDescription.parse({
      ...description,
      model: {
        input: [64],
        layers: [{ type: 'dense', units: 2, activation: 'linear' }],
        loss: 'categorical',
      },
    });
    const parameters = Float32Array.from({ length: 130 }, (_, i) => ((i * 37) % 11) / 10 - 0.5);
    const [layer] = floatLayers(
      { description: categorical, statistics: statisticsOf(cars), parameters },
      { schema, bad: 1 },
    );
    // Row j of the kernel is 2 j and 2 j + 1; of a category's column nothing is folded in.
    expect(layer!.weights[0]![2]).toBeCloseTo(parameters[5]! - parameters[4]!, 6);
  });

  it.each([
    [
      'convolutions',
      {
        input: [8, 8, 1],
        layers: [
          { type: 'conv2d', filters: 1, kernel: 3, activation: 'relu' },
          { type: 'flatten' },
          { type: 'dense', units: 1, activation: 'linear' },
        ],
        loss: 'binary',
      },
      /layer 0 is conv2d/,
    ],
    [
      'tanh',
      {
        input: [24],
        layers: [
          { type: 'dense', units: 4, activation: 'tanh' },
          { type: 'dense', units: 1, activation: 'linear' },
        ],
        loss: 'binary',
      },
      /relu between/,
    ],
    [
      '65 inputs',
      { input: [65], layers: [{ type: 'dense', units: 1, activation: 'linear' }], loss: 'binary' },
      /widths are 65, 1/,
    ],
  ])('of %s are refused', (_, model, message) => {
    expect(() => shapeFor({ ...description, model } as typeof description)).toThrow(message);
  });

  it('find their shape', () => {
    expect(shapeFor(description)).toBe('logistic');
    const model = {
      input: [20],
      layers: [
        { type: 'dense', units: 30, activation: 'relu' },
        { type: 'dense', units: 16, activation: 'relu' },
        { type: 'dense', units: 1, activation: 'linear' },
      ],
      loss: 'binary',
    };
    expect(shapeFor({ ...description, model } as typeof description)).toBe('network');
  });
});

describe('integers', () => {
  it('judge real loans as the model does: AUC, Gini and KS within their bounds', () => {
    const found = compare(layers, quantised, { schema, rows });
    checkRounding(found);
    expect(found.rows).toBe(473);
    expect(found.fixed.auc).toBeGreaterThan(0.65);
    expect(found.logit).toBeLessThan(0.01);
    expect(found.brackets.reduce((sum, one) => sum + one.rows, 0)).toBe(473);
    // Later brackets default more often.
    const rate = (from: number, to: number) => {
      const part = found.brackets.slice(from, to);
      return part.reduce((sum, one) => sum + one.defaults, 0) / part.reduce((sum, one) => sum + one.rows, 0);
    };
    expect(rate(6, 10)).toBeGreaterThan(rate(0, 4) * 2);
  });

  it('put a chance of default into its step of the ladder', () => {
    const { model, logitBits } = quantised;
    for (const features of rows.features) {
      const { logit, bracket } = evaluateScore(
        model,
        padded(
          schema,
          features.map((value) => Math.round(value * 2 ** 14)),
        ),
      );
      const chance = chanceOf(natsOf(logit, logitBits));
      expect(plainLadder.filter((step) => chance >= step).length).toBe(bracket);
    }
  });

  it('are refused where they are too far: one large weight makes the others coarse', () => {
    const [layer] = layers;
    const coarse: FloatLayer = { ...layer!, weights: [layer!.weights[0]!.with(5, 20_000)] };
    const found = compare(layers, quantise([coarse], { schema, ladder: plainLadder }), { schema, rows });
    expect(() => checkRounding(found)).toThrow(expect.objectContaining({ code: 'model' }));
    expect(() =>
      quantise([{ ...layer!, weights: [layer!.weights[0]!.with(5, 40_000)] }], {
        schema,
        ladder: plainLadder,
      }),
    ).toThrow(/below 2\^15/);
  });

  it.each([
    [[0.1, 0.2], /nine chances/],
    [[...plainLadder.slice(0, 8), 1], /nine chances/],
    [[...plainLadder.slice(0, 8), 0.5], /rising/],
  ])('of the ladder %j are refused', (ladder, message) => {
    expect(() => quantise(layers, { schema, ladder })).toThrow(message);
  });
});

describe('the file', () => {
  it('comes back, with the digest of its numbers', async () => {
    const { text, digest } = await write();
    const { file, model } = await readCreditModel(JSON.parse(text), schema);
    expect(file.digest).toBe(digest);
    expect(model).toEqual(quantised.model);
    expect(await scoreModelDigest(model)).toBe(digest);
    expect(await write()).toEqual({ text, digest });
  });

  it('with one weight changed is refused, and so is a model of another schema', async () => {
    const file = JSON.parse((await write()).text);
    file.layers[0].weights[0][0] += 1;
    await expect(readCreditModel(file, schema)).rejects.toMatchObject({
      code: 'file',
      message: expect.stringContaining('altered'),
    });
    const other = { ...schema, name: 'another' };
    await expect(readCreditModel(JSON.parse((await write()).text), other)).rejects.toMatchObject({
      code: 'schema',
    });
    await expect(readCreditModel({ ...file, more: 1 }, schema)).rejects.toBeInstanceOf(CreditError);
  });
});

describe('figures', () => {
  it('are those of scores that are counted by hand', () => {
    // Defaults at 1, 3, 3; others at 0, 1, 2: of nine pairs 1.5 + 3 + 3 are right.
    const found = discrimination([1, 3, 3, 0, 1, 2], [true, true, true, false, false, false]);
    expect(found.auc).toBeCloseTo(7.5 / 9, 12);
    expect(found.gini).toBeCloseTo(15 / 9 - 1, 12);
    expect(found.ks).toBeCloseTo(2 / 3, 12);
    expect(() => discrimination([1, 2], [true, true])).toThrow(/both outcomes/);
  });
});

describe('reasons', () => {
  it('are the columns that cost most, and what would change the bracket does', async () => {
    const { text } = await write();
    const model = await readCreditModel(JSON.parse(text), schema);
    const row = rows.features.findIndex((features) => chanceOf(floatLogit(layers, features)) > 0.5);
    const features = padded(
      schema,
      rows.features[row]!.map((value) => Math.round(value * 2 ** 14)),
    );
    const reasons = reasonsOf({ schema, score: model, features });
    expect(reasons).toHaveLength(schema.columns.length);
    expect(reasons.map(({ cost }) => cost)).toEqual(reasons.map(({ cost }) => cost).sort((a, b) => b - a));
    expect(reasons.at(-1)!.cost).toBeGreaterThanOrEqual(0);
    const own = evaluateScore(model.model, features).bracket;
    const changes = reasons.filter(({ change }) => change);
    expect(changes.length).toBeGreaterThan(0);
    for (const { change } of changes) expect(change!.bracket).toBeLessThan(own);
    expect(logitOf(0.5)).toBe(0);
  });
});
