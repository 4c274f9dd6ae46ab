// The arithmetic kernel: what the WebAssembly module consists of.

import type { Func } from '@murmuration/core/wasm';
import { accept, pack, unpack } from './bits.ts';
import { decode } from './decode.ts';
import { add, countFrom, mul, reduce, scaleAdd } from './rows.ts';
import { intt, ntt } from './transform.ts';

export const kernelFunctions: readonly Func[] = [
  ntt,
  intt,
  mul,
  scaleAdd,
  add,
  countFrom,
  reduce,
  accept,
  pack,
  unpack,
  decode,
];
