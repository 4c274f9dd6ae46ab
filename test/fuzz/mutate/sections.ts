// Changes of iden3's binary files (zkey, ptau, r1cs): their table of sections, and what is in a section.
import type { Random } from '../random.ts';
import { byteMutators } from './bytes.ts';
import { joined, type Mutator } from './mutator.ts';

interface Part {
  type: number;
  /** As the table says; that of the bytes unless it was changed. */
  length: bigint;
  bytes: Uint8Array;
}

function partsOf(file: Uint8Array): Part[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Part[] = [];
  for (let at = 12; at + 12 <= file.length; ) {
    const length = Number(view.getBigUint64(at + 4, true));
    if (at + 12 + length > file.length) break;
    parts.push({
      type: view.getUint32(at, true),
      length: BigInt(length),
      bytes: file.subarray(at + 12, at + 12 + length),
    });
    at += 12 + length;
  }
  return parts;
}

function fileOf(head: Uint8Array, parts: readonly Part[], count = parts.length): Uint8Array {
  const start = head.slice(0, 12);
  new DataView(start.buffer).setUint32(8, count >>> 0, true);
  return joined(
    start,
    ...parts.flatMap(({ type, length, bytes }) => {
      const entry = new DataView(new ArrayBuffer(12));
      entry.setUint32(0, type >>> 0, true);
      entry.setBigUint64(4, BigInt.asUintN(64, length), true);
      return [new Uint8Array(entry.buffer), bytes];
    }),
  );
}

const ofParts =
  (change: (parts: Part[], random: Random, file: Uint8Array) => Uint8Array): Mutator =>
  (input, random) => {
    if (input.length < 12) return input;
    const parts = partsOf(input);
    return parts.length === 0 ? input : change(parts, random, input);
  };

const hugeLengths = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/** Changes of such a file. */
export const sectionMutators: readonly Mutator[] = [
  ofParts((parts, random, file) => fileOf(file, parts.toSpliced(random.below(parts.length), 1))),
  ofParts((parts, random, file) => fileOf(file, [...parts, random.pick(parts)])),
  ofParts((parts, random, file) => fileOf(file, parts.toReversed(), random.pick([parts.length, 0, 1]))),
  ofParts((parts, random, file) =>
    fileOf(file, parts, random.pick([0, 1, parts.length + 1, 2 ** 16, 2 ** 32 - 1])),
  ),
  ofParts((parts, random, file) => {
    const at = random.below(parts.length);
    return fileOf(file, parts.with(at, { ...parts[at]!, length: random.pick(hugeLengths) }));
  }),
  ofParts((parts, random, file) => {
    const at = random.below(parts.length);
    return fileOf(
      file,
      parts.with(at, { ...parts[at]!, type: random.pick([0, 1, 2, 3, 10, 12, 2 ** 32 - 1]) }),
    );
  }),
  ...Array.from({ length: 6 }, () =>
    ofParts((parts, random, file) => {
      const at = random.below(parts.length);
      const part = parts[at]!;
      const bytes = random.pick(byteMutators)(part.bytes, random, part.bytes);
      return fileOf(file, parts.with(at, { ...part, bytes, length: BigInt(bytes.length) }));
    }),
  ),
];
