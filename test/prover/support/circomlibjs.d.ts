/** The part of circomlibjs that is used; the package brings no types. */
declare module 'circomlibjs' {
  /** Elements are 32 bytes in Montgomery form; `F` converts. */
  interface Poseidon {
    (inputs: readonly bigint[] | readonly Uint8Array[], initialState?: bigint, outputs?: number): Uint8Array;
    readonly F: { e(value: bigint): Uint8Array; toObject(element: Uint8Array): bigint };
  }
  type Point = readonly [Uint8Array, Uint8Array];
  interface Signature {
    readonly R8: Point;
    readonly S: bigint;
  }
  interface Eddsa {
    readonly babyJub: { readonly F: Poseidon['F'] };
    prv2pub(secret: Uint8Array): Point;
    signPoseidon(secret: Uint8Array, message: Uint8Array): Signature;
    verifyPoseidon(message: Uint8Array, signature: Signature, key: Point): boolean;
  }
  export function buildEddsa(): Promise<Eddsa>;
  export function buildPoseidon(): Promise<Poseidon>;
  export function buildPoseidonReference(): Promise<Poseidon>;
}
