// Only canonical points of the right groups come in.

import { g1FromWords, g1Words, g2FromWords, g2Words } from '@murmuration/prover';
import { bn254 } from '@noble/curves/bn254.js';
import { describe, expect, it } from 'vitest';
import { parseG1, parseG2, baseFieldOrder as Q } from '../../../prover/kzg/index.ts';
import { readVectors } from '../support/words.ts';

const generator = bn254.G2.Point.BASE.toAffine();
const base = { x: { ...generator.x }, y: { ...generator.y } };

const refused = expect.objectContaining({ name: 'ProverError', code: 'point' });

describe('G1', () => {
  it('takes the generator and infinity', () => {
    expect(parseG1('p', { x: 1n, y: 2n }).equals(bn254.G1.Point.BASE)).toBe(true);
    expect(parseG1('p', { x: 0n, y: 0n }).is0()).toBe(true);
  });
  it.each([
    ['off the curve', { x: 1n, y: 3n }],
    ['x aliased by q', { x: 1n + Q, y: 2n }],
    ['y aliased by q', { x: 1n, y: 2n + Q }],
    ['negative', { x: 1n, y: -2n }],
    ['infinity aliased by q', { x: Q, y: 0n }],
    ['half of infinity', { x: 0n, y: 1n }],
    ['the other half', { x: 1n, y: 0n }],
    ['infinity aliased in y', { x: 0n, y: Q }],
    ['whose number is no big integer', { x: 1 as never, y: 2n }],
  ])('refuses a point %s', (_, point) => {
    expect(() => parseG1('p', point)).toThrow(refused);
  });
  it('reads and writes words', () => {
    expect(g1FromWords('p', g1Words({ x: 1n, y: 2n }))).toEqual({ x: 1n, y: 2n });
    expect(() => g1FromWords('p', [1n])).toThrow(/has 1 words/);
    expect(() => g1FromWords('p', [1n, 3n])).toThrow(refused);
    expect(() => g1FromWords('p', [1n, Q])).toThrow(/p\.y is \d+, but a point's number lies in \[0, q\)/);
  });
});

describe('G2', () => {
  it('takes the generator and infinity', () => {
    expect(parseG2('p', base).equals(bn254.G2.Point.BASE)).toBe(true);
    const zero = { c0: 0n, c1: 0n };
    expect(parseG2('p', { x: zero, y: zero }).is0()).toBe(true);
  });
  it('refuses a point of the twist outside the subgroup', () => {
    const { outsideG2 } = readVectors<{ outsideG2: string[] }>('trapdoor');
    expect(() => g2FromWords('p', outsideG2.map(BigInt))).toThrow(/subgroup/);
  });
  it('refuses an alias and a swapped extension', () => {
    expect(() => parseG2('p', { ...base, x: { ...base.x, c0: base.x.c0 + Q } })).toThrow(refused);
    expect(() => parseG2('p', { ...base, x: { c0: base.x.c1, c1: base.x.c0 } })).toThrow(refused);
  });
  it('refuses each of its numbers out of range, and infinity in part', () => {
    for (const coordinate of ['x', 'y'] as const) {
      for (const part of ['c0', 'c1'] as const) {
        const given = base[coordinate][part];
        for (const value of [given + Q, given - Q, Number(given) as never]) {
          const point = { ...base, [coordinate]: { ...base[coordinate], [part]: value } };
          expect(() => parseG2('p', point)).toThrow(
            expect.objectContaining({ message: expect.stringContaining(`p.${coordinate}.${part} is `) }),
          );
        }
        const zero = { c0: 0n, c1: 0n };
        const single = { ...{ x: zero, y: zero }, [coordinate]: { ...zero, [part]: 1n } };
        expect(() => parseG2('p', single)).toThrow(/subgroup/);
      }
    }
  });
  it('writes the imaginary part first', () => {
    expect(g2Words(base)).toEqual([base.x.c1, base.x.c0, base.y.c1, base.y.c0]);
    expect(g2FromWords('p', g2Words(base))).toEqual(base);
    expect(() => g2FromWords('p', [...g2Words(base), 0n])).toThrow(/has 5 words/);
  });
});
