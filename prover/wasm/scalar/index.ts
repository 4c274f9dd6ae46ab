// Scalars: the transform, the constraints' matrices, the words that sums read, and the sponge.
import type { Func } from '@murmuration/core/wasm';
import type { Build } from '../kernel.ts';
import { poseidonFunctions } from './poseidon.ts';
import { transformFunctions } from './transform.ts';
import { vectorFunctions } from './vectors.ts';

export { groupsOf, roundBytes, roundHead, spongeWidth } from './poseidon.ts';
export { productsAtOnce, termBytes } from './vectors.ts';

export const scalarFunctions = (build: Build, modulus: bigint): Func[] => [
  ...transformFunctions(build, modulus),
  ...vectorFunctions(build, modulus),
  ...poseidonFunctions(build, modulus),
];

/** What a sponge alone takes. */
export const spongeFunctions = (build: Build, modulus: bigint): Func[] => [
  ...vectorFunctions(build, modulus).filter(({ name }) => name === 'importScalars'),
  ...poseidonFunctions(build, modulus),
];
