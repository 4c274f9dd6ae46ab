// Where a task's model is computed: a thread of this process, and whatever else keeps this promise (the
// compliance suite in test/node/learn/host/ holds it). A role asks and goes on: training may take minutes, and its
// peers, its chain and its signals do not wait for it.
import { NodeError } from '../../errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Evaluation } from '../evaluate.ts';
import type { ModelLayout } from '../layout.ts';
import type { Steps, WholeGradient } from '../network.ts';

/**
 * A model at work, for all roles of a process. What is asked of the same rows is done one after the other. Once it is closed,
 * or has failed for good, everything rejects.
 */
export interface ModelHost {
  /** How the parameters lie, as the host has them. */
  describe(): Promise<ModelLayout>;
  /** Takes rows in, once; everything else is asked of them. */
  take(data: Dataset): Promise<HostedRows>;
  /** Ends what is under way, and gives all memory back. */
  close(): Promise<void>;
}

/** One round's local training; the same seed and round draw the same batches. */
export interface RoundSteps extends Steps {
  readonly seed: number | string;
  /** From 0. */
  readonly round: number;
}

/**
 * Rows in a host, and what is computed on them. All of it rejects with NodeError `learning` where model and rows
 * do not fit the description or a number is not finite, and at once with the signal's reason where that comes
 * first.
 */
export interface HostedRows {
  readonly count: number;
  /** Trains from `model` and resolves to the change that it made. */
  train(model: Float32Array, steps: RoundSteps, signal?: AbortSignal): Promise<Float32Array>;
  evaluate(model: Float32Array, signal?: AbortSignal): Promise<Evaluation>;
  /** Mean loss and its gradient over all rows. */
  gradient(model: Float32Array, signal?: AbortSignal): Promise<WholeGradient>;
}

/**
 * Takes rows into a host that computes the task's model.
 * @throws NodeError `learning` where the host computes another one.
 */
export async function takeRows(host: ModelHost, layout: ModelLayout, data: Dataset): Promise<HostedRows> {
  const described = await host.describe();
  if (shapesOf(described) !== shapesOf(layout))
    throw new NodeError(
      'learning',
      `model: its weights are ${shapesOf(described)}, but the task's are ${shapesOf(layout)}`,
    );
  return host.take(data);
}

const shapesOf = ({ weights }: ModelLayout): string =>
  weights.map(({ shape }) => `[${shape.join(' x ')}]`).join(', ');
