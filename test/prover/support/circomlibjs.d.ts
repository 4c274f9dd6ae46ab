/** The part of circomlibjs that is used; the package brings no types. */
declare module 'circomlibjs' {
  /** Elements are 32 bytes in Montgomery form; `F` converts. */
  interface Poseidon {
    (inputs: readonly bigint[] | readonly Uint8Array[], initialState?: bigint, outputs?: number): Uint8Array;
    readonly F: { e(value: bigint): Uint8Array; toObject(element: Uint8Array): bigint };
  }
  export function buildPoseidon(): Promise<Poseidon>;
  export function buildPoseidonReference(): Promise<Poseidon>;
}
