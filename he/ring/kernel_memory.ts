// The kernel with a memory of its own: rows of N words from address 0, then each prime's tables of roots.

import { assemble, type Exports, instantiate } from '@murmuration/core/wasm';
import { kernelFunctions } from '../wasm/kernel.ts';
import { inverse, leastRoot } from './primes.ts';

/** Tables of one prime, at addresses of the kernel's memory. */
export interface PrimeTables {
  readonly q: bigint;
  readonly oneOverQ: number;
  readonly roots: number;
  readonly inverseRoots: number;
}

/** A kernel and its memory, seen as 64-bit words and as bytes. */
export interface KernelMemory {
  readonly kernel: Exports;
  readonly words: BigUint64Array;
  readonly bytes: Uint8Array;
  readonly tables: readonly PrimeTables[];
}

/** Powers of `root` in bit-reversed order, then each divided by q as a float64; 2 n words of the memory. */
function fillRoots(buffer: ArrayBuffer, at: number, of: { n: number; root: bigint; q: bigint }): void {
  const { n, root, q } = of;
  const words = new BigUint64Array(buffer, at, n);
  const quotients = new Float64Array(buffer, at + 8 * n, n);
  const logN = Math.log2(n);
  let current = 1n;
  for (let i = 0; i < n; i++) {
    let reversed = 0;
    for (let bit = 0; bit < logN; bit++) reversed = (reversed << 1) | ((i >> bit) & 1);
    words[reversed] = current;
    quotients[reversed] = Number(current) / Number(q);
    current = (current * root) % q;
  }
}

/**
 * A kernel whose memory has `count` rows.
 * @param n degree, a power of two from 8 to 32768.
 * @param primes each = 1 mod 2n and below 2^50.
 */
export function openKernel(n: number, primes: readonly bigint[], count: number): KernelMemory {
  const row = 8 * n;
  const pages = Math.ceil((row * (count + 4 * primes.length)) / 65536);
  const { exports, buffer } = instantiate(assemble(kernelFunctions, pages), pages);
  const tables = primes.map((q, index) => {
    const roots = row * (count + 4 * index);
    const inverseRoots = roots + 2 * row;
    const root = leastRoot(q, n);
    fillRoots(buffer, roots, { n, root, q });
    fillRoots(buffer, inverseRoots, { n, root: inverse(root, q), q });
    return { q, oneOverQ: 1 / Number(q), roots, inverseRoots };
  });
  return { kernel: exports, words: new BigUint64Array(buffer), bytes: new Uint8Array(buffer), tables };
}
