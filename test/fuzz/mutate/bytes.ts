// Changes of any bytes: single ones, numbers that may be lengths, counts or elements of a field, cuts and splices.
import { fieldOrder } from '@murmuration/core';
import { baseFieldOrder } from '../../../prover/kzg/points.ts';
import type { Random } from '../random.ts';
import { joined, type Mutator } from './mutator.ts';

/** Whole numbers at the edges of their types. */
const edges = [
  0,
  1,
  2,
  3,
  127,
  128,
  255,
  256,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/** Elements at the edges of the fields of BN254, and beyond. */
const elements = [
  0n,
  1n,
  fieldOrder - 1n,
  fieldOrder,
  fieldOrder + 1n,
  baseFieldOrder - 1n,
  baseFieldOrder,
  baseFieldOrder + 1n,
  2n * fieldOrder,
  2n ** 255n,
  2n ** 256n - 1n,
];

function replaced(input: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  const out = input.slice();
  out.set(part.subarray(0, Math.max(0, out.length - at)), at);
  return out;
}

/** A number of `size` bytes in either order. */
function numberBytes(value: bigint, size: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[little ? i : size - 1 - i] = Number((value >> BigInt(8 * i)) & 255n);
  return bytes;
}

/** Places near the beginning, where lengths and counts are, come up as often as all others. */
function placeIn(input: Uint8Array, random: Random): number {
  if (input.length === 0) return 0;
  return random.below(2) === 0 ? random.below(input.length) : random.below(Math.min(input.length, 128));
}

const flipBit: Mutator = (input, random) => {
  const at = placeIn(input, random);
  return replaced(input, at, Uint8Array.of((input[at] ?? 0) ^ (1 << random.below(8))));
};
const setByte: Mutator = (input, random) =>
  replaced(
    input,
    placeIn(input, random),
    Uint8Array.of(random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)])),
  );
const setNumber: Mutator = (input, random) => {
  const size = random.pick([2, 4, 8]);
  const near = input.length + random.pick([-1, 0, 1]);
  const value = BigInt(Math.max(0, random.pick([...edges, near])));
  const wide = random.below(4) === 0 ? (value << 32n) | value : value;
  return replaced(input, placeIn(input, random), numberBytes(wide, size, random.below(2) === 0));
};
const setElement: Mutator = (input, random) => {
  // Aligned as words of a contract or a file are, or anywhere.
  const at =
    random.below(2) === 0 ? placeIn(input, random) : 32 * random.below(Math.ceil(input.length / 32) || 1);
  return replaced(
    input,
    Math.min(at, input.length),
    numberBytes(random.pick(elements), 32, random.below(2) === 0),
  );
};
const truncate: Mutator = (input, random) =>
  input.slice(0, random.pick([0, 1, input.length - 1, random.below(input.length + 1)]));
const extend: Mutator = (input, random) =>
  joined(
    input,
    random.pick([new Uint8Array(1), new Uint8Array(1024), random.bytes(1 + random.below(64)), input]),
  );
const remove: Mutator = (input, random) => {
  const at = placeIn(input, random);
  return joined(input.subarray(0, at), input.subarray(at + 1 + random.below(40)));
};
const insert: Mutator = (input, random) => {
  const at = placeIn(input, random);
  return joined(input.subarray(0, at), random.bytes(1 + random.below(40)), input.subarray(at));
};
const repeat: Mutator = (input, random) => {
  const at = placeIn(input, random);
  const part = input.subarray(at, at + 1 + random.below(200));
  return joined(input.subarray(0, at), part, part, input.subarray(at));
};
const exchange: Mutator = (input, random) => {
  const [a, b] = [placeIn(input, random), placeIn(input, random)].sort((x, y) => x - y) as [number, number];
  const size = Math.min(1 + random.below(64), b - a, input.length - b);
  if (size <= 0) return flipBit(input, random, input);
  return replaced(replaced(input, a, input.slice(b, b + size)), b, input.slice(a, a + size));
};
const splice: Mutator = (input, random, other) => {
  const at = placeIn(input, random);
  return joined(input.subarray(0, at), other.subarray(random.below(other.length + 1)));
};
const fill: Mutator = (input, random) => {
  const at = placeIn(input, random);
  const part = new Uint8Array(1 + random.below(input.length || 1)).fill(random.pick([0, 0xff, 0x20]));
  return replaced(input, at, part);
};

/** Changes that fit every input. */
export const byteMutators: readonly Mutator[] = [
  flipBit,
  setByte,
  setNumber,
  setNumber,
  setElement,
  setElement,
  truncate,
  extend,
  remove,
  insert,
  repeat,
  exchange,
  splice,
  fill,
];
