// A kernel with a memory of its own: rows of N words from address 0, then each prime's tables of roots.

import { Recent } from '@murmuration/core';
import { assemble, type Exports, instantiate } from '@murmuration/core/wasm';
import { type KernelName, kernels } from '../wasm/kernel.ts';
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

/** What a memory is opened for. */
export interface MemoryShape {
  /** Degree, a power of two from 8 to 32768. */
  readonly n: number;
  /** Each = 1 mod 2n and below 2^50. */
  readonly primes: readonly bigint[];
  /** Rows. */
  readonly count: number;
}

/** A kernel whose memory has `count` rows. */
export function openKernel(name: KernelName, { n, primes, count }: MemoryShape): KernelMemory {
  const row = 8 * n;
  const pages = Math.ceil((row * (count + 4 * primes.length)) / 65536);
  const { exports, buffer } = instantiate(assemble(kernels[name].functions, pages), pages);
  const bytes = new Uint8Array(buffer);
  const tables = primes.map((q, index) => {
    const roots = row * (count + 4 * index);
    const inverseRoots = roots + 2 * row;
    const root = leastRoot(q, n);
    bytes.set(rootTable(name, { n, root, q }), roots);
    bytes.set(rootTable(name, { n, root: inverse(root, q), q }), inverseRoots);
    return { q, oneOverQ: 1 / Number(q), roots, inverseRoots };
  });
  return { kernel: exports, words: new BigUint64Array(buffer), bytes, tables };
}

interface Powers {
  readonly n: number;
  readonly root: bigint;
  readonly q: bigint;
}

/** Every memory of a ring has the same tables, and a key group's proofs open one each; two presets have twelve. */
const made = new Recent<Uint8Array>(24);

function rootTable(name: KernelName, of: Powers): Uint8Array {
  const key = `${name}/${of.n}/${of.root}/${of.q}`;
  const known = made.get(key) ?? makeRootTable(kernels[name].hasBalancedRoots, of);
  made.set(key, known);
  return known;
}

/** Powers of `root` in bit-reversed order, then each divided by q as a float64: 2 n words. */
function makeRootTable(balanced: boolean, { n, root, q }: Powers): Uint8Array {
  const words = new BigUint64Array(2 * n);
  const doubles = new Float64Array(words.buffer);
  const logN = Math.log2(n);
  let current = 1n;
  for (let i = 0; i < n; i++) {
    let reversed = 0;
    for (let bit = 0; bit < logN; bit++) reversed = (reversed << 1) | ((i >> bit) & 1);
    const entry = balanced && 2n * current > q ? current - q : current;
    if (balanced) doubles[reversed] = Number(entry);
    else words[reversed] = entry;
    doubles[n + reversed] = Number(entry) / Number(q);
    current = (current * root) % q;
  }
  return new Uint8Array(words.buffer);
}
