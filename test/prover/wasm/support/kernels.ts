// Which kernels can run on the machine of the tests. All can where relaxed multiply-add is fused; elsewhere integers alone.
import { assemble, f64x2, func, instantiate, v128 } from '@murmuration/core/wasm';
import { type KernelName, kernelNames } from '../../../../prover/wasm/kernel.ts';

/** `(1 + 2^-30)^2 - 1 - 2^-29` is 2^-60 if it is rounded once, and 0 if twice. */
function multiplyAddIsFused(): boolean {
  const multiplyAdd = func('multiplyAdd', ['i32'], undefined, (_, at) => [
    v128.store(
      at!.get,
      f64x2.relaxedMadd(v128.load(at!.get), v128.load(at!.get), v128.load(at!.get, 16)),
      32,
    ),
  ]);
  const { exports, buffer } = instantiate(assemble([multiplyAdd], 1), 1);
  const memory = new Float64Array(buffer);
  memory.set([1 + 2 ** -30, 1 + 2 ** -30, -1 - 2 ** -29, -1 - 2 ** -29], 2);
  exports.multiplyAdd!(16);
  return memory[6] === 2 ** -60;
}

const fused = multiplyAddIsFused();

export const usableKernels: readonly KernelName[] = kernelNames.filter(
  (name) => fused || name === 'integers',
);
