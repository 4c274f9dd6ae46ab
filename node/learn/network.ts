// A model as the protocol sees it: a flat Float32Array of D parameters in the order of the layers' weights,
// around a TensorFlow.js model that computes. Everything is synchronous on the engine of `startBackend` and
// leaves no tensor behind, so that several roles can share a thread.
import * as tf from '@tensorflow/tfjs-core';
import { type Sequential, sequential } from '@tensorflow/tfjs-layers';
import { NodeError } from '../errors.ts';
import { type Dataset, width } from './data/dataset.ts';
import { toLayer } from './layers.ts';
import type { ModelSpec } from './model_spec.ts';
import { type Random, seeded } from './random.ts';
import { maxParameters } from './task.ts';

/** Where one weight lies in the flat model. */
export interface Weight {
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  /** Whether it is a bias, which starts at zero. */
  readonly bias: boolean;
}

/** Local training of one round. */
export interface Steps {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
}

/** Rows that one pass of prediction or of a whole gradient takes, to bound memory. */
const passRows = 128;

/** A model that computes. It holds tensors until it is disposed of. */
export class Network {
  readonly spec: ModelSpec;
  /** Parameters in all: the protocol's D. */
  readonly size: number;
  readonly layout: readonly Weight[];
  readonly #model: Sequential;
  readonly #weights: tf.Variable[];

  /**
   * @throws NodeError `learning` where the model has more than `maxParameters` parameters; Error where its
   * layers do not fit each other.
   */
  constructor(spec: ModelSpec) {
    this.spec = spec;
    this.#model = sequential({
      layers: spec.layers.map((layer, i) => toLayer(layer, i === 0 ? spec.input : undefined)),
    });
    this.#weights = this.#model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    let offset = 0;
    this.layout = this.#weights.map((weight) => {
      const at = offset;
      offset += weight.size;
      return { shape: weight.shape.slice(), offset: at, size: weight.size, bias: weight.rank === 1 };
    });
    this.size = offset;
    if (this.size > maxParameters)
      throw new NodeError(
        'learning',
        `model: ${this.size} parameters, but at most ${maxParameters} are supported`,
      );
  }

  /**
   * First parameters from a seed: He's normal law for weights (He et al. 2015), Glorot's before the logits;
   * biases zero.
   */
  initial(seed: number): Float32Array {
    const out = new Float32Array(this.size);
    this.layout.forEach(({ shape, offset, size, bias }, i) => {
      if (bias) return;
      const random = seeded(seed, 'initial', i);
      const fan = size / shape.at(-1)!;
      const last = i >= this.layout.length - 2;
      const deviation = Math.sqrt(last ? 2 / (fan + shape.at(-1)!) : 2 / fan);
      for (let j = 0; j < size; j++) out[offset + j] = deviation * random.normal();
    });
    return out;
  }

  /**
   * Runs SGD from `parameters` and returns the change it made, `after - before`; batches are drawn with
   * replacement.
   */
  train(
    parameters: Float32Array,
    data: Dataset,
    { steps, batch, rate, random }: Steps & { readonly random: Random },
  ): Float32Array {
    this.#load(parameters, data);
    const rows = new Uint32Array(batch);
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < batch; i++) rows[i] = random.below(data.count);
      tf.tidy(() => {
        const { grads } = this.#gradients(data, rows);
        for (const [i, weight] of this.#weights.entries())
          weight.assign(tf.sub(weight, tf.mul(grads[i]!, rate)));
      });
    }
    const after = this.#read(this.#weights);
    for (let i = 0; i < after.length; i++) after[i]! -= parameters[i]!;
    return finite(after, 'local update');
  }

  /** Mean loss and its gradient over the whole table. */
  gradient(parameters: Float32Array, data: Dataset): { loss: number; gradient: Float32Array } {
    this.#load(parameters, data);
    const gradient = new Float32Array(this.size);
    let loss = 0;
    for (const rows of passes(data.count)) {
      tf.tidy(() => {
        const { value, grads } = this.#gradients(data, rows);
        const share = rows.length / data.count;
        loss += value.dataSync()[0]! * share;
        this.#read(grads).forEach((g, i) => {
          gradient[i]! += g * share;
        });
      });
    }
    return { loss, gradient: finite(gradient, 'gradient') };
  }

  /** Probabilities row by row: one a class, or the positive class's alone where the loss is binary. */
  predict(parameters: Float32Array, data: Dataset): Float32Array {
    this.#load(parameters, data);
    const outputs = this.spec.loss === 'binary' ? 1 : data.classes;
    const out = new Float32Array(data.count * outputs);
    for (const rows of passes(data.count))
      tf.tidy(() => {
        const logits = this.#logits(data, rows);
        const p = this.spec.loss === 'binary' ? tf.sigmoid(logits) : tf.softmax(logits);
        out.set(p.dataSync(), rows[0]! * outputs);
      });
    return finite(out, 'prediction');
  }

  /** Frees the model's tensors. */
  dispose(): void {
    this.#model.dispose();
  }

  #load(parameters: Float32Array, data: Dataset): void {
    if (parameters.length !== this.size)
      throw new NodeError(
        'learning',
        `model: ${parameters.length} parameters given, but this model has ${this.size}`,
      );
    if (width(data.shape) !== width(this.spec.input))
      throw new NodeError(
        'learning',
        `data: rows of shape [${data.shape}], but the model's input is [${this.spec.input}]`,
      );
    if (data.count < 1)
      throw new NodeError('learning', 'data: there are no rows, but at least one is needed');
    this.layout.forEach(({ shape, offset, size }, i) => {
      tf.tidy(() => this.#weights[i]!.assign(tf.tensor(parameters.slice(offset, offset + size), [...shape])));
    });
  }

  #read(tensors: readonly tf.Tensor[]): Float32Array {
    const out = new Float32Array(this.size);
    this.layout.forEach(({ offset }, i) => {
      out.set(tensors[i]!.dataSync(), offset);
    });
    return out;
  }

  #logits(data: Dataset, rows: Uint32Array): tf.Tensor2D {
    const w = width(data.shape);
    const values = new Float32Array(rows.length * w);
    for (let i = 0; i < rows.length; i++)
      values.set(data.inputs.subarray(rows[i]! * w, (rows[i]! + 1) * w), i * w);
    return this.#model.apply(tf.tensor(values, [rows.length, ...this.spec.input]), {
      training: true,
    }) as tf.Tensor2D;
  }

  #gradients(data: Dataset, rows: Uint32Array): { value: tf.Scalar; grads: tf.Tensor[] } {
    const labels = Int32Array.from(rows, (row) => data.labels[row]!);
    const { value, grads } = tf.variableGrads(() => {
      const logits = this.#logits(data, rows);
      if (this.spec.loss === 'binary')
        return tf.losses.sigmoidCrossEntropy(
          tf.tensor(Float32Array.from(labels), [labels.length, 1]),
          logits,
        );
      const wanted = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), data.classes), 'float32');
      return tf.losses.softmaxCrossEntropy(wanted, logits);
    }, this.#weights);
    return { value: value as tf.Scalar, grads: this.#weights.map((weight) => grads[weight.name]!) };
  }
}

function* passes(count: number): Generator<Uint32Array> {
  for (let from = 0; from < count; from += passRows)
    yield Uint32Array.from({ length: Math.min(passRows, count - from) }, (_, i) => from + i);
}

function finite(values: Float32Array, what: string): Float32Array {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new NodeError('learning', `${what}: value ${i} is ${values[i]}: the training diverged`, {
        mend: 'Lower the learning rate, or scale the data.',
      });
  return values;
}
