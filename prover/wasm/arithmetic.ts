// What commitments and sponges take of a kernel, on the calling thread.
import type { Bases } from '../kzg/msm.ts';
import { createKernelBases } from './bases.ts';
import type { KernelModule } from './module.ts';
import { type Chain, createKernelChain } from './sponge.ts';

/** Arithmetic of a backend's own, for what is no proof. */
export interface Arithmetic {
  /**
   * Points ready for sums, for the same array the same ones. The sums are those of `loadBases`.
   *
   * @param g1 checked points: affine, 64 bytes each, big end first.
   */
  bases(g1: Uint8Array): Bases;
  /** Poseidon, chained. */
  readonly chain: Chain;
}

const known = new WeakMap<KernelModule, Arithmetic>();

/** The arithmetic of a kernel, for the same module the same. */
export function kernelArithmetic(module: KernelModule): Arithmetic {
  const arithmetic = known.get(module) ?? createArithmetic(module);
  known.set(module, arithmetic);
  return arithmetic;
}

function createArithmetic(module: KernelModule): Arithmetic {
  const bases = new WeakMap<Uint8Array, Bases>();
  let chain: Chain | undefined;
  return {
    bases(g1) {
      const ready = bases.get(g1) ?? createKernelBases(module, g1);
      bases.set(g1, ready);
      return ready;
    },
    get chain() {
      chain ??= createKernelChain(module);
      return chain;
    },
  };
}
