// What a site fits to the federation's model: that it finds what is there, and that its gains are of rows set aside.
import { beforeAll, describe, expect, it } from 'vitest';
import { fitAdaptation } from '../../../../node/learn/adapt/adapt.ts';
import { classProbabilities } from '../../../../node/learn/adapt/adaptation.ts';
import { chanceOf, fitLogistic, linearLogit, logLossOf } from '../../../../node/learn/adapt/logistic.ts';
import { firstNearBest, fitTuned, foldsOf } from '../../../../node/learn/adapt/tuned.ts';
import {
  adapt,
  type Dataset,
  type ModelSpec,
  Network,
  seeded,
  startBackend,
} from '../../../../node/learn/index.ts';

const width = 3;
const truth = [1.5, -1, 0.5];

/** Rows whose logit is `truth . x + bias`; with `truth` of zeros the inputs say nothing. */
function rows(count: number, { bias = 0, weights = truth, seed = 1, inputs: w = width } = {}): Dataset {
  const random = seeded(seed, 'rows');
  const inputs = Float32Array.from({ length: count * w }, () => random.normal());
  const labels = Uint16Array.from({ length: count }, (_, i) =>
    random.uniform() < chanceOf(linearLogit([...weights, bias], inputs, i)) ? 1 : 0,
  );
  return { count, shape: [w], inputs, labels, classes: 2 };
}

const all = (count: number) => Array.from({ length: count }, (_, i) => i);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const lossOf = (logits: readonly number[], { labels }: Dataset) =>
  mean(logits.map((logit, i) => logLossOf(logit, labels[i]!)));

const binary: ModelSpec = {
  input: [width],
  layers: [{ type: 'dense', units: 1, activation: 'linear' }],
  loss: 'binary',
};
const categorical: ModelSpec = {
  input: [width],
  layers: [{ type: 'dense', units: 2, activation: 'linear' }],
  loss: 'categorical',
};

beforeAll(() => startBackend('cpu'));

/** With a network of this form, gone afterwards. */
function using<T>(spec: ModelSpec, use: (network: Network) => T): T {
  const network = new Network(spec);
  try {
    return use(network);
  } finally {
    network.dispose();
  }
}

describe('logistic regression', () => {
  it('ends where the penalised loss has no slope', () => {
    const data = rows(200, { bias: 0.7 });
    const weights = fitLogistic({ ...data, width }, all(200), { weights: 2, bias: 0.25 });
    for (let j = 0; j <= width; j++) {
      const slope = all(200).reduce((sum, row) => {
        const x = j < width ? data.inputs[row * width + j]! : 1;
        return sum + (chanceOf(linearLogit(weights, data.inputs, row)) - data.labels[row]!) * x;
      }, 0);
      expect(slope + (j < width ? 2 : 0.25) * weights[j]!).toBeCloseTo(0, 4);
    }
  });
  it('stays finite where a weak penalty meets rows that one input parts', () => {
    const inputs = Float32Array.from({ length: 40 }, (_, i) => i - 19.5);
    const labels = Uint16Array.from(inputs, (x) => (x > 0 ? 1 : 0));
    const weights = fitLogistic({ inputs, width: 1, labels }, all(40), { weights: 1e-3, bias: 1e-6 });
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights[0]).toBeGreaterThan(0);
  });
  it('shrinks to the share of the class where its inputs say nothing', () => {
    const data = rows(120, { weights: Array(30).fill(0), inputs: 30 });
    const weights = fitTuned({ ...data, width: 30 }, all(120), 'tuned');
    expect(Math.max(...weights.subarray(0, 30).map(Math.abs))).toBeLessThan(0.2);
  });
  it('deals every class evenly, and the same at each call', () => {
    const labels = Uint16Array.from({ length: 50 }, (_, i) => (i < 10 ? 1 : 0));
    const folds = foldsOf(labels, 'x');
    expect(folds).toEqual(foldsOf(labels, 'x'));
    expect(folds).not.toEqual(foldsOf(labels, 'y'));
    for (let k = 0; k < 5; k++) {
      expect(all(50).filter((i) => folds[i] === k && labels[i] === 1)).toHaveLength(2);
      expect(all(50).filter((i) => folds[i] === k)).toHaveLength(10);
    }
  });
  it('of choices that cannot be told apart takes the first', () => {
    expect(
      firstNearBest(
        [
          [1, 0, 1, 0],
          [0.9, 0.1, 1, 0],
        ],
        1,
      ),
    ).toBe(0);
    expect(
      firstNearBest(
        [
          [1, 1, 1, 1.1],
          [0, 0, 0, 0.1],
        ],
        1,
      ),
    ).toBe(1);
  });
});

describe('an adaptation', () => {
  it('finds the bias of a site, and its gain is beyond doubt', () => {
    const data = rows(400, { bias: 2 });
    using(binary, (network) => {
      const found = adapt(network, Float32Array.from([...truth, 0]), { data, blend: false, seed: 1 });
      expect(found.adaptation.bias).toBeGreaterThan(1.5);
      expect(found.adaptation.bias).toBeLessThan(2.5);
      expect(found.gain.logLoss.interval[1]).toBeLessThan(0);
      expect(Math.abs(found.quality.bias.shift.value)).toBeLessThan(0.02);
      expect(found.quality.before.shift.value).toBeLessThan(-0.1);
      expect(found.adaptation).not.toHaveProperty('own');
      expect(found.quality).not.toHaveProperty('blend');
    });
  });

  it('is the same for a model of two logits as for one of one', () => {
    const data = rows(60, { bias: 1 });
    const one = using(binary, (n) =>
      adapt(n, Float32Array.from([...truth, 0]), { data, blend: false, seed: 1 }),
    );
    // Both logits carry half of it; what is common to both says nothing.
    const halves = truth.flatMap((w) => [3 - w / 2, 3 + w / 2]);
    const two = using(categorical, (n) =>
      adapt(n, Float32Array.from([...halves, 0, 0]), { data, blend: false, seed: 1 }),
    );
    expect(two.adaptation.bias).toBeCloseTo(one.adaptation.bias, 4);
  });

  it('judges every row by what was fitted without it', () => {
    // Forty inputs for sixty rows: what is fitted knows its own rows far better than others.
    const data = rows(60, { weights: [2, -2, ...Array(38).fill(0)], inputs: 40 });
    const nothing = { data, logits: new Float64Array(60) };
    const { judged, adaptation } = fitAdaptation(nothing, { blend: true, seed: 1 });
    const known = all(60).map((i) => linearLogit(adaptation.own!.weights, data.inputs, i));
    expect(lossOf(judged.own!, data)).toBeGreaterThan(lossOf(known, data) + 0.1);
    const others = rows(2000, { weights: [2, -2, ...Array(38).fill(0)], inputs: 40, seed: 2 });
    const fresh = all(2000).map((i) => linearLogit(adaptation.own!.weights, others.inputs, i));
    expect(Math.abs(lossOf(judged.own!, data) - lossOf(fresh, others))).toBeLessThan(0.15);
    expect(adaptation.own!.weights).toHaveLength(41);
  });

  it('takes half of its own model, and another share where rows that nobody trained on say so', () => {
    const [data, aside] = [rows(300), rows(300, { seed: 2 })];
    const logitsOf = (of: Dataset, times: number) =>
      Float64Array.from(all(300), (i) => times * linearLogit([...truth, 0], of.inputs, i));
    const shareFor = (times: number, fresh: boolean) => {
      const scored = (of: Dataset) => ({ data: of, logits: logitsOf(of, times) });
      const found = fitAdaptation(scored(data), {
        blend: true,
        seed: 1,
        aside: fresh ? scored(aside) : undefined,
      });
      return found.adaptation.own!.share;
    };
    // The federation's model says the opposite of what is so.
    expect(shareFor(-3, true)).toBe(1);
    expect(shareFor(-3, false)).toBe(0.5);
    // It says all there is, and what it needs no help with is told on fresh rows alone.
    expect(shareFor(1, true)).toBe(0);
    expect(shareFor(1, false)).toBe(0.5);
  });

  it('is judged on the rows that are set aside, where there are any', () => {
    const [data, aside] = [rows(100), rows(50, { bias: 3, seed: 2 })];
    using(binary, (network) => {
      const model = Float32Array.from([...truth, 0]);
      const found = adapt(network, model, { data, aside, blend: true, seed: 1 });
      expect(found.judgedOn).toBe(50);
      // Their class is far more frequent than in the rows that the bias was fitted to.
      expect(found.quality.bias.shift.value).toBeLessThan(-0.15);
    });
  });

  it('is what the model then predicts', () => {
    const data = rows(20);
    using(binary, (network) => {
      const model = Float32Array.from([...truth, 0.25]);
      const own = { share: 0.25, weights: [0, 1, 0, -1] };
      const found = classProbabilities(network, model, { data, adaptation: { bias: 2, own } });
      for (const i of all(20)) {
        const federated = linearLogit([...truth, 2.25], data.inputs, i);
        const logit = 0.75 * federated + 0.25 * (data.inputs[i * width + 1]! - 1);
        expect(found[2 * i + 1]).toBeCloseTo(chanceOf(logit), 5);
        expect(found[2 * i]! + found[2 * i + 1]!).toBeCloseTo(1, 12);
      }
      const short = { bias: 0, own: { share: 0.5, weights: [1, 2] } };
      expect(() => classProbabilities(network, model, { data, adaptation: short })).toThrow(
        /own model has 2 weights, but 3 inputs and a bias are 4/,
      );
    });
  });

  it('is refused by name', () => {
    const fitTo =
      (data: Dataset, blend = false) =>
      () =>
        fitAdaptation({ data, logits: new Float64Array(data.count) }, { blend, seed: 1 });
    expect(fitTo(rows(19))).toThrow(/there are 19 rows, but a bias is fitted to 20 at least/);
    const one = { ...rows(30), labels: new Uint16Array(30).fill(1, 0, 1) };
    expect(fitTo(one)).toThrow(/the classes have 29 and 1 rows, but each needs 2 at least/);
    expect(fitTo(rows(30, { weights: Array(513).fill(0), inputs: 513 }), true)).toThrow(
      /a row has 513 inputs, but a model of one's own here has 512 at most/,
    );
    const three = { ...rows(30), classes: 3 };
    const spec: ModelSpec = { ...categorical, layers: [{ type: 'dense', units: 3, activation: 'linear' }] };
    using(spec, (network) =>
      expect(() => adapt(network, network.initial(1), { data: three, blend: false, seed: 1 })).toThrow(
        /the model has 3 classes, but one bias on a logit is for two/,
      ),
    );
  });
});
