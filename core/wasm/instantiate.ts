// Compiles and instantiates a small module at once.

/** Exported functions of numbers and, where a parameter is an i64, bigints. */
export type Exports = Record<string, (...args: (number | bigint)[]) => number>;

/** A memory of WebAssembly; it may grow, and its buffer is another one then. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

// The part of the standard API that is used here. TypeScript's own libraries declare it together with a
// browser's DOM only; this declaration is the module's own, so nothing that another package declares changes
// what compiles here.
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
};

/**
 * Instantiates over a memory of fixed size.
 * @param pages of 64 KiB, which the memory has and keeps.
 */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  pages: number,
): { exports: Exports; buffer: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  return { exports: instantiateOver(bytes, memory), buffer: memory.buffer };
}

/** Instantiates over a memory that another module has, at least as large as the module asks for. */
export const instantiateOver = (bytes: Uint8Array<ArrayBuffer>, memory: Memory): Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
