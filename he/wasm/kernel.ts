// The arithmetic kernels: what the WebAssembly module of each consists of, and how it wants its tables of roots.

import type { Func } from '@murmuration/core/wasm';
import { accept, pack, unpack } from './bits.ts';
import { decode } from './decode.ts';
import * as pairRows from './pairs/rows.ts';
import * as pairTransforms from './pairs/transform.ts';
import { add, countFrom, mul, reduce, scaleAdd } from './rows.ts';
import { intt, ntt } from './transform.ts';

/**
 * `pairs` is for two residues at a time, in doubles, by fused multiply-add; `integers` needs WebAssembly 1.0 alone. They differ in
 * nothing but time.
 */
export type KernelName = 'pairs' | 'integers';

/** What a kernel consists of. */
export interface Kernel {
  readonly functions: readonly Func[];
  /** Whether roots of unity are doubles in (-q/2, q/2), not words in [0, q). */
  readonly hasBalancedRoots: boolean;
}

const common = [add, countFrom, reduce, accept, pack, unpack, decode];

export const kernels: Readonly<Record<KernelName, Kernel>> = {
  pairs: {
    functions: [pairTransforms.ntt, pairTransforms.intt, pairRows.mul, pairRows.scaleAdd, ...common],
    hasBalancedRoots: true,
  },
  integers: { functions: [ntt, intt, mul, scaleAdd, ...common], hasBalancedRoots: false },
};
