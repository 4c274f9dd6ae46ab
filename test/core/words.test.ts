// Numbers of 32 bits as bytes: what a DataView writes and reads, which has an order of its own on no machine.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { swapWords } from '../../core/words.ts';

const floats = Float32Array.of(
  0,
  -0,
  1,
  -1.5,
  3.4e38,
  1e-45,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
);
const signed = Int32Array.of(0, 1, -1, 0x01020304, -0x80000000, 0x7fffffff);
const unsigned = Uint32Array.of(0, 1, 0x01020304, 0xffffffff);

describe('words', () => {
  it('are written as a DataView writes them', () => {
    const written = (count: number, set: (view: DataView, i: number) => void): Uint8Array => {
      const view = new DataView(new ArrayBuffer(4 * count));
      for (let i = 0; i < count; i++) set(view, i);
      return new Uint8Array(view.buffer);
    };
    expect(bytesOfWords(floats)).toEqual(
      written(floats.length, (view, i) => view.setFloat32(4 * i, floats[i]!, true)),
    );
    expect(bytesOfWords(signed)).toEqual(
      written(signed.length, (view, i) => view.setInt32(4 * i, signed[i]!, true)),
    );
    expect(bytesOfWords(unsigned)).toEqual(
      written(unsigned.length, (view, i) => view.setUint32(4 * i, unsigned[i]!, true)),
    );
  });

  it('come back from wherever their bytes lie', () => {
    for (const [Kind, words] of [
      [Float32Array, floats],
      [Int32Array, signed],
      [Uint32Array, unsigned],
    ] as const) {
      const odd = new Uint8Array(1 + 4 * words.length + 3);
      odd.set(bytesOfWords(words), 1);
      const back = wordsOfBytes<Float32Array | Int32Array | Uint32Array>(
        Kind,
        odd.subarray(1, 1 + 4 * words.length),
      );
      expect(back).toEqual(words);
      expect(back).toBeInstanceOf(Kind);
    }
  });

  it('are copies both ways, of a part alone where a part was given', () => {
    const part = signed.subarray(1, 3);
    const bytes = bytesOfWords(part);
    expect(bytes).toHaveLength(8);
    bytes.fill(9);
    expect([...part]).toEqual([1, -1]);
    const source = Buffer.from([1, 0, 0, 0]);
    const read = wordsOfBytes(Uint32Array, source);
    source.fill(9);
    expect([...read]).toEqual([1]);
  });

  it('of bytes that are not four each are refused', () => {
    expect(() => wordsOfBytes(Float32Array, new Uint8Array(5))).toThrow(RangeError);
  });

  it('of the other order are these in reverse', () => {
    expect([...swapWords(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  });
});
