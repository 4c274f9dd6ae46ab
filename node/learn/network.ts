// A model as the protocol sees it: a flat Float32Array of D parameters in the order of the layers' weights,
// computed by TensorFlow.js. Everything is synchronous on the engine of `startBackend` and
// leaves no tensor behind, so that several roles can share a thread.
import * as tf from '@tensorflow/tfjs-core';
import { NodeError } from '../errors.ts';
import { type Dataset, width } from './data/dataset.ts';
import { finite } from './finite.ts';
import { forward, type Pass } from './layers.ts';
import { initialModel, type ModelLayout, modelLayout, type Weight } from './layout.ts';
import { type Logits, lossGradient, meanLoss, probabilities } from './loss.ts';
import { type LayeredModel, layersOf, type ModelSpec } from './model_spec.ts';
import type { Random } from './random.ts';

/** Local training of one round. */
export interface Steps {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
}

/** Rows that one pass of prediction or of a whole gradient takes, to bound memory. */
const passRows = 128;

/** What `Network.gradient` finds. */
export interface WholeGradient {
  /** Mean loss over the rows. */
  readonly loss: number;
  /** Of the mean loss, by each parameter. */
  readonly gradient: Float32Array;
}

/** A model that computes. It holds tensors until it is disposed of. */
export class Network implements ModelLayout {
  readonly spec: LayeredModel;
  readonly size: number;
  readonly weights: readonly Weight[];
  readonly #checkpoint: () => void;
  readonly #variables: tf.Variable[];

  /**
   * @param checkpoint is called before each step and pass; what it throws ends the work under way.
   * @throws NodeError `learning` for a model that has no layout, or is a program.
   */
  constructor(model: ModelSpec, checkpoint: () => void = () => undefined) {
    const spec = layersOf(model, 'this engine');
    const { size, weights } = modelLayout(spec);
    this.spec = spec;
    this.size = size;
    this.weights = weights;
    this.#checkpoint = checkpoint;
    this.#variables = weights.map(({ shape }) => tf.variable(tf.zeros([...shape])));
  }

  /** First parameters from a seed. */
  initial(seed: number): Float32Array {
    return initialModel(this, seed);
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
      this.#checkpoint();
      for (let i = 0; i < batch; i++) rows[i] = random.below(data.count);
      tf.tidy(() => {
        const gradients = this.#forward(data, rows).backward();
        for (const [i, weight] of this.#variables.entries())
          weight.assign(tf.sub(weight, tf.mul(gradients[i]!, rate)));
      });
    }
    const after = this.#read(this.#variables);
    for (let i = 0; i < after.length; i++) after[i]! -= parameters[i]!;
    return finite(after, 'local update');
  }

  /** Mean loss and its gradient over the whole table. */
  gradient(parameters: Float32Array, data: Dataset): WholeGradient {
    this.#load(parameters, data);
    const gradient = new Float32Array(this.size);
    let loss = 0;
    for (const rows of passes(data.count)) {
      this.#checkpoint();
      tf.tidy(() => {
        const { logits, labels, backward } = this.#forward(data, rows);
        const share = rows.length / data.count;
        loss += meanLoss(logits, labels) * share;
        this.#read(backward()).forEach((g, i) => {
          gradient[i]! += g * share;
        });
      });
    }
    return { loss, gradient: finite(gradient, 'gradient') };
  }

  /** Probabilities row by row: one a class, or the positive class's alone where the loss is binary. */
  predict(parameters: Float32Array, data: Dataset): Float32Array {
    return this.#eachPass(parameters, data, probabilities);
  }

  /** Logits row by row: one a class, or one where the loss is binary. */
  logits(parameters: Float32Array, data: Dataset): Float32Array {
    return this.#eachPass(parameters, data, ({ values }) => values);
  }

  /** Frees the model's tensors. */
  dispose(): void {
    tf.dispose(this.#variables);
  }

  /** What `find` makes of all rows' logits, some rows at a time. */
  #eachPass(parameters: Float32Array, data: Dataset, find: (logits: Logits) => Float32Array): Float32Array {
    this.#load(parameters, data);
    const out = new Float32Array(data.count * this.#outputs);
    for (const rows of passes(data.count)) {
      this.#checkpoint();
      tf.tidy(() => out.set(find(this.#forward(data, rows).logits), rows[0]! * this.#outputs));
    }
    return finite(out, 'prediction');
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
    const { loss } = this.spec;
    if (data.classes !== (loss === 'binary' ? 2 : this.#outputs))
      throw new NodeError(
        'learning',
        `data: they have ${data.classes} classes, but the model gives ${this.#outputs} logits and its loss is ${loss}`,
      );
    if (data.count < 1)
      throw new NodeError('learning', 'data: there are no rows, but at least one is needed');
    this.weights.forEach(({ shape, offset, size }, i) => {
      tf.tidy(() =>
        this.#variables[i]!.assign(tf.tensor(parameters.slice(offset, offset + size), [...shape])),
      );
    });
  }

  #read(tensors: readonly tf.Tensor[]): Float32Array {
    const out = new Float32Array(this.size);
    this.weights.forEach(({ offset }, i) => {
      out.set(tensors[i]!.dataSync(), offset);
    });
    return out;
  }

  /** Logits a row. */
  get #outputs(): number {
    return this.weights.at(-1)!.size;
  }

  /** Runs rows through the model. Call it, and the way back, in one tidy scope. */
  #forward(data: Dataset, rows: Uint32Array): Forward {
    const w = width(data.shape);
    const values = new Float32Array(rows.length * w);
    for (let i = 0; i < rows.length; i++)
      values.set(data.inputs.subarray(rows[i]! * w, (rows[i]! + 1) * w), i * w);
    let x: tf.Tensor = tf.tensor(values, [rows.length, ...this.spec.input]);
    const passed: Pass[] = [];
    let at = 0;
    for (const layer of this.spec.layers) {
      const pass = forward(layer, x, this.#variables.slice(at));
      passed.push(pass);
      x = pass.y;
      at += pass.weights;
    }
    const kind = this.spec.loss;
    const logits: Logits = { kind, values: x.dataSync() as Float32Array, width: this.#outputs };
    const labels = Uint16Array.from(rows, (row) => data.labels[row]!);
    return {
      logits,
      labels,
      backward() {
        let dy: tf.Tensor = tf.tensor(lossGradient(logits, labels), x.shape);
        const gradients: tf.Tensor[] = [];
        for (const [i, pass] of [...passed.entries()].reverse()) {
          const { weights, input } = pass.back(dy);
          gradients.unshift(...weights);
          if (i > 0) dy = input();
        }
        return gradients;
      },
    };
  }
}

/** Rows on their way through the model. */
interface Forward {
  readonly logits: Logits;
  readonly labels: Uint16Array;
  /** The mean loss's gradients by the weights, in their order. */
  backward(): tf.Tensor[];
}

function* passes(count: number): Generator<Uint32Array> {
  for (let from = 0; from < count; from += passRows)
    yield Uint32Array.from({ length: Math.min(passRows, count - from) }, (_, i) => from + i);
}
