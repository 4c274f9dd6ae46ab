// Compiles and instantiates a small module at once, over a memory of fixed size.

/** What is used of the standard API; an ambient declaration of a dependency hides its constructors. */
interface StandardWebAssembly {
  Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Exported functions of numbers and, where a parameter is an i64, bigints. */
export type Exports = Record<string, (...args: (number | bigint)[]) => number>;

/** @param pages of 64 KiB, which the memory has and keeps. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  pages: number,
): { exports: Exports; buffer: ArrayBuffer } {
  const { Memory, Module, Instance } = WebAssembly as unknown as StandardWebAssembly;
  const memory = new Memory({ initial: pages, maximum: pages });
  const instance = new Instance(new Module(bytes), { env: { memory } });
  return { exports: instance.exports as Exports, buffer: memory.buffer };
}
