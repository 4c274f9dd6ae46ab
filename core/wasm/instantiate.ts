// Compiles and instantiates a small module at once, over a memory of fixed size.

/** Exported functions of numbers and, where a parameter is an i64, bigints. */
export type Exports = Record<string, (...args: (number | bigint)[]) => number>;

// The part of the standard API that is used here. TypeScript's own libraries declare it together with a
// browser's DOM only; this declaration is the module's own, so nothing that another package declares changes
// what compiles here.
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
};

/** @param pages of 64 KiB, which the memory has and keeps. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  pages: number,
): { exports: Exports; buffer: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { exports, buffer: memory.buffer };
}
