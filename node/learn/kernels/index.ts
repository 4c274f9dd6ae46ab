// Kernels for training that the WASM backend of TensorFlow.js 4.22 lacks, or runs slowly.
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { aliasing } from './alias.ts';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput } from './convolution.ts';
import { matrixProduct } from './matrix_product.ts';

const marker = Symbol.for('murmuration.wasm-kernels');

/** Registers the kernels with the WASM backend of this thread; a second call changes nothing. */
export function registerTrainingKernels(): void {
  const here = globalThis as { [marker]?: boolean };
  if (here[marker]) return;
  const kernels = [
    matrixProduct(ownKernel('BatchMatMul')),
    aliasing(ownKernel('Identity')),
    aliasing(ownKernel('Cast')),
    conv2D(ownKernel('Conv2D')),
    conv2DBackpropFilter,
    conv2DBackpropInput,
  ];
  for (const kernel of kernels) {
    if (getKernel(kernel.kernelName, 'wasm')) unregisterKernel(kernel.kernelName, 'wasm');
    registerKernel(kernel);
  }
  here[marker] = true;
}

/** The backend's own kernel. */
function ownKernel(name: string): KernelConfig {
  const own = getKernel(name, 'wasm');
  if (!own) throw new Error('the WASM backend is not loaded; import @tensorflow/tfjs-backend-wasm first');
  return own;
}
