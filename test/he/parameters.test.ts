// Presets: derived numbers, agreement with SEAL, refusal of what is unsafe.

import { describe, expect, it } from 'vitest';
import {
  checkParameters,
  createHe,
  floodingBits,
  openedNoiseBound,
  type ParametersLiteral,
  type PresetName,
  preset,
  presets,
} from '../../he/index.ts';
import { expectError } from './support.ts';

const names = Object.keys(presets) as PresetName[];
const base: ParametersLiteral = presets.base;

describe('presets', () => {
  it.each(names)(
    '%s: 128-bit security, room for every sum, flooding as stated, SEAL accepts it',
    async (name) => {
      const { params: p } = await createHe(name);
      expect(p.modulusBits).toBeLessThanOrEqual(p.securityLimitBits);
      expect(p.worstFloodingBits).toBeGreaterThanOrEqual(p.floodingBits);
      const total = openedNoiseBound(p, 64, p.maxWeight) * (1 + 64 * 2 ** floodingBits(p, 64, 64));
      expect(Math.log2(total)).toBeLessThan(p.noiseRoomBits + Math.log2(7 / 8) + 1e-6);
      expect(floodingBits(p, 5, 3)).toBeGreaterThan(floodingBits(p, 64, 64));
      expect(Object.isFrozen(p)).toBe(true);
    },
  );

  it('base: a ciphertext has at most 95 KB', async () => {
    expect((await createHe('base')).ciphertextBytes).toBeLessThanOrEqual(95_000);
  });

  it('ids differ between presets', () => {
    expect(new Set(names.map((name) => Buffer.from(preset(name).id).toString('hex'))).size).toBe(
      names.length,
    );
  });
});

describe('parameters that are refused', () => {
  const cases: [string, Partial<ParametersLiteral>, RegExp][] = [
    [
      'more modulus than 128-bit security allows',
      { specialPrime: 35184372121601n },
      /135 bits, .* allows 106/,
    ],
    [
      "what SEAL's table of 2018 still allows, but the guidelines of 2024 do not",
      { specialPrime: 114689n },
      /107 bits, .* allows 106/,
    ],
    ['a weight whose limb sums overflow t', { maxWeight: 1025 }, /overflow t/],
    ['a plain modulus that sums overflow', { plainBits: 17 }, /sums reach .* overflow t/],
    ['no room for the flooding that it states', { floodingBits: 40 }, /leaves room for 35\.4/],
    ['flooding below 35 bits', { floodingBits: 30 }, /from 35 to 128/],
    ['a plain modulus that leaves no room for noise', { plainBits: 30 }, /leaves room/],
    ['no coefficients for the blinding', { coordinatesPerChunk: 4049 }, /from 1 to 4048/],
    ['a composite modulus', { primes: [35184371703809n, 35184371703809n + 8192n] }, /it is a prime/],
    ['a prime without roots of unity', { specialPrime: 131071n }, /1 modulo 2N/],
    ['equal primes', { primes: [35184371703809n, 35184371703809n] }, /must differ/],
    ['descending primes', { primes: [base.primes[1], base.primes[0]] }, /ascend/],
    ['a strange ring', { ringDegree: 4095 }, /one of 1024/],
    ['more parties than a set can name', { maxParties: 65 }, /from 2 to 64/],
    ['a bad name', { name: 'Base!' }, /name/],
  ];
  it.each(cases)('%s', (_, change, message) => {
    expectError(() => checkParameters({ ...base, ...change }), 'parameter', message);
  });

  it('an unknown preset', () => {
    expectError(() => preset('toString' as PresetName), 'parameter', /one of tiny/);
  });
});
