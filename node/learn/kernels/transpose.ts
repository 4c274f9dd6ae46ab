// A matrix product that materialises transposed operands first. The WASM backend multiplies plain matrices
// with XNNPACK, but sends a product with a transposed operand (every weight gradient) through a scalar loop
// that takes about five times as long; a transpose costs less than that.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, kernel } from './call.ts';

/** Wraps the backend's own `BatchMatMul`; same inputs, attributes and result. */
export function transposingMatMul(plain: KernelConfig): KernelConfig {
  return {
    ...plain,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const own = backend as Backend;
      const a = transposeA ? swap(inputs.a!, own) : inputs.a!;
      const b = transposeB ? swap(inputs.b!, own) : inputs.b!;
      const out = plain.kernelFunc({
        inputs: { a, b },
        backend: own,
        attrs: { transposeA: false, transposeB: false },
      });
      if (transposeA) dispose(own, a);
      if (transposeB) dispose(own, b);
      return out;
    },
  };
}

function swap(x: TensorInfo, backend: Backend): TensorInfo {
  const rank = x.shape.length;
  const perm = x.shape.map((_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  return kernel(backend, 'Transpose', { x }, { perm });
}
