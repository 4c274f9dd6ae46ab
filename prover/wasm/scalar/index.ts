// Scalars: the transform, the constraints' matrices, and the words that sums read.
import type { Func } from '@murmuration/core/wasm';
import type { Build } from '../kernel.ts';
import { transformFunctions } from './transform.ts';
import { vectorFunctions } from './vectors.ts';

export { productsAtOnce, termBytes } from './vectors.ts';

export const scalarFunctions = (build: Build, modulus: bigint): Func[] => [
  ...transformFunctions(build, modulus),
  ...vectorFunctions(build, modulus),
];
