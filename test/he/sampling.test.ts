// Samplers: ranges, means and variances within six standard deviations, and what each depends on.

import { describe, expect, it } from 'vitest';
import { preset } from '../../he/index.ts';
import { Ring } from '../../he/ring/ring.ts';
import { centredBinomial, ternary } from '../../he/sampling/small.ts';
import { deriveKey, keyedStream, publicStream, systemStream } from '../../he/sampling/stream.ts';

const p = preset('base');
const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
const count = 200_000;

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, variance: all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length };
}

describe('samplers', () => {
  it('ternary: -1, 0 and 1, a third each', () => {
    const values = ternary(systemStream, count);
    for (const value of [-1, 0, 1]) {
      const share = values.filter((found) => found === value).length / count;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(6 * Math.sqrt(2 / 9 / count));
    }
  });

  it('centred binomial: |e| <= 21, mean 0, variance 10.5', () => {
    const values = centredBinomial(systemStream, count);
    expect(values.every((value) => Math.abs(value) <= 21)).toBe(true);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(10.5 / count));
    expect(Math.abs(variance - 10.5)).toBeLessThan(6 * Math.sqrt((2 * 10.5 ** 2) / count));
  });

  it.each([1n, 3n, 40961n, 35184371703809n, (1n << 61n) + 1n])('uniform below %s', (bound) => {
    const values = Array.from({ length: 10 }, () => [...ring.uniform(systemStream, bound)]).flat();
    expect(values.every((value) => value < bound)).toBe(true);
    const { mean, variance } = moments(values.map((value) => Number(value) / Number(bound)));
    const size = Number(bound);
    expect(Math.abs(mean - (1 - 1 / size) / 2)).toBeLessThan(6 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - (1 - 1 / size ** 2) / 12)).toBeLessThan(
      6 * Math.sqrt(1 / 180 / values.length),
    );
  });

  it('uniform covers a small range evenly: no bias from the rejection', () => {
    const values = Array.from({ length: 12 }, () => [...ring.uniform(systemStream, 6n)]).flat();
    const counts = [0n, 1n, 2n, 3n, 4n, 5n].map((value) => values.filter((found) => found === value).length);
    const expected = values.length / 6;
    const chiSquare = counts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(40);
  });

  it('streams: a key or a seed fixes them, labels and part boundaries separate them', () => {
    const key = new Uint8Array(32).fill(3);
    expect(keyedStream(key)(100)).toEqual(keyedStream(key)(100));
    const [split, whole] = [keyedStream(key), keyedStream(key)(100)];
    expect(Buffer.concat([split(33), split(67)])).toEqual(Buffer.from(whole));
    const [squeezed, at] = [publicStream(key)(64), publicStream(key)];
    expect(Buffer.concat([at(7), at(57)])).toEqual(Buffer.from(squeezed));
    const part = (text: string) => new TextEncoder().encode(text);
    expect(deriveKey(key, 'a', part('bc'), part('d'))).not.toEqual(
      deriveKey(key, 'a', part('b'), part('cd')),
    );
    expect(deriveKey(key, 'a', part('bc'))).not.toEqual(deriveKey(key, 'b', part('bc')));
  });

  it('the system stream does not repeat', () => {
    expect(systemStream(32)).not.toEqual(systemStream(32));
  });
});
