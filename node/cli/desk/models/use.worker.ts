// A thread that tries a model on rows, or makes files of it: it may take seconds, in which roles of this process go on.
import { parentPort, workerData } from 'node:worker_threads';
import { readModelFile } from '../../files/model_file.ts';
import { exported } from '../../model/exported.ts';
import { evaluateModel, predictionsCsv, predictRows } from '../../model/use.ts';
import { faultOf } from '../../output/fault.ts';
import type { Orders, UseAnswer, UseOrder } from './use_model.ts';

async function obey({ path, ...order }: UseOrder): Promise<Orders[keyof Orders]['given']> {
  const read = await readModelFile(path);
  if (order.type === 'export') return exported(read, order.task);
  // The desk starts no program: a model that is one says what it needs.
  const program = {};
  if (order.type === 'evaluate') {
    const { data, reading } = order;
    return evaluateModel(read, { data, reading, program, seed: order.seed });
  }
  const { data, reading, ids } = order;
  const found = await predictRows(read, { data, reading, program, ids });
  const classes = found.classes.map((name) => ({
    name,
    count: found.rows.filter(({ best }) => best === name).length,
  }));
  return { rows: found.rows.length, classes, csv: `${predictionsCsv(found)}\n` };
}

let answer: UseAnswer;
try {
  answer = { given: await obey(workerData as UseOrder) };
} catch (error) {
  answer = { fault: faultOf(error) };
}
parentPort!.postMessage(answer);
