// Kernels for training that the WASM backend of TensorFlow.js 4.22 lacks, or runs slowly.
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { conv2DBackpropFilter } from './conv2d_filter.ts';
import { conv2DBackpropInput } from './conv2d_input.ts';
import { transposingMatMul } from './transpose.ts';

const marker = Symbol.for('murmuration.wasm-kernels');

/** Registers the kernels with the WASM backend of this thread; a second call changes nothing. */
export function registerTrainingKernels(): void {
  const here = globalThis as { [marker]?: boolean };
  if (here[marker]) return;
  const plain = getKernel('BatchMatMul', 'wasm');
  if (!plain) throw new Error('the WASM backend is not loaded; import @tensorflow/tfjs-backend-wasm first');
  for (const own of [transposingMatMul(plain), conv2DBackpropFilter, conv2DBackpropInput]) {
    if (getKernel(own.kernelName, 'wasm')) unregisterKernel(own.kernelName, 'wasm');
    registerKernel(own);
  }
  here[marker] = true;
}
