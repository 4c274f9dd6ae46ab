// The thread of a model: an engine of its own, tables by number, one order after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { NodeError } from '../../errors.ts';
import { startBackend } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import { evaluate } from '../evaluate.ts';
import { Network } from '../network.ts';
import { batchesOf } from '../training.ts';
import type { Answer, Envelope, Order, Orders, ThreadStart } from './messages.ts';

const port = parentPort!;
const { spec, backend, stop } = workerData as ThreadStart;
const stopped = new Int32Array(stop);
const tables = new Map<number, Dataset>();
let current = 0;

const starting = startBackend(backend).then(
  () =>
    new Network(spec, () => {
      if (Atomics.load(stopped, 0) === current) throw new Error('stopped');
    }),
);
// Every order is answered with the failure.
starting.catch(() => undefined);

port.on('message', async ({ number, order }: Envelope) => {
  let answer: Answer;
  try {
    const network = await starting;
    current = number;
    answer = { given: obey(network, order) };
  } catch (error) {
    answer =
      error instanceof NodeError ? { code: error.code, message: error.message, mend: error.mend } : { error };
  }
  port.postMessage(answer);
});

function obey(network: Network, order: Order): Orders[keyof Orders]['given'] {
  if (order.type === 'describe') return { size: network.size, weights: network.weights };
  if (order.type === 'take') return void tables.set(order.table, order.data);
  const { model } = order;
  const data = tables.get(order.table)!;
  if (order.type === 'evaluate') return evaluate(network, model, data);
  if (order.type === 'gradient') return network.gradient(model, data);
  const { seed, round, ...steps } = order.steps;
  return network.train(model, data, { ...steps, random: batchesOf(seed, round) });
}
