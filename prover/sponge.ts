// The sponge that binds a vector before its challenge exists: chained Poseidon (Grassi et al. 2021,
// https://eprint.iacr.org/2019/458) with 16 inputs, 15 of them new elements, over circomlibjs;
// circuits/lib/sponge.circom is the same in circom.
/// <reference path="./circomlibjs.d.ts" />
import type { ChunkVector } from '@murmuration/core';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { buildPoseidon } from 'circomlibjs';
import { bytesToInteger, checkField, toField } from './field.ts';
import { laneBits, pack, toLanes, type VectorKind } from './packing.ts';
import type { Preset } from './presets.ts';

/** Elements that one permutation takes in. */
export const spongeRate = 15;

let poseidon: ReturnType<typeof buildPoseidon> | undefined;

/**
 * The sponge's first state for a kind of vector and a preset, in [0, r); circuits/circuits.json holds the
 * same numbers.
 */
export function spongeDomain(kind: VectorKind, preset: Preset): bigint {
  return toField(bytesToInteger(keccak_256(utf8ToBytes(`murmuration/v1/sponge/${kind}/${preset.name}`))));
}

/**
 * Chains Poseidon16 over the elements, padded with zeros to a multiple of 15; `domain` is the first state.
 */
export async function sponge(domain: bigint, elements: readonly bigint[]): Promise<bigint> {
  poseidon ??= buildPoseidon();
  const permute = await poseidon;
  checkField('domain', domain);
  for (let i = 0; i < elements.length; i++) checkField(`elements[${i}]`, elements[i]!);
  let state = domain;
  for (let start = 0; start < elements.length; start += spongeRate) {
    const block = elements.slice(start, start + spongeRate);
    while (block.length < spongeRate) block.push(0n);
    state = permute.F.toObject(permute([state, ...block]));
  }
  return state;
}

/**
 * What hides the totals of an alignment between two chunks, in [0, r): Poseidon with nine inputs over products, norm and salt, each
 * modulo r. The salt is fresh and uniform, which hides them; nobody finds other totals of one hash.
 */
export async function totalsHash(products: readonly bigint[], norm: bigint, salt: bigint): Promise<bigint> {
  poseidon ??= buildPoseidon();
  const permute = await poseidon;
  return permute.F.toObject(permute([...products.map(toField), norm, checkField('salt', salt)]));
}

/**
 * `h` of a chunk, in [0, r): the sponge of its packed lanes and its blinding. {@link Prover.commit} gives it
 * with the commitment.
 *
 * @throws {ProverError} `argument` for another number of coordinates than K, or one outside the range of its
 * kind; `field` for a blinding coefficient outside [0, r).
 */
export async function vectorSponge(
  kind: VectorKind,
  preset: Preset,
  { coordinates, blinding }: ChunkVector,
): Promise<bigint> {
  const packed = pack(toLanes(coordinates, kind, preset), laneBits(kind, preset));
  return sponge(spongeDomain(kind, preset), [...packed, ...blinding]);
}
