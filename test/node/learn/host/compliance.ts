// What every host of a model promises, whatever computes there: one suite for all of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeError } from '../../../../node/errors.ts';
import {
  type Dataset,
  type HostedRows,
  initialModel,
  type LayeredModel,
  type ModelHost,
  modelLayout,
  type RoundSteps,
  seeded,
  takeRows,
} from '../../../../node/learn/index.ts';

/** Its model: two classes of twelve numbers. */
export const spec: LayeredModel = {
  input: [12],
  layers: [
    { type: 'dense', units: 64, activation: 'relu' },
    { type: 'dense', units: 2, activation: 'linear' },
  ],
  loss: 'categorical',
};
const layout = modelLayout(spec);

/** Rows whose class is which half is larger; mirrored, it is the other one. */
export function halves(count: number, seed: number, mirrored = false): Dataset {
  const random = seeded(seed, 'halves');
  const labels = Uint16Array.from({ length: count }, () => random.below(2));
  const inputs = Float32Array.from({ length: count * 12 }, (_, i) => {
    const first = i % 12 < 6;
    return random.uniform() + (first === ((labels[Math.floor(i / 12)] === 1) !== mirrored) ? 0.7 : 0);
  });
  return { count, shape: [12], inputs, labels, classes: 2 };
}

export const steps: RoundSteps = { steps: 40, batch: 16, rate: 0.2, seed: 'party', round: 3 };
/** More than any test waits for. */
export const endless: RoundSteps = { ...steps, steps: 1_000_000_000, rate: 1e-9 };

const moved = (model: Float32Array, change: Float32Array) => model.map((x, i) => x + change[i]!);

/** @param start opens a host of `spec`. */
export function promisesOfAHost(
  name: string,
  start: (of: LayeredModel) => ModelHost | Promise<ModelHost>,
): void {
  describe(`${name}, as a host of a model`, () => {
    const model = initialModel(layout, 1);
    let host: ModelHost;
    let rows: HostedRows;
    beforeAll(async () => {
      host = await start(spec);
      rows = await host.take(halves(300, 1));
    });
    afterAll(() => host.close());

    it('describes how the parameters lie', async () => {
      expect(await host.describe()).toEqual(layout);
    });

    it('trains, the same way for the same seed and round, and another way for others', async () => {
      const change = await rows.train(model, steps);
      expect(change).toHaveLength(layout.size);
      expect(await rows.train(model, steps)).toEqual(change);
      expect(await rows.train(model, { ...steps, round: 4 })).not.toEqual(change);
      expect(await rows.train(model, { ...steps, seed: 'other' })).not.toEqual(change);
    });

    it('finds a model that is better on other rows', async () => {
      const test = await host.take(halves(300, 2));
      const before = await test.evaluate(model);
      const trained = await test.evaluate(moved(model, await rows.train(model, steps)));
      expect(trained).toMatchObject({ count: 300 });
      expect(trained.accuracy).toBeGreaterThan(0.85);
      expect(trained.logLoss).toBeLessThan(before.logLoss);
    });

    it('has the gradient that finite differences have', async () => {
      const { loss, gradient } = await rows.gradient(model);
      expect(loss).toBeCloseTo((await rows.evaluate(model)).logLoss, 4);
      const steepest = gradient.reduce(
        (best, g, i) => (Math.abs(g) > Math.abs(gradient[best]!) ? i : best),
        0,
      );
      const lossAt = async (shift: number) =>
        (await rows.gradient(model.map((x, i) => (i === steepest ? x + shift : x)))).loss;
      const slope = ((await lossAt(0.002)) - (await lossAt(-0.002))) / 0.004;
      expect(slope / gradient[steepest]!).toBeCloseTo(1, 1);
    });

    it("keeps one party's rows apart from another's, and leaves what it is given as it was", async () => {
      const own = halves(300, 1, true);
      const mirrored = await host.take(own);
      expect(mirrored.count).toBe(300);
      const given = model.slice();
      const trained = moved(given, await rows.train(given, steps));
      expect(given).toEqual(model);
      expect(own).toEqual(halves(300, 1, true));
      expect((await rows.evaluate(trained)).accuracy).toBeGreaterThan(0.85);
      expect((await mirrored.evaluate(trained)).accuracy).toBeLessThan(0.15);
      // What is asked at once is done one after the other.
      const [a, b] = await Promise.all([rows.train(model, steps), mirrored.train(model, steps)]);
      expect(a).toEqual(await rows.train(model, steps));
      expect(b).not.toEqual(a);
    });

    it('takes rows that are a part of a larger table', async () => {
      const whole = halves(400, 1);
      const part = {
        ...whole,
        count: 100,
        inputs: whole.inputs.subarray(1200, 2400),
        labels: whole.labels.subarray(100, 200),
      };
      const copied = { ...part, inputs: part.inputs.slice(), labels: part.labels.slice() };
      const [found, wanted] = [await host.take(part), await host.take(copied)];
      expect(await found.evaluate(model)).toEqual(await wanted.evaluate(model));
      expect(whole.inputs).toHaveLength(4800);
    });

    it('says what is wrong by an error of the program, and goes on', async () => {
      const refused = await rows.train(new Float32Array(3), steps).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(NodeError);
      expect(refused).toMatchObject({ code: 'learning', message: expect.stringContaining('3 parameters') });
      const diverged = rows.train(model, { ...steps, rate: 1e30 });
      await expect(diverged).rejects.toMatchObject({ code: 'learning', mend: expect.stringMatching(/rate/) });
      const narrow = await host.take({ ...halves(2, 1), count: 3, shape: [8] });
      await expect(narrow.evaluate(model)).rejects.toMatchObject({ code: 'learning' });
      expect((await rows.evaluate(model)).count).toBe(300);
    });

    it('is refused where it computes another model than the task: its change would be of other weights', async () => {
      const other = modelLayout({ input: [8], layers: spec.layers });
      await expect(takeRows(host, other, halves(3, 1))).rejects.toMatchObject({
        code: 'learning',
        message: expect.stringMatching(/weights are \[12 x 64\].* but the task's are \[8 x 64\]/),
      });
      expect((await takeRows(host, layout, halves(3, 1))).count).toBe(3);
    });

    it('ends a training at once when it is stopped, and does what is asked next', async () => {
      const [running, waiting] = [new AbortController(), new AbortController()];
      const first = rows.train(model, endless, running.signal);
      const second = rows.train(model, endless, waiting.signal);
      const third = rows.train(model, steps);
      waiting.abort(new Error('the second was stopped'));
      await expect(second).rejects.toThrow('the second was stopped');
      running.abort(new Error('the first was stopped'));
      await expect(first).rejects.toThrow('the first was stopped');
      expect(await third).toEqual(await rows.train(model, steps));
      const never = rows.train(model, steps, AbortSignal.abort(new Error('before it began')));
      await expect(never).rejects.toThrow('before it began');
    });
  });

  describe(`${name}, when it is closed`, () => {
    it('ends what is under way and what waits, and refuses the rest', async () => {
      const host = await start(spec);
      const rows = await host.take(halves(20, 1));
      const model = initialModel(layout, 1);
      const asked = [rows.train(model, endless), rows.evaluate(model)];
      const ended = Promise.allSettled(asked);
      await host.close();
      for (const { status } of await ended) expect(status).toBe('rejected');
      await expect(rows.evaluate(model)).rejects.toMatchObject({ code: 'interrupted' });
      await host.close();
    });
  });
}
