import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

/** One worker: starts its own engine and trains a step; resolves to the change it found. */
function trainInWorker(): Promise<number[]> {
  const here = (file: string) => JSON.stringify(new URL(`../../../node/learn/${file}`, import.meta.url).href);
  const source = `
    import { parentPort } from 'node:worker_threads';
    const { startBackend } = await import(${here('backend.ts')});
    const { Network } = await import(${here('network.ts')});
    const { seeded } = await import(${here('random.ts')});
    await startBackend('wasm');
    const network = new Network({ input: [3], layers: [{ type: 'dense', units: 2, activation: 'linear' }], loss: 'categorical' });
    const data = { count: 2, shape: [3], inputs: Float32Array.of(1, 0, 0, 0, 1, 0), labels: Uint16Array.of(0, 1), classes: 2 };
    parentPort.postMessage([...network.train(network.initial(1), data, { steps: 3, batch: 2, rate: 0.1, random: seeded(1) })]);
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('two worker threads train side by side and agree', async () => {
  const [a, b] = await Promise.all([trainInWorker(), trainInWorker()]);
  expect(a).toEqual(b);
  expect(a.some((x) => x !== 0)).toBe(true);
});
