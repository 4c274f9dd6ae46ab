// SEAL 4.1's randomness from its entropy, reproduced: which u, e0 and e1 an encryption takes when the system
// gave it this seed.
//
// Each encryption makes a generator of its own (native/src/seal/randomgen.cpp): 64 bytes of entropy are the
// key of BLAKE2Xb, its input is a counter of eight bytes, and it gives 4096 bytes at a time. From that stream
// encrypt_zero_asymmetric (util/rlwe.cpp) draws u, by libc++'s uniform_int_distribution over words of 32
// bits, then e0 and e1, six bytes a coefficient.
//
// BLAKE2b: RFC 7693. BLAKE2X: Aumasson, Neves, Wilcox-O'Hearn, Winnerlein, "BLAKE2X" (2016), section 2.

import type { Randomness } from '../../he/wellformed/encrypt.ts';

const initial = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];

const permutations = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

const columnsThenDiagonals = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const blockBytes = 128;
const word = (value: bigint) => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint) => word((value >> by) | (value << (64n - by)));

function compress(state: bigint[], block: Uint8Array, counted: number, last: boolean): void {
  const m = new BigUint64Array(block.slice().buffer);
  const v = [...state, ...initial];
  v[12]! ^= BigInt(counted);
  if (last) v[14] = word(~v[14]!);
  for (let round = 0; round < 12; round++) {
    const order = permutations[round % 10]!;
    for (const [i, [a, b, c, d]] of columnsThenDiagonals.entries()) {
      v[a] = word(v[a]! + v[b]! + m[order[2 * i]!]!);
      v[d] = rotate(v[d]! ^ v[a]!, 32n);
      v[c] = word(v[c]! + v[d]!);
      v[b] = rotate(v[b]! ^ v[c]!, 24n);
      v[a] = word(v[a]! + v[b]! + m[order[2 * i + 1]!]!);
      v[d] = rotate(v[d]! ^ v[a]!, 16n);
      v[c] = word(v[c]! + v[d]!);
      v[b] = rotate(v[b]! ^ v[c]!, 63n);
    }
  }
  for (let i = 0; i < 8; i++) state[i]! ^= v[i]! ^ v[i + 8]!;
}

/**
 * BLAKE2b of a message under the 64 bytes of a parameter block. A key is its first block, padded with zeros.
 */
export function blake2b(parameters: Uint8Array, message: Uint8Array): Uint8Array {
  const words = new BigUint64Array(parameters.slice().buffer);
  const state = initial.map((value, i) => value ^ words[i]!);
  for (let at = 0; ; at += blockBytes) {
    const last = at + blockBytes >= message.length;
    const block = new Uint8Array(blockBytes);
    block.set(message.subarray(at, at + blockBytes));
    compress(state, block, last ? message.length : at + blockBytes, last);
    if (last) return new Uint8Array(BigUint64Array.from(state).buffer);
  }
}

/**
 * A parameter block, little-endian: digest, key, fanout, depth; leaf length; node offset; length of all; node
 * depth, inner length.
 */
function parameterBlock(
  first: number[],
  [leaf, offset, all]: [number, number, number],
  inner: number,
): Uint8Array {
  const block = new Uint8Array(64);
  block.set(first);
  new Uint32Array(block.buffer).set([leaf, offset, all], 1);
  block[17] = inner;
  return block;
}

/** BLAKE2Xb of `length` bytes, a multiple of 64, under a key of 64 bytes. */
function blake2xb(key: Uint8Array, message: Uint8Array, length: number): Uint8Array {
  const keyed = new Uint8Array(blockBytes + message.length);
  keyed.set(key);
  keyed.set(message, blockBytes);
  const root = blake2b(parameterBlock([64, key.length, 1, 1], [0, 0, length], 0), keyed);
  const output = new Uint8Array(length);
  for (let node = 0; 64 * node < length; node++)
    output.set(blake2b(parameterBlock([64, 0, 0, 0], [64, node, length], 64), root), 64 * node);
  return output;
}

/** SEAL's generator: gives the next `length` bytes of the stream that 64 bytes of entropy fix. */
function generator(seed: Uint8Array): (length: number) => Uint8Array {
  const size = 4096;
  let buffer = new Uint8Array(0);
  let counter = 0n;
  return (length) => {
    const output = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (buffer.length === 0)
        buffer = Uint8Array.from(blake2xb(seed, new Uint8Array(BigUint64Array.of(counter++).buffer), size));
      const taken = buffer.subarray(0, length - filled);
      output.set(taken, filled);
      filled += taken.length;
      buffer = buffer.subarray(taken.length);
    }
    return output;
  };
}

const ones = (byte: number) => byte.toString(2).replaceAll('0', '').length;

/** What an encryption in a ring of degree `n` draws where the system's entropy is `seed`, 64 bytes. */
export function sealRandomness(seed: Uint8Array, n: number): Randomness {
  const next = generator(seed);
  const ternary = () => {
    // Of a word the two lowest bits count; 3 is drawn again.
    for (;;) {
      const draw = next(4)[0]! & 3;
      if (draw < 3) return draw - 1;
    }
  };
  const binomial = () => {
    const [a, b, c, d, e, f] = next(6) as unknown as [number, number, number, number, number, number];
    return ones(a) + ones(b) + ones(c & 0x1f) - ones(d) - ones(e) - ones(f & 0x1f);
  };
  const u = Int32Array.from({ length: n }, ternary);
  const e0 = Int32Array.from({ length: n }, binomial);
  const e1 = Int32Array.from({ length: n }, binomial);
  return { u, e0, e1 };
}
