import { describe, expect, test } from 'vitest';
import {
  applySum,
  decodeModel,
  decodeProposal,
  digestOf,
  encodeModel,
  encodeProposal,
  mergeProposals,
} from '../../../node/protocol/index.ts';

const list = (...indices: number[]) => Uint32Array.from(indices);

describe('mergeProposals', () => {
  test('takes the best of each in turn and sorts', () => {
    expect(mergeProposals([list(9, 5, 1), list(9, 7, 3)], 3, 10)).toEqual(list(5, 7, 9));
    expect(mergeProposals([list(9, 5, 1), list(9, 7, 3)], 4, 10)).toEqual(list(3, 5, 7, 9));
  });
  test('gives fewer where the proposals have fewer', () => {
    expect(mergeProposals([list(2), list(2), list()], 3, 10)).toEqual(list(2));
  });
  test('one proposer cannot fill the support: each keeps its turns', () => {
    const greedy = list(...Array.from({ length: 10 }, (_, i) => i));
    const other = list(...Array.from({ length: 10 }, (_, i) => 90 + i));
    const merged = mergeProposals([greedy, other], 10, 100);
    expect(merged.filter((i) => i >= 90)).toHaveLength(5);
  });
  test('refuses an index twice, beyond the model, or too many', () => {
    expect(() => mergeProposals([list(1, 1)], 3, 10)).toThrow(/twice/);
    expect(() => mergeProposals([list(10)], 3, 10)).toThrow(/index 10/);
    expect(() => mergeProposals([list(1, 2, 3, 4)], 3, 10)).toThrow(/at most 3/);
  });
});

describe('bytes', () => {
  test('a proposal is uint32 little-endian, in its rank order', () => {
    expect([...encodeProposal(list(1, 258))]).toEqual([1, 0, 0, 0, 2, 1, 0, 0]);
    expect(decodeProposal(encodeProposal(list(1, 258)), 5, 300)).toEqual(list(1, 258));
    expect(() => decodeProposal(encodeProposal(list(1, 300)), 5, 300)).toThrow(/300/);
    expect(() => decodeProposal(new Uint8Array(7), 5, 300)).toThrow(/multiple of 4/);
    expect(() => decodeProposal(new Uint8Array(24), 5, 300)).toThrow(/at most 20/);
    expect(decodeProposal(encodeProposal(list(9, 3, 5)), 5, 10)).toEqual(list(9, 3, 5));
    expect(() => decodeProposal(encodeProposal(list(3, 3)), 5, 10)).toThrow(/twice/);
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
