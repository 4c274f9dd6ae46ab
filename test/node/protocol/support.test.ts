import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applySum,
  completeProposal,
  decodeModel,
  decodeProposal,
  digestOf,
  encodeModel,
  encodeProposal,
  inRow,
  mergeProposals,
  type SupportShape,
} from '../../../node/protocol/index.ts';

const list = (...indices: number[]) => Uint32Array.from(indices);

const shape = (count: number, size: number) => ({ count, size, round: 0 });

describe('mergeProposals', () => {
  test('takes the best of each in turn and sorts', () => {
    expect(mergeProposals([list(9, 5, 1), list(9, 7, 3)], shape(3, 10))).toEqual(list(5, 7, 9));
    expect(mergeProposals([list(9, 5, 1, 0), list(9, 7, 3, 2)], shape(4, 10))).toEqual(list(3, 5, 7, 9));
  });
  test('one proposer cannot fill the support: each keeps its turns', () => {
    const greedy = list(...Array.from({ length: 10 }, (_, i) => i));
    const other = list(...Array.from({ length: 10 }, (_, i) => 90 + i));
    const merged = mergeProposals([greedy, other], shape(10, 100));
    expect(merged.filter((i) => i >= 90)).toHaveLength(5);
  });
  test('refuses an index twice, beyond the model, too many or too few', () => {
    expect(() => mergeProposals([list(1, 1, 2)], shape(3, 10))).toThrow(/twice/);
    expect(() => mergeProposals([list(10, 1, 2)], shape(3, 10))).toThrow(/index 10/);
    expect(() => mergeProposals([list(1, 2, 3, 4)], shape(3, 10))).toThrow(/4 indices.*carries 3/);
    expect(() => mergeProposals([list(1)], shape(3, 10))).toThrow(/1 indices.*carries 3/);
  });
  test('is always as long as the round carries, whatever the proposals name, and whether there are any', () => {
    const round = fc.integer({ min: 1, max: 300 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        count: fc.integer({ min: 1, max: size }),
        round: fc.nat({ max: 2 ** 32 - 1 }),
        seeds: fc.array(fc.uniqueArray(fc.nat({ max: size - 1 })), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(round, ({ seeds, ...of }) => {
        const proposals = seeds.map((ranked) => completeProposal(list(...ranked.slice(0, of.count)), of));
        const support = mergeProposals(proposals, of);
        expect(support).toHaveLength(of.count);
        expect(new Set(support).size).toBe(of.count);
        expect(support).toEqual(support.toSorted());
        expect(support.every((index) => index < of.size)).toBe(true);
      }),
    );
  });
});

describe('completeProposal', () => {
  test('keeps the ranked indices first, and fills up with others', () => {
    const completed = completeProposal(list(7, 2), shape(6, 10));
    expect(completed.subarray(0, 2)).toEqual(list(7, 2));
    expect(new Set(completed).size).toBe(6);
    expect(completeProposal(list(7, 2), shape(2, 10))).toEqual(list(7, 2));
  });
  test('fills up by an order that is another in each round, and even over the model', () => {
    const size = 10_000;
    const filled = (round: number) => completeProposal(list(), { count: 100, size, round });
    expect(filled(0)).not.toEqual(filled(1));
    const tenths = new Array<number>(10).fill(0);
    for (let round = 0; round < 100; round++)
      for (const index of filled(round)) tenths[Math.floor((index * 10) / size)]!++;
    for (const hits of tenths) expect(hits).toBeGreaterThan(800);
  });
});

describe('the shared vectors', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../vectors/support.json', import.meta.url), 'utf8'),
  ) as {
    order: { size: number; round: number; indices: number[] }[];
    merge: (SupportShape & { ranked: number[][]; proposals: number[][]; support: number[] })[];
  };
  test('the public order', () => {
    for (const { indices, ...of } of vectors.order)
      expect([...completeProposal(list(), { ...of, count: indices.length })]).toEqual(indices);
  });
  test('proposals and their merge', () => {
    for (const { ranked, proposals, support, ...of } of vectors.merge) {
      expect(ranked.map((each) => [...completeProposal(list(...each), of)])).toEqual(proposals);
      expect([
        ...mergeProposals(
          proposals.map((each) => list(...each)),
          of,
        ),
      ]).toEqual(support);
    }
  });
});

describe('bytes', () => {
  test('a proposal is uint32 little-endian, in its rank order', () => {
    expect([...encodeProposal(list(1, 258))]).toEqual([1, 0, 0, 0, 2, 1, 0, 0]);
    expect(decodeProposal(encodeProposal(list(1, 258)), shape(2, 300))).toEqual(list(1, 258));
    expect(() => decodeProposal(encodeProposal(list(1, 300)), shape(2, 300))).toThrow(/300/);
    expect(() => decodeProposal(new Uint8Array(7), shape(2, 300))).toThrow(/7 bytes/);
    expect(() => decodeProposal(encodeProposal(list(1)), shape(2, 300))).toThrow(/4 bytes/);
    expect(() => decodeProposal(encodeProposal(list(1, 2, 3)), shape(2, 300))).toThrow(/12 bytes/);
    expect(decodeProposal(encodeProposal(list(9, 3, 5)), shape(3, 10))).toEqual(list(9, 3, 5));
    expect(() => decodeProposal(encodeProposal(list(3, 3)), shape(2, 10))).toThrow(/twice/);
  });
  test('a model is float32 little-endian and finite', () => {
    const bytes = encodeModel(Float32Array.of(1, -2.5));
    expect([...bytes]).toEqual([0, 0, 128, 63, 0, 0, 32, 192]);
    expect(decodeModel(bytes, 2)).toEqual(Float32Array.of(1, -2.5));
    expect(() => decodeModel(bytes, 3)).toThrow(/need 12/);
    expect(() => decodeModel(encodeModel(Float32Array.of(Number.NaN)), 1)).toThrow(/finite/);
    expect(digestOf(new Uint8Array())).toBe(
      '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
});

describe('applySum', () => {
  test('takes the coordinates of all chunks in a row, each in its place', () => {
    expect(inRow([])).toEqual(new Int32Array());
    expect(inRow([Int32Array.of(3, -1), Int32Array.of(), Int32Array.of(7)])).toEqual(Int32Array.of(3, -1, 7));
  });
  test('follows the formula bit for bit, on the support alone', () => {
    const model = Float32Array.of(0.1, 0.2, 0.3);
    const step = { support: list(0, 2), sum: [1000, -7, 99], weight: 3, scale: 2n ** 40n + 1n, eta: 0.7 };
    const next = applySum(model, step);
    const unit = 0.7 * (Number(step.scale) * 2 ** -48);
    expect(next[0]).toBe(Math.fround(Math.fround(0.1) + (unit * 1000) / 3));
    expect(next[1]).toBe(model[1]);
    expect(next[2]).toBe(Math.fround(Math.fround(0.3) + (unit * -7) / 3));
    expect(model[0]).toBe(Math.fround(0.1));
  });
  test('refuses what does not fit', () => {
    const model = new Float32Array(2);
    const step = { support: list(0), sum: [1], weight: 1, scale: 1n, eta: 1 };
    expect(() => applySum(model, { ...step, weight: 0 })).toThrow(/weight is 0/);
    expect(() => applySum(model, { ...step, sum: [] })).toThrow(/0 coordinates/);
    expect(() => applySum(model, { ...step, support: list(2) })).toThrow(/index 2/);
  });
});
