// The three kernels: the same formulas over other arithmetic. Each is a name, a number of lanes, and how a number lies in memory.
//
// A number takes 40 bytes in every kernel, so that all sizes are the same. Numbers of as many lanes as the kernel has lie limb by limb,
// lane by lane (a "row"); alone, a number lies limb by limb.
import type { Code, NewLocal } from '@murmuration/core/wasm';
import {
  balancedLimbs,
  type Constants,
  centred,
  createDoubles,
  createIntegers,
  doubleLimbs,
  doublesPackOffset,
  type FieldCode,
  integerLimbs,
  integerLimbsOf,
  inverse,
  type Step,
  stepCode,
  valueOfDoubles,
  valueOfIntegers,
} from './field/index.ts';

/**
 * `quads`: four lanes in two vectors, which V8 merges into 256 bits where it can; `pairs`: two lanes; `integers`: one, without fused
 * multiply-add.
 */
export type KernelName = 'quads' | 'pairs' | 'integers';

/** All kernels, the fastest first. */
export const kernelNames: readonly KernelName[] = ['quads', 'pairs', 'integers'];

export const numberBytes = 40;

export interface Kernel {
  readonly name: KernelName;
  /** Numbers that are computed on at once. */
  readonly lanes: number;
  /** Vectors of lanes in the code of a function, and lanes of each. */
  readonly vectors: number;
  readonly lanesPerVector: number;
  /** The factor that numbers carry, as a power of two. */
  readonly radix: bigint;
  /** Whether limbs are doubles. */
  readonly doubles: boolean;
}

export const kernels: Readonly<Record<KernelName, Kernel>> = {
  quads: { name: 'quads', lanes: 4, vectors: 2, lanesPerVector: 2, radix: 1n << 51n, doubles: true },
  pairs: { name: 'pairs', lanes: 2, vectors: 1, lanesPerVector: 2, radix: 1n << 51n, doubles: true },
  integers: { name: 'integers', lanes: 1, vectors: 1, lanesPerVector: 1, radix: 1n << 261n, doubles: false },
};

/** What generators of functions share. */
export interface Build {
  readonly kernel: Kernel;
  readonly constants: Constants;
}

/** Code of one function for all vectors: `build` writes it for each, step by step alike. */
export function vectorised(
  { kernel, constants }: Build,
  modulus: bigint,
  local: NewLocal,
): {
  fields: readonly FieldCode[];
  prologue(): Code;
  steps(build: (field: FieldCode, vector: number) => readonly Step[]): Code;
} {
  const fields = Array.from({ length: kernel.vectors }, (_, vector) =>
    kernel.doubles
      ? createDoubles({ modulus, constants, local, vector, stride: 8 * kernel.lanes })
      : createIntegers(modulus, local),
  );
  return {
    fields,
    prologue: () => fields.flatMap(({ prologue }) => prologue),
    steps(build) {
      const [first, ...others] = fields.map(build);
      return first!.map((step, i) => {
        const all = [step, ...others.map((steps) => steps[i]!)];
        if (!('memory' in step)) return all.map(stepCode);
        // Neighbours in memory beside each other.
        return step.memory.map((_, k) => all.map((one) => (one as { memory: readonly Code[] }).memory[k]!));
      });
    },
  };
}

/** Writes a number at an address: alone if `lanes` is 1, else into one lane of a row. */
export function writeNumber(
  { doubles, radix }: Kernel,
  memory: DataView,
  at: { address: number; lane?: number; lanes?: number },
  value: bigint,
  modulus: bigint,
): void {
  const { address, lane = 0, lanes = 1 } = at;
  const scaled = centred(value * radix, modulus);
  if (doubles) {
    balancedLimbs(scaled).forEach((limb, i) => {
      memory.setFloat64(address + 8 * (i * lanes + lane), limb, true);
    });
  } else {
    integerLimbsOf(scaled).forEach((limb, i) => {
      memory.setInt32(address + 4 * i, limb, true);
    });
  }
}

/** Words of a table's number: see `packOffset` of the field. */
export function packedNumber({ doubles, radix }: Kernel, value: bigint, modulus: bigint): bigint {
  return BigInt.asUintN(256, centred(value * radix, modulus) + (doubles ? doublesPackOffset : 0n));
}

/** The residue of the number at an address, in [0, p). */
export function readNumber(
  kernel: Kernel,
  memory: DataView,
  at: { address: number; lane?: number; lanes?: number },
  modulus: bigint,
): bigint {
  const { address, lane = 0, lanes = 1 } = at;
  const limbs = kernel.doubles
    ? Array.from({ length: doubleLimbs }, (_, i) => memory.getFloat64(address + 8 * (i * lanes + lane), true))
    : Array.from({ length: integerLimbs }, (_, i) => memory.getInt32(address + 4 * i, true));
  const value = kernel.doubles ? valueOfDoubles(limbs) : valueOfIntegers(limbs);
  const rest = (value * radixInverse(kernel, modulus)) % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** By radix, then by modulus: one of each is asked for at every number that is read. */
const inverses = new Map<bigint, Map<bigint, bigint>>();
function radixInverse({ radix }: Kernel, modulus: bigint): bigint {
  const ofRadix = inverses.get(radix) ?? new Map<bigint, bigint>();
  inverses.set(radix, ofRadix);
  const known = ofRadix.get(modulus) ?? inverse(radix, modulus);
  ofRadix.set(modulus, known);
  return known;
}
