/** The small part of wasmcurves (0.2.2) that is used here: its WebAssembly code for BN254, compiled when that package was made. */
declare module 'wasmcurves/build/bn128_wasm.js' {
  /** The module's bytes, base64. */
  export const code: string;
  /** Addresses of constants in the module's memory: the generators (Jacobian), and the one of the target group. */
  export const pG1gen: number;
  export const pG2gen: number;
  export const pOneT: number;
  /** Bytes of a point that was prepared for Miller loops. */
  export const prePSize: number;
  export const preQSize: number;
}
