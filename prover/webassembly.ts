// WebAssembly, as far as this package uses it. TypeScript's own libraries declare it together with a
// browser's DOM only; this declaration is the module's own, so that no other package sees it or can change
// what compiles here.

/** A compiled module; it can be handed to a thread. */
export type WasmModule = object & { readonly compiled?: never };

/** Memory of a module, in pages of 64 KiB. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** An instance of a module. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Standard {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: Readonly<Record<string, object>>) => WasmInstance;
  readonly Memory: new (limits: { readonly initial: number; readonly maximum?: number }) => WasmMemory;
  instantiate(module: WasmModule, imports: Readonly<Record<string, object>>): Promise<WasmInstance>;
}

declare const WebAssembly: Standard;

/** The standard's global. */
export const webAssembly: Standard = WebAssembly;
