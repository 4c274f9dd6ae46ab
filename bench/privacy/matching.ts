// How far the gradient of made-up rows is from a gradient that was seen, and which way the rows have to move to
// come nearer: the derivative of a distance between gradients, written out for two dense layers.
import type { ModelLayout } from '../../node/learn/index.ts';

/** Rows one after the other, and the class of each. */
export interface LabelledRows {
  readonly rows: Float64Array;
  readonly labels: ArrayLike<number>;
}

/** A distance, and its derivative by each number of the rows. */
export interface Match {
  /** 1 less the cosine of both gradients on the known coordinates: 0 where they point the same way. */
  readonly distance: number;
  readonly slope: Float64Array;
}

/** Gradients of a model of two dense layers, the first with relu, with a categorical loss. */
export class GradientMatcher {
  readonly inputs: number;
  readonly hiddens: number;
  readonly firstBias: number;
  readonly #model: Float32Array;
  readonly #classes: number;
  readonly #second: number;
  readonly #secondBias: number;

  constructor({ weights }: ModelLayout, model: Float32Array) {
    const [first, firstBias, second, secondBias] = weights;
    if (!first || !firstBias || !second || !secondBias || weights.length !== 4)
      throw new Error('a gradient is matched for two dense layers');
    [this.inputs, this.hiddens] = first.shape as [number, number];
    this.firstBias = firstBias.offset;
    this.#second = second.offset;
    this.#secondBias = secondBias.offset;
    this.#classes = secondBias.size;
    this.#model = model;
  }

  /** The mean loss's gradient over the rows, by each parameter. */
  gradient({ rows, labels }: LabelledRows): Float64Array {
    const { inputs, hiddens, firstBias } = this;
    const out = new Float64Array(this.#model.length);
    for (let r = 0; r < labels.length; r++) {
      const x = rows.subarray(r * inputs, (r + 1) * inputs);
      const { hidden, wrong, back } = this.#pass(x, labels[r]!);
      for (let i = 0; i < inputs; i++) {
        if (x[i] === 0) continue;
        const share = x[i]! / labels.length;
        const at = i * hiddens;
        for (let h = 0; h < hiddens; h++) out[at + h]! += share * back[h]!;
      }
      for (let h = 0; h < hiddens; h++) {
        out[firstBias + h]! += back[h]! / labels.length;
        for (let c = 0; c < this.#classes; c++)
          out[this.#second + h * this.#classes + c]! += (hidden[h]! * wrong[c]!) / labels.length;
      }
      for (let c = 0; c < this.#classes; c++) out[this.#secondBias + c]! += wrong[c]! / labels.length;
    }
    return out;
  }

  /** Compares the rows' gradient with one of which the coordinates `known` were seen. */
  match(made: LabelledRows, seen: Float64Array, known: Uint32Array): Match {
    const gradient = this.gradient(made);
    let [dot, own, other] = [0, 0, 0];
    for (const i of known) {
      dot += gradient[i]! * seen[i]!;
      own += gradient[i]! ** 2;
      other += seen[i]! ** 2;
    }
    const [length, target] = [Math.sqrt(own), Math.sqrt(other)];
    if (length === 0 || target === 0) return { distance: 1, slope: new Float64Array(made.rows.length) };
    const by = new Float64Array(gradient.length);
    for (const i of known)
      by[i] = (dot * gradient[i]!) / (length ** 3 * target) - seen[i]! / (length * target);
    return { distance: 1 - dot / (length * target), slope: this.#slope(made, by) };
  }

  /** The derivative by the rows of anything whose derivative by their mean gradient is `by`. */
  #slope({ rows, labels }: LabelledRows, by: Float64Array): Float64Array {
    const { inputs, hiddens, firstBias } = this;
    const model = this.#model;
    const classes = this.#classes;
    const out = new Float64Array(rows.length);
    for (let r = 0; r < labels.length; r++) {
      const x = rows.subarray(r * inputs, (r + 1) * inputs);
      const { hidden, wrong, back, shares } = this.#pass(x, labels[r]!);
      // By `back`, the loss's gradient by the hidden units, where they are awake.
      const byBack = by.slice(firstBias, firstBias + hiddens);
      for (let i = 0; i < inputs; i++) {
        if (x[i] === 0) continue;
        for (let h = 0; h < hiddens; h++) byBack[h]! += x[i]! * by[i * hiddens + h]!;
      }
      const byWrong = by.slice(this.#secondBias, this.#secondBias + classes);
      const byHidden = new Float64Array(hiddens);
      for (let h = 0; h < hiddens; h++) {
        if (hidden[h] === 0) continue;
        for (let c = 0; c < classes; c++) {
          const at = this.#second + h * classes + c;
          byWrong[c]! += model[at]! * byBack[h]! + hidden[h]! * by[at]!;
          byHidden[h]! += by[at]! * wrong[c]!;
        }
      }
      let mean = 0;
      for (let c = 0; c < classes; c++) mean += shares[c]! * byWrong[c]!;
      for (let h = 0; h < hiddens; h++) {
        if (hidden[h] === 0) continue;
        for (let c = 0; c < classes; c++)
          byHidden[h]! += model[this.#second + h * classes + c]! * shares[c]! * (byWrong[c]! - mean);
      }
      for (let h = 0; h < hiddens; h++) if (hidden[h] === 0) byHidden[h] = 0;
      for (let i = 0; i < inputs; i++) {
        const at = i * hiddens;
        let sum = 0;
        for (let h = 0; h < hiddens; h++) sum += by[at + h]! * back[h]! + model[at + h]! * byHidden[h]!;
        out[r * inputs + i] = sum / labels.length;
      }
    }
    return out;
  }

  /** A row on its way through: hidden units, shares of the classes, and the loss's gradients by both layers. */
  #pass(x: Float64Array, label: number) {
    const { inputs, hiddens, firstBias } = this;
    const model = this.#model;
    const classes = this.#classes;
    const hidden = Float64Array.from(model.subarray(firstBias, firstBias + hiddens));
    for (let i = 0; i < inputs; i++) {
      if (x[i] === 0) continue;
      for (let h = 0; h < hiddens; h++) hidden[h]! += x[i]! * model[i * hiddens + h]!;
    }
    const shares = Float64Array.from(model.subarray(this.#secondBias, this.#secondBias + classes));
    for (let h = 0; h < hiddens; h++) {
      hidden[h] = Math.max(0, hidden[h]!);
      for (let c = 0; c < classes; c++) shares[c]! += hidden[h]! * model[this.#second + h * classes + c]!;
    }
    const top = Math.max(...shares);
    const total = shares.reduce((sum, z) => sum + Math.exp(z - top), 0);
    for (let c = 0; c < classes; c++) shares[c] = Math.exp(shares[c]! - top) / total;
    const wrong = shares.slice();
    wrong[label]! -= 1;
    const back = new Float64Array(hiddens);
    for (let h = 0; h < hiddens; h++) {
      if (hidden[h] === 0) continue;
      for (let c = 0; c < classes; c++) back[h]! += model[this.#second + h * classes + c]! * wrong[c]!;
    }
    return { hidden, shares, wrong, back };
  }
}
