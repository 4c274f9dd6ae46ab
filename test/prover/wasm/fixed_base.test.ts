// Multiples of a generator by a kernel are those of ffjavascript: none, one, as many as are made at a time, and more.
import { fieldOrder as r } from '@murmuration/core';
import { expect, it } from 'vitest';
import { packLittle } from '../../../prover/kzg/bytes.ts';
import { createKernelFixedBase } from '../../../prover/wasm/msm/fixed_base.ts';
import { usableKernels } from './support/kernels.ts';
import { moduleOf, multiplesOf, pseudorandom } from './support/summing.ts';

// Both forms of numbers.
const kernels = usableKernels.slice(-2);
const edges = [0n, 1n, 2n, 4095n, 4096n, 4097n, 2n ** 24n, 2n ** 252n, 2n ** 253n + 1n, r - 1n];

it.each(
  kernels.flatMap((kernel) => [
    [kernel, 1 as const, 2060],
    [kernel, 2 as const, 30],
  ]) as [(typeof kernels)[number], 1 | 2, number][],
)('%s, group %i', async (kernel, degree, most) => {
  const base = createKernelFixedBase(degree, moduleOf(kernel), moduleOf(kernel, 'tables'));
  const random = pseudorandom(7n);
  const scalars = Array.from({ length: most }, () => random.next().value as bigint);
  edges.forEach((scalar, i) => {
    // At the beginning, where 1024 end, and at the end.
    for (const at of [i, 1020 + i, most - 1 - i]) if (at < most) scalars[at] = scalar;
  });
  // What one call leaves behind does not matter to the next.
  for (const count of [most, 0, 1, 1024, 1025]) {
    const some = scalars.slice(0, count);
    const points = base.multiply(packLittle(some));
    expect(Buffer.from(points).equals(Buffer.from(await multiplesOf(degree, some)))).toBe(true);
  }
});
