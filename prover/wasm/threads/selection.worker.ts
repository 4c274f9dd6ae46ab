// Thread that selects a kernel and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import type { KernelName } from '../kernel.ts';
import { selectKernel } from '../select.ts';
import type { SelectionAnswer } from './selection.ts';

const answer = (): SelectionAnswer => {
  try {
    return { selection: selectKernel(workerData as KernelName | undefined) };
  } catch (error) {
    return { error: reasonOf(error) };
  }
};
parentPort!.postMessage(answer());
