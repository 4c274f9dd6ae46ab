// WebAssembly made here: an assembler and a way to instantiate at once. The kernels of he/, prover/ and node/learn/ are written with it.

export {
  assemble,
  type Code,
  type Func,
  f32,
  f32x4,
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
export { type Exports, instantiate, instantiateOver, type Memory } from './instantiate.ts';
