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

function checkMerging(): void {
  const [two, four] = [multiplicationNs('pairs'), multiplicationNs('quads')];
  if (two / four < worthwhile) throw new Error('this V8 does not merge two vectors into one of 256 bits');
}

/** Nanoseconds of one multiplication in Fr, from a loop over independent numbers; the least of several runs. */
export function multiplicationNs(name: KernelName): number {
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
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12; run++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < 8; i++) call.products!(a, b, numbers / kernel.lanes, c);
    least = Math.min(least, Number(process.hrtime.bigint() - started));
  }
  return least / (8 * numbers);
}
