// TensorFlow.js loads an export from where a browser would, and predicts what the product predicts.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tfjs } from '../../../node/export/index.ts';
import { Network, seeded, startBackend } from '../../../node/learn/index.ts';
import { tasks, trained } from './models.ts';

const files = new Map<string, string | Uint8Array>();
let server: Server;
let address: string;

beforeAll(async () => {
  await startBackend('wasm');
  server = createServer(({ url = '' }, answer) => {
    const file = files.get(url);
    answer.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

it.each(Object.entries(tasks))('%s predicts the same, and keeps every bit', async (name, description) => {
  const exported = trained(description);
  const { model: topology, weights } = tfjs(exported, 'weights.bin');
  files.set(`/${name}/model.json`, topology);
  files.set(`/${name}/weights.bin`, weights);
  const loaded = await loadLayersModel(`${address}/${name}/model.json`);

  const kept = loaded.getWeights().flatMap((weight) => [...weight.dataSync()]);
  expect(Float32Array.from(kept)).toEqual(exported.parameters);
  expect(loaded.getUserDefinedMetadata()).toEqual(exported.lineage);

  const { input, loss, layers } = description.model;
  const last = layers.at(-1)!;
  const width = input.reduce((product, side) => product * side, 1);
  const random = seeded(9, name);
  const data = {
    count: 40,
    shape: input,
    inputs: Float32Array.from({ length: 40 * width }, () => random.normal()),
    labels: new Uint16Array(40),
    classes: loss === 'binary' ? 2 : last.type === 'dense' ? last.units : 0,
  };
  const network = new Network(description.model);
  const expected = network.predict(exported.parameters, data);
  network.dispose();
  const found = tf.tidy(() =>
    (loaded.predict(tf.tensor(data.inputs, [40, ...input])) as tf.Tensor).dataSync(),
  );
  loaded.dispose();
  expect(found.length).toBe(expected.length);
  for (const [i, p] of expected.entries()) expect(Math.abs(found[i]! - p)).toBeLessThan(2e-6);
});
