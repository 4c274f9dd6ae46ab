// Which kernel runs here: the first that compiles and computes what the plainest does, by the very code that will run.

import type { KernelName } from '../wasm/kernel.ts';
import { type KernelMemory, openKernel } from './kernel_memory.ts';

/** Of 50 bits, the most that there are, and of 45 and 16: sums are reduced as often as their size wants. */
const primes = [1125899906629633n, 35184371884033n, 40961n];
const n = 64;

let chosen: KernelName | undefined;

/** The fastest kernel that is right on this machine. */
export function chosenKernel(): KernelName {
  chosen ??= isRight('pairs') ? 'pairs' : 'integers';
  return chosen;
}

/**
 * Whether a kernel compiles here, and its sums, products and transforms are those of `integers`. They are not where a
 * processor multiplies and adds in two steps: no specification excludes that.
 */
function isRight(name: KernelName): boolean {
  let memory: KernelMemory;
  try {
    memory = openKernel(name, { n, primes, count: 2 });
  } catch {
    // Relaxed vector instructions are younger than the rest.
    return false;
  }
  const plain = openKernel('integers', { n, primes, count: 2 });
  return primes.every((_, prime) => {
    const [found, expected] = [memory, plain].map((each) => results(each, prime));
    return found!.every((word, i) => word === expected![i]);
  });
}

/** Every operation on rows that hold the ends of the range and much between them. */
function results({ kernel, words, tables }: KernelMemory, prime: number): BigUint64Array {
  const { q, oneOverQ, roots, inverseRoots } = tables[prime]!;
  const [a, b] = [0, 8 * n];
  for (let i = 0; i < n; i++) {
    words[i] = i % 3 === 0 ? q - 1n - BigInt(i % 2) : (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % q;
    words[n + i] = i % 5 === 0 ? q - 1n : (BigInt(i) * 0xd1342543de82ef95n) % q;
  }
  kernel.ntt!(a, roots, n, q);
  kernel.mul!(a, b, n, q, oneOverQ);
  kernel.scaleAdd!(a, b, n, q, q - 1n, Number(q - 1n) / Number(q));
  kernel.intt!(a, inverseRoots, n, q);
  return words.slice(0, n);
}
