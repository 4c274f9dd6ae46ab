/** A validator's part of a round: propose a support, probe, evaluate; all from its own hold-out data. */
import { quantiseDirection, topK } from '../compress/index.ts';
import { presets } from '../rules/index.ts';
import type { Dataset } from './data/dataset.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Network } from './network.ts';
import type { TaskDescription } from './task.ts';
import { coordinates } from './trainer.ts';

export interface ValidatorParts {
  task: TaskDescription;
  network: Network;
  holdout: Dataset;
}

export class LocalValidator {
  readonly #parts: ValidatorParts;
  debt: Float32Array;
  constructor(parts: ValidatorParts) {
    this.#parts = parts;
    this.debt = new Float32Array(parts.network.size);
  }

  propose(model: Float32Array, round: number): Uint32Array {
    const { task, network } = this.#parts;
    const dir = this.direction(model);
    const mode = process.env.PMODE ?? 'raw';
    if (mode === 'raw') return topK(dir, coordinates(task, network, round));
    for (let i = 0; i < dir.length; i++) this.debt[i] = +(process.env.PDECAY ?? 1) * this.debt[i]! + dir[i]!;
    return topK(this.debt, coordinates(task, network, round));
  }

  /** The direction that would improve the model here, on `support`, as an update's lanes. */
  probe(model: Float32Array, support: Uint32Array): Int8Array[] {
    const { task } = this.#parts;
    const direction = this.direction(model);
    for (const i of support) this.debt[i] = 0;
    const { chunks, normBound } = task.compression;
    return quantiseDirection(
      Float32Array.from(support, (index) => direction[index]!),
      { lanes: presets[task.preset].lanes, chunks, normBound },
    );
  }

  evaluate(model: Float32Array): Evaluation {
    return evaluate(this.#parts.network, model, this.#parts.holdout);
  }

  direction(model: Float32Array): Float32Array {
    return this.#parts.network.gradient(model, this.#parts.holdout).gradient.map((x) => -x);
  }
}
