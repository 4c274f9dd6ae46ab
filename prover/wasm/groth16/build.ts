// From a proving key file to a key's memory, as far as one thread does it: everything but the tables' multiples, which all threads share.
import { fieldOrder as r } from '@murmuration/core';
import { writeLittle } from '../../kzg/bytes.ts';
import { packedBytes } from '../curve/index.ts';
import { kernels, numberBytes, writeNumber } from '../kernel.ts';
import { createKernelMemory, instantiateKernel, type KernelModule, type SharedMemory } from '../module.ts';
import { fillDomain } from '../scalar/domain.ts';
import { type KeyFile, likelyBits, type VectorName, vectorNames } from './key_file.ts';
import { degreeOf, type KeyLayout, layOutKey } from './layout.ts';
import { planMatrix } from './matrix_plan.ts';

export interface BuiltKey {
  readonly memory: SharedMemory;
  readonly layout: KeyLayout;
}

/** Numbers of the extra scalars: behind the wires' come r, s, and -r s. */
export const extras = { r: 0, s: 1, minusRs: 2 } as const;

/** A point of a sum: its bytes in the file, and the number of its scalar. */
interface Source {
  readonly bytes: Uint8Array;
  readonly scalar: number;
}

/** @param room bytes behind the key's own, for proofs and threads. */
export function buildKey(
  file: KeyFile,
  module: KernelModule,
  { levels, room }: { levels: number; room: (layout: KeyLayout) => number },
): BuiltKey {
  const bits = likelyBits(file);
  const sources = Object.fromEntries(
    vectorNames.map((name) => [name, sourcesOf(file, name, bits)]),
  ) as Record<VectorName, { full: Source[]; short: Source[] }>;
  const zero = file.coefficients.length;
  const plans = file.matrices.map((matrix) => planMatrix(matrix, module.name, zero));
  const { layout, indices, coefficients } = layOutKey({
    kernel: module.name,
    wires: file.wires,
    publics: file.publics,
    log2Domain: file.log2Domain,
    points: Object.fromEntries(
      vectorNames.map((name) => [
        name,
        { full: sources[name].full.length, short: sources[name].short.length },
      ]),
    ) as Record<VectorName, { full: number; short: number }>,
    plans: plans.map(({ words, groups }) => ({ bytes: words.byteLength, groups })) as [
      { bytes: number; groups: number },
      { bytes: number; groups: number },
    ],
    coefficients: file.coefficients.length + 1,
    levels,
  });
  const memory = createKernelMemory(layout.end + room(layout));
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  for (const name of vectorNames) {
    const { full, short } = sources[name];
    const size = packedBytes(degreeOf(name));
    [...full, ...short].forEach(({ bytes: point, scalar }, i) => {
      // As they are in the file; the tables' makers turn them into packed points.
      bytes.set(point, layout.vectors[name].table + size * i);
      if (name !== 'h') view.setUint32(indices[name] + 4 * i, scalar, true);
    });
    writeLittle(view, layout.vectors[name].offset, layout.vectors[name].shape.windows.offset);
  }
  writeLittle(view, layout.order, r);
  const kernel = kernels[module.name];
  [...file.coefficients, 0n].forEach((value, i) => {
    writeNumber(kernel, view, { address: coefficients + numberBytes * i }, value, r);
  });
  plans.forEach(({ words, coefficientsAt }, i) => {
    for (const at of coefficientsAt) words[at] = coefficients + numberBytes * words[at]!;
    new Uint32Array(memory.buffer).set(words, layout.matrices[i as 0 | 1].plan >> 2);
  });
  fillDomain(instantiateKernel(module, memory), layout.domain);
  return { memory, layout };
}

/** The points of a sum, infinity left out: those with a whole table, and those of wires that are likely bits. */
function sourcesOf(file: KeyFile, name: VectorName, bits: Uint8Array): { full: Source[]; short: Source[] } {
  const size = packedBytes(degreeOf(name));
  const points = file.points[name];
  const count = points.length / size;
  const point = (i: number) => points.subarray(size * i, size * (i + 1));
  const finite = (bytes: Uint8Array) => bytes.some((byte) => byte !== 0);
  if (name === 'h') {
    // In the order in which the transform gives their scalars.
    const full = Array.from({ length: count }, (_, j) => ({ bytes: point((count - j) % count), scalar: j }));
    return { full, short: [] };
  }
  const { alpha1, beta1, beta2, delta1, delta2 } = file.fixed;
  const extra = (bytes: Uint8Array, which: keyof typeof extras) => ({
    bytes,
    scalar: file.wires + extras[which],
  });
  const added: Record<Exclude<VectorName, 'h'>, Source[]> = {
    a: [{ bytes: alpha1, scalar: 0 }, extra(delta1, 'r')],
    b1: [{ bytes: beta1, scalar: 0 }, extra(delta1, 's')],
    b2: [{ bytes: beta2, scalar: 0 }, extra(delta2, 's')],
    c: [extra(delta1, 'minusRs')],
  };
  const [full, short] = [[...added[name]], [] as Source[]];
  const first = name === 'c' ? file.publics + 1 : 0;
  for (let i = 0; i < count; i++) {
    const wire = first + i;
    if (!finite(point(i))) continue;
    (bits[wire] ? short : full).push({ bytes: point(i), scalar: wire });
  }
  return { full, short };
}
