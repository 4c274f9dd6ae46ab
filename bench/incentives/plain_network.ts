// The network of the incentives' runs: two dense layers and a softmax in plain loops that skip inputs of zero. It
// computes what `Network` does up to the order of additions, several times as fast at these small sizes, where
// TensorFlow.js spends its time on calls.
import { type Dataset, Network, type Random } from '../../node/learn/index.ts';

/** A `Network` of exactly two dense layers, the first with relu, with a categorical loss. */
export class PlainNetwork extends Network {
  override train(
    parameters: Float32Array,
    data: Dataset,
    { steps, batch, rate, random }: { steps: number; batch: number; rate: number; random: Random },
  ): Float32Array {
    const model = parameters.slice();
    const gradient = new Float32Array(model.length);
    const rows = new Uint32Array(batch);
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < batch; i++) rows[i] = random.below(data.count);
      gradient.fill(0);
      this.#pass(model, data, rows, (row) => this.#addGradient(gradient, model, row));
      for (let i = 0; i < model.length; i++) model[i]! -= rate * gradient[i]!;
    }
    return model.map((x, i) => x - parameters[i]!);
  }

  override predict(parameters: Float32Array, data: Dataset): Float32Array {
    const out = new Float32Array(data.count * data.classes);
    const rows = Uint32Array.from({ length: data.count }, (_, i) => i);
    this.#pass(parameters, data, rows, ({ k, outputs }) => out.set(outputs, k * data.classes));
    return out;
  }

  /** Runs rows forward, one at a time. */
  #pass(model: Float32Array, data: Dataset, rows: Uint32Array, each: (row: Forward) => void): void {
    const { inputs, hiddens, firstBias, second, secondBias, classes } = this.#sizes();
    const active = new Int32Array(inputs);
    const hidden = new Float64Array(hiddens);
    const outputs = new Float64Array(classes);
    rows.forEach((row, k) => {
      const values = data.inputs.subarray(row * inputs, (row + 1) * inputs);
      let count = 0;
      for (let i = 0; i < inputs; i++) if (values[i] !== 0) active[count++] = i;
      for (let h = 0; h < hiddens; h++) hidden[h] = model[firstBias + h]!;
      for (let q = 0; q < count; q++) {
        const x = values[active[q]!]!;
        const at = active[q]! * hiddens;
        for (let h = 0; h < hiddens; h++) hidden[h]! += x * model[at + h]!;
      }
      for (let c = 0; c < classes; c++) outputs[c] = model[secondBias + c]!;
      for (let h = 0; h < hiddens; h++) {
        hidden[h] = Math.max(0, hidden[h]!);
        if (hidden[h] === 0) continue;
        for (let c = 0; c < classes; c++) outputs[c]! += hidden[h]! * model[second + h * classes + c]!;
      }
      softmax(outputs);
      const share = 1 / rows.length;
      each({
        k,
        label: data.labels[row]!,
        share,
        values,
        active: active.subarray(0, count),
        hidden,
        outputs,
      });
    });
  }

  #addGradient(gradient: Float32Array, model: Float32Array, row: Forward): void {
    const { hiddens, firstBias, second, secondBias, classes } = this.#sizes();
    const { label, share, values, active, hidden, outputs } = row;
    const back = new Float64Array(hiddens);
    outputs[label]! -= 1;
    for (let c = 0; c < classes; c++) {
      outputs[c]! *= share;
      gradient[secondBias + c]! += outputs[c]!;
    }
    for (let h = 0; h < hiddens; h++) {
      if (hidden[h] === 0) continue;
      let sum = 0;
      for (let c = 0; c < classes; c++) {
        const at = second + h * classes + c;
        sum += outputs[c]! * model[at]!;
        gradient[at]! += hidden[h]! * outputs[c]!;
      }
      back[h] = sum;
      gradient[firstBias + h]! += sum;
    }
    for (const i of active) {
      const x = values[i]!;
      const at = i * hiddens;
      for (let h = 0; h < hiddens; h++) gradient[at + h]! += x * back[h]!;
    }
  }

  #sizes() {
    const [first, firstBias, second, secondBias] = this.weights;
    if (!first || !firstBias || !second || !secondBias || this.weights.length !== 4)
      throw new Error('a plain network has two dense layers');
    const [inputs, hiddens] = first.shape as [number, number];
    return {
      inputs,
      hiddens,
      firstBias: firstBias.offset,
      second: second.offset,
      secondBias: secondBias.offset,
      classes: secondBias.size,
    };
  }
}

/** One row after its way forward; `outputs` are probabilities. */
interface Forward {
  readonly k: number;
  readonly label: number;
  readonly share: number;
  readonly values: Float32Array;
  readonly active: Int32Array;
  readonly hidden: Float64Array;
  readonly outputs: Float64Array;
}

function softmax(values: Float64Array): void {
  const top = values.reduce((most, x) => Math.max(most, x));
  let sum = 0;
  for (let c = 0; c < values.length; c++) {
    values[c] = Math.exp(values[c]! - top);
    sum += values[c]!;
  }
  for (let c = 0; c < values.length; c++) values[c]! /= sum;
}
