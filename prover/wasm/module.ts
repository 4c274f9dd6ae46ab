// The WebAssembly module of a kernel: all functions, compiled at once into optimised code, which threads of this process share.
import { setFlagsFromString } from 'node:v8';
import { fieldOrder } from '@murmuration/core';
import { assemble, type Func } from '@murmuration/core/wasm';

import { baseFieldOrder } from '../kzg/points.ts';
import { additionFunctions, listFunctions, moveFunctions } from './curve/index.ts';
import { createConstants } from './field/index.ts';
import { type Build, type KernelName, kernels } from './kernel.ts';
import { scalarFunctions } from './scalar/index.ts';

/** Where constants begin in memory, and where everything else may. */
const constantsAddress = 1024;
export const firstFreeAddress = 0x10000;
const page = 0x10000;
const maxPages = 0x10000;

/** A module that was compiled; it can be handed to a thread. */
export interface KernelModule {
  readonly name: KernelName;
  readonly module: CompiledModule;
  /** What the module reads from memory. */
  readonly constants: BigUint64Array;
}

type Call = (...numbers: number[]) => number;

/** A compiled module; it can be handed to a thread. */
export type CompiledModule = object & { readonly compiled?: never };

/** A memory that threads share; it can be handed to one. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A module over a memory. */
export interface KernelInstance {
  readonly name: KernelName;
  readonly memory: SharedMemory;
  readonly call: Readonly<Record<string, Call>>;
}

// The part of the standard API that is used here. TypeScript's own libraries declare it together with a browser's DOM only.
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => CompiledModule;
  readonly Instance: new (
    module: CompiledModule,
    imports: { env: { memory: SharedMemory } },
  ) => { readonly exports: Record<string, Call> };
};

/** All functions of a kernel, and the constants that they read. */
export function kernelFunctions(name: KernelName): {
  functions: readonly Func[];
  constants: readonly bigint[];
} {
  const build: Build = { kernel: kernels[name], constants: createConstants(constantsAddress) };
  const functions = [
    ...([1, 2] as const).flatMap((degree) => [
      ...additionFunctions(build, `g${degree}_`, degree, baseFieldOrder),
      ...moveFunctions(build, `g${degree}_`, degree, baseFieldOrder),
    ]),
    ...listFunctions,
    ...scalarFunctions(build, fieldOrder),
  ];
  if (constantsAddress + 8 * build.constants.words.length > firstFreeAddress) {
    throw new Error(`${name} has ${build.constants.words.length} constants, more than there is room for`);
  }
  return { functions, constants: build.constants.words };
}

/** V8 settings while a module is compiled: everything at once, optimised, and for `quads` two vectors merged into one. */
const optimised: readonly [on: string, off: string][] = [
  ['--no-liftoff', '--liftoff'],
  ['--no-wasm-lazy-compilation', '--wasm-lazy-compilation'],
];
const merged: readonly [on: string, off: string] = [
  '--experimental-wasm-revectorize',
  '--no-experimental-wasm-revectorize',
];

/** Compiles bytes into optimised code; the settings of the process are the same before and after. */
export function compileOptimised(bytes: Uint8Array<ArrayBuffer>, merge: boolean): CompiledModule {
  const settings = merge ? [...optimised, merged] : optimised;
  for (const [on] of settings) setFlagsFromString(on);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const [, off] of settings) setFlagsFromString(off);
  }
}

/** Compiles a kernel. Whether it computes correctly here is another question: see selfcheck.ts. */
export function compileKernel(name: KernelName): KernelModule {
  const { functions, constants } = kernelFunctions(name);
  const bytes = assemble(functions, { shared: true, pages: 1, maxPages });
  return {
    name,
    module: compileOptimised(bytes, name === 'quads'),
    constants: BigUint64Array.from(constants),
  };
}

/** A shared memory of at least so many bytes, with the module's constants in it. */
export function createKernelMemory({ constants }: KernelModule, bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / page);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new BigUint64Array(memory.buffer, constantsAddress, constants.length).set(constants);
  return memory;
}

/** An instance over a memory that {@link createKernelMemory} made, in this thread. */
export function instantiateKernel(
  { name, module }: KernelModule,
  memory: SharedMemory,
): KernelInstance {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { name, memory, call: exports };
}
