// The sponge by each kernel is chained Poseidon, for elements of every size and chains of every length; nothing of them stays
// in its memory.
import { fieldOrder as R } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { poseidon } from '../../../prover/poseidon/permutation.ts';
import { compileKernel } from '../../../prover/wasm/module.ts';
import { createKernelChain, spongeRate } from '../../../prover/wasm/sponge.ts';
import { webAssembly } from '../../../prover/webassembly.ts';
import { usableKernels } from './support/kernels.ts';
import { moduleOf, pseudorandom } from './support/summing.ts';

function chained(domain: bigint, elements: readonly bigint[]): bigint {
  let state = domain;
  for (let start = 0; start < elements.length; start += spongeRate) {
    const block = Array.from({ length: spongeRate }, (_, i) => elements[start + i] ?? 0n);
    state = poseidon([state, ...block]);
  }
  return state;
}

/** Around every limb of either kind, and at the ends of the field. */
const edges = [0n, 1n, R - 1n, R / 2n, R / 2n + 1n].concat(
  [29n, 51n, 58n, 87n, 102n, 153n, 204n, 232n, 253n].flatMap((bit) =>
    [-1n, 0n, 1n].map((step) => (2n ** bit + step) % R),
  ),
);

describe.each(usableKernels.map((name) => [name] as const))('%s', (name) => {
  it('chains what the permutation gives, one after the other', () => {
    const chain = createKernelChain(moduleOf(name));
    const random = pseudorandom(17n);
    const take = (count: number) => Array.from({ length: count }, () => (random.next().value as bigint) % R);
    for (const elements of [
      [],
      [R - 1n],
      new Array(15).fill(R - 1n),
      edges,
      ...[14, 15, 16, 30, 134].map(take),
    ]) {
      for (const domain of [0n, R - 1n, 12345n])
        expect(chain(domain, elements)).toBe(chained(domain, elements));
    }
  });
  it('takes more elements than it holds at a time', () => {
    const chain = createKernelChain(moduleOf(name));
    for (const length of [480, 481, 961]) {
      const elements = Array.from({ length }, (_, i) => BigInt(i) ** 3n);
      expect(chain(7n, elements)).toBe(chained(7n, elements));
    }
  });
  it('is the same in a module of its own', () => {
    expect(createKernelChain(compileKernel(name, 'sponge'))(5n, edges)).toBe(chained(5n, edges));
  });
  it('keeps nothing of the elements', () => {
    const memories: { readonly buffer: ArrayBufferLike }[] = [];
    const standard = webAssembly as { Memory: typeof webAssembly.Memory };
    const { Memory } = standard;
    standard.Memory = class extends Memory {
      constructor(...given: ConstructorParameters<typeof Memory>) {
        super(...given);
        memories.push(this);
      }
    };
    try {
      const chain = createKernelChain(moduleOf(name));
      chain(0n, []);
      const before = new Uint8Array(memories[0]!.buffer).slice();
      chain(R - 1n, edges);
      expect(memories).toHaveLength(1);
      expect(Buffer.compare(before, new Uint8Array(memories[0]!.buffer).slice())).toBe(0);
    } finally {
      standard.Memory = Memory;
    }
  });
});
