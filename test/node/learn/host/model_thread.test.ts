// A model in a thread: what every host promises, what this thread computes, and that nothing waits for it.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  evaluate,
  initialModel,
  localTraining,
  type ModelHost,
  modelLayout,
  Network,
  startBackend,
  startModelThread,
  startModelThreads,
  type TaskDescription,
} from '../../../../node/learn/index.ts';
import { endless, halves, promisesOfAHost, spec, steps } from './compliance.ts';

const run = promisify(execFile);

promisesOfAHost('a thread', (of) => startModelThread(of));
promisesOfAHost('two threads', (of) => startModelThreads(of, 2));

it('of two threads, each trains on rows of its own, side by side', async () => {
  const host = startModelThreads(spec, 2);
  const model = initialModel(modelLayout(spec), 1);
  const [first, second] = [await host.take(halves(100, 1)), await host.take(halves(100, 2))];
  const stop = new AbortController();
  const training = first.train(model, endless, stop.signal);
  training.catch(() => undefined);
  expect(await second.train(model, steps)).toHaveLength(model.length);
  stop.abort(new Error('stopped'));
  await expect(training).rejects.toThrow('stopped');
  await host.close();
});

describe('a thread', () => {
  const data = halves(100, 1);
  const model = initialModel(modelLayout(spec), 1);
  let host: ModelHost;
  beforeAll(() => {
    host = startModelThread(spec);
  });
  afterAll(() => host.close());

  it('finds what the simulation finds in its own, bit for bit', async () => {
    await startBackend('wasm');
    const network = new Network(spec);
    const rows = await host.take(data);
    const task = { training: { steps: 40, batch: 16, rate: 0.2 } } as TaskDescription;
    const change = localTraining({ task, network, data, seed: steps.seed })(model, steps.round);
    expect(await rows.train(model, steps)).toEqual(change);
    expect(await rows.evaluate(model)).toEqual(evaluate(network, model, data));
    expect(await rows.gradient(model)).toEqual(network.gradient(model, data));
    network.dispose();
  });

  it('trains while the event loop goes on: a role answers its peers, and is stopped, in the meantime', async () => {
    const rows = await host.take(data);
    const stop = new AbortController();
    const training = rows.train(model, endless, stop.signal);
    training.catch(() => undefined);
    for (let turn = 0; turn < 20; turn++) await sleep(1);
    stop.abort(new Error('stopped'));
    await expect(training).rejects.toThrow('stopped');
  });

  it('refuses every order where its model cannot be made', async () => {
    const broken = startModelThread({
      ...spec,
      input: [3, 3, 1],
      layers: [{ type: 'maxPooling2d', pool: 9 }],
    });
    const refusal = { code: 'learning', message: expect.stringMatching(/window must fit/) };
    await expect(broken.describe()).rejects.toMatchObject(refusal);
    await expect(broken.take(data)).rejects.toMatchObject(refusal);
    await broken.close();
  });

  it('lets the process end when it is closed in the middle of a training', async () => {
    const learn = JSON.stringify(new URL('../../../../node/learn/index.ts', import.meta.url).href);
    const source = `
      import { initialModel, modelLayout, startModelThread } from ${learn};
      const spec = ${JSON.stringify(spec)};
      const host = startModelThread(spec);
      const data = { count: 1, shape: [12], inputs: new Float32Array(12), labels: new Uint16Array(1), classes: 2 };
      const rows = await host.take(data);
      const training = rows.train(initialModel(modelLayout(spec), 1), ${JSON.stringify(endless)});
      setTimeout(() => host.close(), 20);
      console.log(await training.catch(({ code }) => code));
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source]);
    expect(stdout).toBe('interrupted\n');
  });
});
