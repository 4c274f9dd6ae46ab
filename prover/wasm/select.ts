// Which kernel runs: the first that compiles, is worth it, and computes correctly here.
import { fieldOrder } from '@murmuration/core';
import { assemble } from '@murmuration/core/wasm';
import { createConstants } from './field/index.ts';
import { type KernelName, kernelNames, kernels, numberBytes } from './kernel.ts';
import {
  compileKernel,
  compileOptimised,
  createKernelMemory,
  firstFreeAddress,
  instantiateKernel,
  type KernelModule,
} from './module.ts';
import { scalarFunctions } from './scalar/index.ts';
import { selfCheck } from './selfcheck.ts';

/** The kernel that was chosen, and why those before it were not. */
export interface Selection {
  readonly module: KernelModule;
  readonly rejected: readonly { readonly kernel: KernelName; readonly reason: string }[];
}

/** How much faster four lanes must be than two, or two vectors are not merged here and only make code longer. */
const worthwhile = 1.2;

/**
 * Compiles kernels in order until one is fit.
 * @param wanted the only kernel that may be chosen, if given.
 * @throws Error if none is.
 */
export function selectKernel(wanted?: KernelName): Selection {
  const rejected: { kernel: KernelName; reason: string }[] = [];
  for (const kernel of wanted === undefined ? kernelNames : [wanted]) {
    try {
      if (kernel === 'quads' && wanted === undefined) checkMerging();
      const module = compileKernel(kernel);
      selfCheck(module);
      return { module, rejected };
    } catch (error) {
      rejected.push({ kernel, reason: (error as Error).message });
    }
  }
  const reasons = rejected.map(({ kernel, reason }) => `${kernel}: ${reason}`).join('; ');
  throw new Error(`no kernel computes correctly on this machine (${reasons})`);
}

/** Turns by two kernels, so that what else runs on the machine meets both alike. */
const turns = 48;

function checkMerging(): void {
  const loops = [productLoop('pairs'), productLoop('quads')] as const;
  const least = loops.map(() => Number.POSITIVE_INFINITY) as [number, number];
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, loop] of loops.entries()) least[i] = Math.min(least[i]!, loop());
  }
  if (least[0] / least[1] < worthwhile)
    throw new Error('this V8 does not merge two vectors into one of 256 bits');
}

/** Nanoseconds of one multiplication in Fr, from a loop over independent numbers; the least of several runs. */
export function multiplicationNs(name: KernelName): number {
  const loop = productLoop(name);
  return Math.min(...Array.from({ length: turns }, loop));
}

/** A loop over independent products in Fr, to be called several times; returns the nanoseconds of one. */
function productLoop(name: KernelName): () => number {
  const kernel = kernels[name];
  const constants = createConstants(1024);
  const products = scalarFunctions({ kernel, constants }, fieldOrder).filter(
    (one) => one.name === 'products',
  );
  const bytes = assemble(products, { shared: true, pages: 1, maxPages: 0x10000 });
  const module: KernelModule = {
    name,
    module: compileOptimised(bytes, name === 'quads'),
    constants: BigUint64Array.from(constants.words),
    constantsAt: constants.address,
  };
  const numbers = 512;
  const memory = createKernelMemory(firstFreeAddress + 3 * numberBytes * numbers);
  const { call } = instantiateKernel(module, memory);
  const [a, b, c] = [0, 1, 2].map((i) => firstFreeAddress + numberBytes * numbers * i) as [
    number,
    number,
    number,
  ];
  return () => {
    const started = process.hrtime.bigint();
    for (let i = 0; i < 8; i++) call.products!(a, b, numbers / kernel.lanes, c);
    return Number(process.hrtime.bigint() - started) / (8 * numbers);
  };
}
