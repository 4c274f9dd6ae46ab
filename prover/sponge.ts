// The sponge that binds a vector before its challenge exists: chained Poseidon (Grassi et al. 2021,
// https://eprint.iacr.org/2019/458) with 16 inputs, 15 of them new elements; circuits/lib/sponge.circom is the same in
// circom.
import type { ChunkVector } from '@murmuration/core';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { bytesToInteger, checkField, toField } from './field.ts';
import { laneBits, pack, toLanes, type VectorKind } from './packing.ts';
import { poseidon } from './poseidon/permutation.ts';
import type { Preset } from './presets.ts';
import { compileKernel } from './wasm/module.ts';
import { type Chain, createKernelChain } from './wasm/sponge.ts';

let portable: Chain | undefined;

/** The chain by the kernel that runs everywhere, compiled for it alone: for who has not started a backend with a faster one. */
function portableChain(): Chain {
  portable ??= createKernelChain(compileKernel('integers', 'sponge'));
  return portable;
}

/**
 * The sponge's first state for a kind of vector and a preset, in [0, r); circuits/circuits.json holds the
 * same numbers.
 */
export function spongeDomain(kind: VectorKind, preset: Preset): bigint {
  return toField(bytesToInteger(keccak_256(utf8ToBytes(`murmuration/v1/sponge/${kind}/${preset.name}`))));
}

/**
 * Chains Poseidon16 over the elements, padded with zeros to a multiple of 15; `domain` is the first state.
 *
 * @param chain a backend's own, if it has one.
 */
export async function sponge(
  domain: bigint,
  elements: readonly bigint[],
  chain: Chain = portableChain(),
): Promise<bigint> {
  checkField('domain', domain);
  for (let i = 0; i < elements.length; i++) checkField(`elements[${i}]`, elements[i]!);
  return chain(domain, elements);
}

/**
 * What hides the totals of an alignment between two chunks, in [0, r): Poseidon with nine inputs over products, norm and salt, each
 * modulo r. The salt is fresh and uniform, which hides them; nobody finds other totals of one hash.
 */
export function totalsHash(products: readonly bigint[], norm: bigint, salt: bigint): bigint {
  return poseidon([...products.map(toField), norm, checkField('salt', salt)]);
}

/**
 * `h` of a chunk, in [0, r): the sponge of its packed lanes and its blinding. {@link Prover.commit} gives it
 * with the commitment.
 *
 * @param chain a backend's own, if it has one.
 * @throws {ProverError} `argument` for another number of coordinates than K, or one outside the range of its
 * kind; `field` for a blinding coefficient outside [0, r).
 */
export async function vectorSponge(
  kind: VectorKind,
  preset: Preset,
  { coordinates, blinding }: ChunkVector,
  chain?: Chain | undefined,
): Promise<bigint> {
  const packed = pack(toLanes(coordinates, kind, preset), laneBits(kind, preset));
  return sponge(spongeDomain(kind, preset), [...packed, ...blinding], chain);
}
