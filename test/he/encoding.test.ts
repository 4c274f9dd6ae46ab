// Encoding: exact for every chunk, weight and sum that the rules allow; anything else is refused.

import { blindingOf, fieldOrder } from '@murmuration/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSum, encodeChunk, joinChunks, splitChunks } from '../../he/encoding.ts';
import { preset } from '../../he/index.ts';
import { expectError } from './support.ts';

const p = preset('tiny');
const t = 2 ** p.plainBits;
const field = fc.oneof(
  fc.constantFrom(0n, 1n, fieldOrder - 1n),
  fc.bigInt({ min: 0n, max: fieldOrder - 1n }),
);
const chunk = fc.record({
  u: fc.array(fc.integer({ min: -127, max: 127 }), {
    minLength: p.coordinatesPerChunk,
    maxLength: p.coordinatesPerChunk,
  }),
  blinding: fc.tuple(field, field, field),
});

/** sum w_i plain_i mod t, as encryption and addition give it. */
function weighted(plains: Uint32Array[], weights: number[]): Uint32Array {
  return Uint32Array.from(plains[0]!, (_, j) =>
    plains.reduce((sum, plain, i) => (sum + plain[j]! * weights[i]!) % t, 0),
  );
}

describe('encoding', () => {
  it('sums decode exactly, for all chunks and weights up to Wmax', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(chunk, fc.integer({ min: 1, max: 204 })), { minLength: 1, maxLength: 5 }),
        (items) => {
          const weights = items.map(([, weight]) => weight);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const plains = items.map(([{ u, blinding }]) =>
            encodeChunk(p, { coordinates: Int32Array.from(u), blinding }),
          );
          const { coordinates, blinding } = decodeSum(p, weighted(plains, weights), total);
          expect([...coordinates]).toEqual(
            items[0]![0].u.map((_, j) => items.reduce((sum, [{ u }, w]) => sum + w * u[j]!, 0)),
          );
          expect(blinding).toEqual(
            blindingOf(
              (k) =>
                items.reduce((sum, [{ blinding }, w]) => sum + BigInt(w) * blinding[k]!, 0n) % fieldOrder,
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the extremes at Wmax fit', () => {
    for (const value of [127, -127]) {
      const extreme = [fieldOrder - 1n, 0xffffn, 0n] as const;
      const plain = encodeChunk(p, {
        coordinates: new Int32Array(p.coordinatesPerChunk).fill(value),
        blinding: extreme,
      });
      const { coordinates, blinding } = decodeSum(p, weighted([plain], [1023]), 1023);
      expect(coordinates.every((sum) => sum === 1023 * value)).toBe(true);
      expect(blinding).toEqual([fieldOrder - 1023n, 1023n * 0xffffn, 0n]);
    }
  });

  it('a lane of -128, which only a proof can hold, does not keep the sum from opening', () => {
    const honest = encodeChunk(p, {
      coordinates: new Int32Array(p.coordinatesPerChunk).fill(-127),
      blinding: [1n, 2n, 3n],
    });
    const extreme = honest.slice();
    extreme[5] = t - 128;
    const { coordinates } = decodeSum(p, weighted([honest, extreme], [3, 1]), 4);
    expect([coordinates[4], coordinates[5]]).toEqual([-508, -509]);
  });

  it('limbs lie where the page says: the last 48 coefficients, rho_0 and least significant first', () => {
    const plain = encodeChunk(p, {
      coordinates: new Int32Array(p.coordinatesPerChunk),
      blinding: [0x0002_0001n, 3n, 4n],
    });
    expect([...plain.subarray(4048, 4050), plain[4064], plain[4080]]).toEqual([1, 2, 3, 4]);
    expect(plain.reduce((sum, value) => sum + value, 0)).toBe(10);
  });

  it('refuses what is out of range', () => {
    const zeros = () => new Int32Array(p.coordinatesPerChunk);
    expectError(
      () => encodeChunk(p, { coordinates: new Int32Array(95), blinding: [0n, 0n, 0n] }),
      'argument',
      /K = 96/,
    );
    expectError(
      () => encodeChunk(p, { coordinates: zeros().fill(-128, 3, 4), blinding: [0n, 0n, 0n] }),
      'argument',
      /coordinates\[3\] is -128/,
      /Clip it/,
    );
    expectError(
      () => encodeChunk(p, { coordinates: zeros(), blinding: [0n, fieldOrder, 0n] }),
      'argument',
      /blinding\[1\]/,
    );
    expectError(
      () => encodeChunk(p, { coordinates: zeros(), blinding: [-1n, 0n, 0n] }),
      'argument',
      /blinding\[0\]/,
    );
    const edit = (index: number, value: number) => {
      const plain = encodeChunk(p, { coordinates: zeros(), blinding: [0n, 0n, 0n] });
      plain[index] = value;
      return plain;
    };
    expectError(() => decodeSum(p, edit(0, 128), 1), 'plaintext', /coefficient 0 of the sum is 128/);
    expectError(() => decodeSum(p, edit(0, t - 129), 1), 'plaintext', /coefficient 0 of the sum is -129/);
    expectError(() => decodeSum(p, edit(96, 1), 1), 'plaintext', /coefficient 96 of the sum is 1/);
    expectError(() => decodeSum(p, edit(4047, 1), 1), 'plaintext', /coefficient 4047 of the sum is 1/);
    expectError(
      () => decodeSum(p, edit(4095, 65536), 1),
      'plaintext',
      /coefficient 4095 of the sum is 65536/,
    );
  });

  it('several chunks split and join', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -127, max: 127 }), { maxLength: 300 }), (values) => {
        const chunks = splitChunks(p, Int32Array.from(values));
        expect(chunks.length).toBe(Math.max(1, Math.ceil(values.length / 96)));
        expect(chunks.every((part) => part.length === 96)).toBe(true);
        expect([...joinChunks(p, chunks, values.length)]).toEqual(values);
      }),
    );
  });
});
