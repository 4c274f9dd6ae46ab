// The kernels of he/ beside each other: transforms of a row, and what a trainer and those who check it do with them.
import { createHe, type KernelName, type PresetName } from '@murmuration/he';
import { centralKeyGroup } from '@murmuration/he/testing';
import { Ring } from '../../he/ring/ring.ts';
import { encryptProven } from '../../he/wellformed/prove.ts';
import { checkEncryption } from '../../he/wellformed/verify.ts';
import { processorTime, type Timing, timingOf } from './timing.ts';

export interface KernelRow {
  readonly preset: PresetName;
  readonly kernel: KernelName;
  /** Of one row, there and back, in milliseconds. */
  readonly transforms: Timing;
  readonly prove: Timing;
  readonly check: Timing;
}

const runs = 40;
const transformsAtOnce = 20;

/** Processor time by each kernel that runs here; they take turns, so that what else runs on the machine meets both alike. */
export async function measureKernels(preset: PresetName): Promise<KernelRow[]> {
  const he = await createHe(preset);
  const { group } = centralKeyGroup(he, 4, 3);
  const { params } = he;
  const primes = [...params.primes, params.specialPrime];
  const coordinates = new Int32Array(params.coordinatesPerChunk).fill(5);
  const vectors = [{ coordinates, blinding: [1n, 2n, 3n] as const }];
  const binding = group.id;
  const names: readonly KernelName[] = he.kernel === 'integers' ? ['integers'] : ['integers', he.kernel];
  const contestants = names.map((kernel) => {
    const ring = new Ring(params.ringDegree, primes, kernel);
    const context = { params, ring };
    // What is prepared for a public key is kept by it, with the kernel that prepared it.
    const own = { ...group, publicKey: group.publicKey.map((row) => row.slice()) };
    const row = ring.fromSigned(new Int32Array(ring.n).fill(-3), 0);
    const made = encryptProven(context, { group: own, vectors, binding });
    return {
      kernel,
      work: {
        transforms: () => {
          for (let i = 0; i < transformsAtOnce; i++) ring.inverse(ring.forward(row, 0), 0);
        },
        prove: () => void encryptProven(context, { group: own, vectors, binding }),
        check: () => checkEncryption(context, { group: own, ...made, binding }),
      },
      times: { transforms: [], prove: [], check: [] } as Record<Part, number[]>,
    };
  });
  for (let run = -10; run < runs; run++)
    for (const part of parts)
      for (const { work, times } of contestants) {
        const start = processorTime();
        work[part]();
        if (run >= 0) times[part].push(processorTime() - start);
      }
  return contestants.map(({ kernel, times }) => ({
    preset,
    kernel,
    transforms: timingOf(times.transforms.map((time) => time / transformsAtOnce)),
    prove: timingOf(times.prove),
    check: timingOf(times.check),
  }));
}

const parts = ['transforms', 'prove', 'check'] as const;
type Part = (typeof parts)[number];
