import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seeded, startBackend } from '../../../node/learn/index.ts';

/** The same computation on both engines; the plain JavaScript one is the reference. */
async function onBoth(compute: () => tf.Tensor[]): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = [];
  for (const backend of ['cpu', 'wasm'] as const) {
    await startBackend(backend);
    results.push(tf.tidy(() => compute().map((t) => t.dataSync().slice() as Float32Array)));
  }
  return results as [Float32Array[], Float32Array[]];
}

function random(label: string, shape: number[]): tf.Tensor {
  const source = seeded(1, label);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal()),
    shape,
  );
}

const kernelOf = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes);

function expectClose(a: Float32Array, b: Float32Array): void {
  expect(b.length).toBe(a.length);
  const scale = Math.max(1, ...a.map(Math.abs));
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!) / scale).toBeLessThan(1e-5);
}

beforeAll(() => startBackend('wasm'));

describe('the WASM backend', () => {
  test.each([
    { side: 7, channels: 2, filters: 3, kernel: 3, strides: 1, pad: 'valid' as const },
    { side: 8, channels: 1, filters: 4, kernel: 3, strides: 2, pad: 'same' as const },
    { side: 9, channels: 3, filters: 2, kernel: 5, strides: 3, pad: 'same' as const },
    { side: 5, channels: 2, filters: 2, kernel: 1, strides: 1, pad: 'valid' as const },
    { side: 6, channels: 2, filters: 3, kernel: 4, strides: 2, pad: 1 },
    // A filter that is wider than the picture, over both of its edges at once.
    { side: 3, channels: 2, filters: 2, kernel: 5, strides: 1, pad: 'same' as const },
    // More filters than a panel has columns, and a panel that is full.
    { side: 8, channels: 3, filters: 19, kernel: 3, strides: 1, pad: 'same' as const },
    { side: 8, channels: 8, filters: 8, kernel: 2, strides: 2, pad: 'valid' as const },
  ])(
    'has a convolution and its gradients: $side x $side x $channels, kernel $kernel, strides $strides, $pad',
    async ({ side, channels, filters, kernel, strides, pad }) => {
      const [reference, wasm] = await onBoth(() => {
        const x = random('x', [3, side, side, channels]) as tf.Tensor4D;
        const filter = random('filter', [kernel, kernel, channels, filters]) as tf.Tensor4D;
        const y = tf.conv2d(x, filter, strides, pad);
        const dy = random('dy', y.shape);
        const attributes = { strides, pad, dataFormat: 'NHWC' };
        return [
          y,
          kernelOf('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
          kernelOf('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }),
        ];
      });
      reference.forEach((grad, i) => {
        expectClose(grad, wasm[i]!);
      });
    },
  );

  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('multiplies matrices, transposed %s and %s, alone and in batches', async (ta, tb) => {
    const shape = (t: boolean, rows: number, columns: number) => (t ? [columns, rows] : [rows, columns]);
    const [reference, wasm] = await onBoth(() => [
      tf.matMul(random('a', shape(ta, 5, 7)), random('b', shape(tb, 7, 4)), ta, tb),
      tf.matMul(random('c', [3, ...shape(ta, 5, 7)]), random('d', [3, ...shape(tb, 7, 4)]), ta, tb),
      tf.matMul(random('e', [1, ...shape(ta, 2, 3)]), random('f', [4, ...shape(tb, 3, 2)]), ta, tb),
      tf.matMul(random('g', shape(ta, 1, 9)), random('h', [1, ...shape(tb, 9, 8)]), ta, tb),
      tf.matMul(random('i', shape(ta, 21, 13)), random('j', shape(tb, 13, 19)), ta, tb),
      tf.matMul(random('k', shape(ta, 4, 1)), random('l', shape(tb, 1, 16)), ta, tb),
    ]);
    reference.forEach((product, i) => {
      expectClose(product, wasm[i]!);
    });
  });

  test('convolves with holes', async () => {
    const [[reference], [wasm]] = await onBoth(() => [
      tf.conv2d(
        random('x', [2, 9, 9, 2]) as tf.Tensor4D,
        random('f', [3, 3, 2, 5]) as tf.Tensor4D,
        1,
        'valid',
        'NHWC',
        2,
      ),
    ]);
    expectClose(reference!, wasm!);
  });

  test('keeps what was copied when the original is freed, and frees both', async () => {
    await startBackend('wasm');
    const before = tf.memory().numDataBuffers;
    const original = tf.tensor1d([1, 2, 3]);
    const [copy, same] = [tf.clone(original), tf.cast(original, 'float32')];
    original.dispose();
    tf.tensor1d([7, 7, 7]).dispose();
    expect([...copy.dataSync(), ...same.dataSync()]).toEqual([1, 2, 3, 1, 2, 3]);
    expect(tf.tidy(() => tf.cast(copy, 'int32').dataSync())).toEqual(Int32Array.of(1, 2, 3));
    tf.dispose([copy, same]);
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  test('leaves no tensor behind', async () => {
    await startBackend('wasm');
    const before = tf.memory().numTensors;
    const buffers = tf.memory().numDataBuffers;
    tf.tidy(() => {
      const x = random('x', [2, 6, 6, 1]) as tf.Tensor4D;
      const filter = random('f', [3, 3, 1, 2]) as tf.Tensor4D;
      const dy = tf.conv2d(x, filter, 1, 'same');
      const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC' };
      kernelOf('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape });
      kernelOf('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape });
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.memory().numDataBuffers).toBe(buffers);
    expect(tf.engine().backend.numDataIds()).toBe(buffers);
  });
});
