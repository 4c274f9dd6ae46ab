// A training that begins before its round: nobody is given a change of another model or round, and what fails or is
// stopped ahead of time costs nothing but time.
import { describe, expect, it } from 'vitest';
import type { OwnData, Training } from '../../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../../node/protocol/index.ts';
import { trainingAhead, trainMeanwhile } from '../../../../node/roles/round/training_ahead.ts';

const first = Float32Array.of(1, 2);
const second = Float32Array.of(1, 3);

/** A training that is let go by hand; its change is the model's first number, the round, and how often it was asked. */
function slowTraining() {
  const asked: { settle: (error?: Error) => void; signal: AbortSignal | undefined }[] = [];
  const training: Training = (model, round, signal) =>
    new Promise((resolve, reject) => {
      const change = Float32Array.of(model[1]!, round, asked.length + 1);
      asked.push({ signal, settle: (error) => (error ? reject(error) : resolve(change)) });
    });
  return { asked, training };
}

describe('a training that begins ahead', () => {
  it('is given to who asks for its model and round, once', async () => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    ahead.begin(first, 0);
    expect(ahead.begun).toBe(0);
    const change = ahead.training(first.slice(), 0);
    expect(asked).toHaveLength(1);
    asked[0]!.settle();
    expect([...(await change)]).toEqual([2, 0, 1]);
    expect(ahead.begun).toBeUndefined();
    const again = ahead.training(first, 0);
    asked[1]!.settle();
    expect([...(await again)]).toEqual([2, 0, 2]);
  });

  it('is of no use for another model or another round', async () => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    ahead.begin(first, 0);
    const ofSecond = ahead.training(second, 0);
    const ofNext = ahead.training(first, 1);
    for (const { settle } of asked) settle();
    expect([...(await ofSecond)]).toEqual([3, 0, 2]);
    expect([...(await ofNext)]).toEqual([2, 1, 3]);
  });

  it('does not follow a model whose memory is used again', async () => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    const model = first.slice();
    ahead.begin(model, 0);
    model.set(second);
    const change = ahead.training(second, 0);
    for (const { settle } of asked) settle();
    expect([...(await change)]).toEqual([3, 0, 2]);
  });

  it('is made anew where it failed', async () => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    ahead.begin(first, 0);
    const change = ahead.training(first, 0);
    asked[0]!.settle(new Error('no memory'));
    await expect.poll(() => asked.length).toBe(2);
    asked[1]!.settle();
    expect([...(await change)]).toEqual([2, 0, 2]);
  });

  it('goes on where who waits for it is stopped, and is there for the next one', async () => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    ahead.begin(first, 0);
    const stop = new AbortController();
    const stopped = ahead.training(first, 0, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    const change = ahead.training(first, 0);
    asked[0]!.settle();
    expect([...(await change)]).toEqual([2, 0, 1]);
    expect(asked).toHaveLength(1);
  });
});

describe('while the key is made', () => {
  const bytes = encodeModel(first);
  const scene = (rounds: unknown[] = []) =>
    ({
      chain: { journal: { rounds }, terms: async () => ({ model: digestOf(bytes) }) },
      layout: { size: first.length },
      store: { get: async () => bytes },
    }) as unknown as Parameters<typeof trainMeanwhile>[0];
  const open = { statistics: new Int8Array() } as OwnData;
  const scaled = { statistics: Int8Array.of(1) } as OwnData;

  it.each([
    ['the first round is trained for', scene(), open, 1],
    ['nothing begins where rows are scaled by what is added with the key', scene(), scaled, 0],
    ['nothing begins where rounds were played', scene([{}]), open, 0],
  ])('%s', async (_, context, data, begun) => {
    const { asked, training } = slowTraining();
    const ahead = trainingAhead(training);
    await trainMeanwhile(context, data, ahead);
    // A key takes many looks, also after a training that failed.
    for (const { settle } of asked) settle(new Error('no memory'));
    await new Promise(setImmediate);
    await trainMeanwhile(context, data, ahead);
    expect(asked).toHaveLength(begun);
  });
});
