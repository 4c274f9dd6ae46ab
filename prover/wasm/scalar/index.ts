import type { Func } from '@murmuration/core/wasm';
import type { Build } from '../kernel.ts';
export const scalarFunctions = (_build: Build, _modulus: bigint): Func[] => [];
