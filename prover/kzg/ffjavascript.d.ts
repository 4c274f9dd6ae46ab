/** The small part of ffjavascript (0.3.1) that is used here: its WebAssembly code for BN254. */
declare module 'ffjavascript' {
  export interface WasmCurve {
    readonly tm: {
      /** The module's bytes; only a single-threaded curve keeps them. */
      readonly code: Uint8Array;
      /** Addresses of constants in the module's memory: q, r, the generators (Jacobian). */
      readonly pq: number;
      readonly pr: number;
      readonly pG1gen: number;
      readonly pG2gen: number;
      readonly initalPFree: number;
    };
    terminate(): Promise<void>;
  }
  export function buildBn128(singleThread: boolean): Promise<WasmCurve>;
}
