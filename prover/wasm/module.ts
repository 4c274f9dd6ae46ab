// The WebAssembly module of a kernel: all functions, compiled at once into optimised code, which threads of this process share.
import { fieldOrder } from '@murmuration/core';
import { assemble, type Func } from '@murmuration/core/wasm';
import { baseFieldOrder } from '../kzg/points.ts';
import { underSettings, type V8Setting } from '../v8_settings.ts';
import { additionFunctions, listFunctions, moveFunctions, tableFunctions } from './curve/index.ts';
import { createConstants } from './field/index.ts';
import { type Build, type KernelName, kernels } from './kernel.ts';
import { scalarFunctions, spongeFunctions } from './scalar/index.ts';

/** Where constants end in memory, and everything else may begin. */
export const firstFreeAddress = 0x10000;
const page = 0x10000;
const maxPages = 0x10000;

/** A module that was compiled; it can be handed to a thread. */
export interface KernelModule {
  readonly name: KernelName;
  readonly module: CompiledModule;
  /** What the module reads from memory, and where. */
  readonly constants: BigUint64Array;
  readonly constantsAt: number;
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

/**
 * What a module is for: `sums` is all that a proof takes; `tables` makes tables from points, which most processes find made, so that they
 * need not wait for its code; `sponge` is the sponge alone, where nothing is proven by a kernel.
 */
export type ModulePart = 'sums' | 'tables' | 'sponge';

/** Where each module's constants begin. */
const constantsAt: Readonly<Record<ModulePart, number>> = { sums: 0x400, tables: 0x8000, sponge: 0x400 };
const constantsEnd: Readonly<Record<ModulePart, number>> = {
  sums: 0x8000,
  tables: firstFreeAddress,
  sponge: 0x8000,
};

/** All functions of a module, and the constants that they read. */
export function kernelFunctions(
  name: KernelName,
  part: ModulePart = 'sums',
): { functions: readonly Func[]; constants: readonly bigint[] } {
  const build: Build = { kernel: kernels[name], constants: createConstants(constantsAt[part]) };
  const curves = [1, 2] as const;
  const parts: Readonly<Record<ModulePart, () => readonly Func[]>> = {
    sums: () => [
      ...curves.flatMap((degree) => [
        ...additionFunctions(build, `g${degree}_`, degree, baseFieldOrder),
        ...moveFunctions(build, `g${degree}_`, degree, baseFieldOrder),
      ]),
      ...listFunctions,
      ...scalarFunctions(build, fieldOrder),
    ],
    tables: () => curves.flatMap((degree) => tableFunctions(build, `g${degree}_`, degree, baseFieldOrder)),
    sponge: () => spongeFunctions(build, fieldOrder),
  };
  const functions = parts[part]();
  if (constantsAt[part] + 8 * build.constants.words.length > constantsEnd[part]) {
    throw new Error(`${name} has ${build.constants.words.length} constants, more than there is room for`);
  }
  return { functions, constants: build.constants.words };
}

/** V8 settings while a module is compiled: everything at once, optimised, and for `quads` two vectors merged into one. */
const optimised: readonly V8Setting[] = [
  ['--no-liftoff', '--liftoff'],
  ['--no-wasm-lazy-compilation', '--wasm-lazy-compilation'],
];
const merged: V8Setting = ['--experimental-wasm-revectorize', '--no-experimental-wasm-revectorize'];

/** Compiles bytes into optimised code; the settings of the process are the same before and after. */
export function compileOptimised(bytes: Uint8Array<ArrayBuffer>, merge: boolean): CompiledModule {
  return underSettings(merge ? [...optimised, merged] : optimised, () => new WebAssembly.Module(bytes));
}

/** Compiles a kernel. Whether it computes correctly here is another question: see selfcheck.ts. */
export function compileKernel(name: KernelName, part: ModulePart = 'sums'): KernelModule {
  const { functions, constants } = kernelFunctions(name, part);
  const bytes = assemble(functions, { shared: true, pages: 1, maxPages });
  return {
    name,
    module: compileOptimised(bytes, name === 'quads'),
    constants: BigUint64Array.from(constants),
    constantsAt: constantsAt[part],
  };
}

/** A shared memory of at least so many bytes. */
export function createKernelMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / page);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** An instance in this thread over a memory, into which the module's constants are written. */
export function instantiateKernel(
  { name, module, constants, constantsAt: at }: KernelModule,
  memory: SharedMemory,
): KernelInstance {
  // Several threads write the same words.
  new BigUint64Array(memory.buffer, at, constants.length).set(constants);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { name, memory, call: exports };
}
