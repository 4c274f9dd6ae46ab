// WebAssembly made here: an assembler and a way to instantiate at once. The kernels of he/ and prover/ are written with it.

export {
  assemble,
  type Code,
  type Func,
  f64,
  f64x2,
  func,
  i32,
  i32s,
  i64,
  i64x2,
  type MemoryImport,
  type NewLocal,
  repeat,
  type Type,
  type Variable,
  v128,
  when,
} from './assembler.ts';
export { type Exports, instantiate } from './instantiate.ts';
