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
      addActive(hidden, model, firstBias, values, active.subarray(0, count));
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
    for (let q = 0; q < active.length; q++) {
      const x = values[active[q]!]!;
      const at = active[q]! * hiddens;
      let h = 0;
      for (; h + 4 <= hiddens; h += 4) {
        gradient[at + h]! += x * back[h]!;
        gradient[at + h + 1]! += x * back[h + 1]!;
        gradient[at + h + 2]! += x * back[h + 2]!;
        gradient[at + h + 3]! += x * back[h + 3]!;
      }
      for (; h < hiddens; h++) gradient[at + h]! += x * back[h]!;
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

/**
 * The first layer's sums. Eight units at a time, so that their sums stay in registers; each is added up in the order of the
 * inputs, as one at a time would be.
 */
function addActive(
  sums: Float64Array,
  model: Float32Array,
  bias: number,
  values: Float32Array,
  active: Int32Array,
): void {
  const units = sums.length;
  let h = 0;
  for (; h + 8 <= units; h += 8) {
    let s0: number = model[bias + h]!;
    let s1: number = model[bias + h + 1]!;
    let s2: number = model[bias + h + 2]!;
    let s3: number = model[bias + h + 3]!;
    let s4: number = model[bias + h + 4]!;
    let s5: number = model[bias + h + 5]!;
    let s6: number = model[bias + h + 6]!;
    let s7: number = model[bias + h + 7]!;
    for (let q = 0; q < active.length; q++) {
      const x = values[active[q]!]!;
      const at = active[q]! * units + h;
      s0 += x * model[at]!;
      s1 += x * model[at + 1]!;
      s2 += x * model[at + 2]!;
      s3 += x * model[at + 3]!;
      s4 += x * model[at + 4]!;
      s5 += x * model[at + 5]!;
      s6 += x * model[at + 6]!;
      s7 += x * model[at + 7]!;
    }
    sums.set([s0, s1, s2, s3, s4, s5, s6, s7], h);
  }
  for (; h < units; h++) {
    let sum: number = model[bias + h]!;
    for (let q = 0; q < active.length; q++) sum += values[active[q]!]! * model[active[q]! * units + h]!;
    sums[h] = sum;
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
