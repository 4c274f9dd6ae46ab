// Coordinates, lanes, packed elements.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLanes, laneBits, lanesPerElement, pack, toLanes, unpack } from '../../prover/packing.ts';
import { presets } from '../../prover/presets.ts';

const { cases } = JSON.parse(readFileSync(new URL('../vectors/packing.json', import.meta.url), 'utf8')) as {
  cases: { name: string; bits: number; lanes: number[]; elements: string[] }[];
};

describe('pack', () => {
  it.each(cases)('the vector: $name', ({ bits, lanes, elements }) => {
    expect(pack(lanes, bits)).toEqual(elements.map(BigInt));
    expect(Array.from(unpack(elements.map(BigInt), bits, lanes.length))).toEqual(lanes);
  });

  it('unpack undoes pack for any bits and length', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 32 })
          .chain((bits) =>
            fc.tuple(
              fc.constant(bits),
              fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { maxLength: 80 }),
            ),
          ),
        ([bits, lanes]) => {
          expect(Array.from(unpack(pack(lanes, bits), bits, lanes.length))).toEqual(lanes);
        },
      ),
    );
  });

  it('different lanes never share elements', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 40, maxLength: 40 }),
        fc.nat(39),
        fc.integer({ min: 1, max: 255 }),
        (lanes, j, step) => {
          const other = lanes.with(j, (lanes[j]! + step) % 256);
          expect(pack(other, 8)).not.toEqual(pack(lanes, 8));
        },
      ),
    );
  });

  it('lanes have 1 to 32 bits', () => {
    expect([lanesPerElement(1), lanesPerElement(32)]).toEqual([253, 7]);
    for (const bits of [0, -1, 33, 1.5, Number.NaN]) {
      expect(() => lanesPerElement(bits)).toThrow(`bits is ${bits}, but a lane has from 1 to 32`);
    }
  });
  it('31 lanes of 8 bits and 14 of 18 share an element', () => {
    expect([8, 18].map(lanesPerElement)).toEqual([31, 14]);
    expect(() => lanesPerElement(33)).toThrow(/from 1 to 32/);
  });

  it.each([-1, 256, 1.5, Number.NaN])('a lane of %s is refused by name', (lane) => {
    expect(() => pack([0, lane], 8)).toThrow(/lanes\[1\] is .*\[0, 256\)/);
  });

  it('elements with bits that no lane owns are refused', () => {
    expect(() => unpack([1n << 248n], 8, 31)).toThrow(/bits beyond its lanes/);
    expect(() => unpack([256n], 8, 1)).toThrow(/bits beyond its lanes/);
    expect(() => unpack([0n, 0n], 8, 31)).toThrow(/31 lanes of 8 bits fill 1/);
  });
});

describe('lanes', () => {
  /** A chunk of `tiny` that begins so; the rest is padding. */
  const chunk = (...first: number[]) => Int32Array.from({ length: 96 }, (_, j) => first[j] ?? 0);

  it('are coordinates plus half their range', () => {
    const lanes = toLanes(chunk(-128, -1, 0, 127), 'update', presets.tiny);
    expect(lanes).toHaveLength(96);
    expect(Array.from(lanes.slice(0, 5))).toEqual([0, 127, 128, 255, 128]);
    expect(Array.from(fromLanes(lanes, 'update', presets.tiny).slice(0, 5))).toEqual([-128, -1, 0, 127, 0]);
  });

  it('of a sum hold 1023 updates of either sign', () => {
    expect(laneBits('aggregate', presets.base)).toBe(18);
    const ends = [-128 * 1023, 127 * 1023];
    expect(
      Array.from(
        fromLanes(toLanes(chunk(...ends), 'aggregate', presets.tiny), 'aggregate', presets.tiny).slice(0, 2),
      ),
    ).toEqual(ends);
  });

  it.each([
    ['update', 128],
    ['update', -129],
    ['update', Number.NaN],
    ['update', 0.5],
    ['aggregate', 2 ** 17],
    ['aggregate', -(2 ** 17) - 1],
  ] as const)('a coordinate of kind %s and value %s is refused', (kind, value) => {
    expect(() => toLanes(Array.from(chunk()).with(2, value) as never, kind, presets.tiny)).toThrow(
      /coordinates\[2\] is/,
    );
  });

  it('a coordinate is refused with its range, wherever it stands', () => {
    for (const at of [0, 95]) {
      expect(() => toLanes(chunk().with(at, 128), 'update', presets.tiny)).toThrow(
        `coordinates[${at}] is 128, but a coordinate of kind update is an integer in [-128, 128)`,
      );
    }
  });

  it.each([97, 95, 0])('a chunk of %i coordinates is refused', (length) => {
    expect(() => toLanes(new Int32Array(length), 'update', presets.tiny)).toThrow(/ entries.* has 96/);
    expect(() => fromLanes(new Int32Array(length), 'update', presets.tiny)).toThrow(
      `lanes has ${length} entries, but a chunk of tiny has 96`,
    );
  });
});
