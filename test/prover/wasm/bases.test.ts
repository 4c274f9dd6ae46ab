// Sums over the powers by each kernel equal those of ffjavascript, for scalars of every length and at every offset.
import { ensureDevelopmentKeys, type Srs } from '@murmuration/prover';
import { beforeAll, describe, expect, it } from 'vitest';
import { packLittle } from '../../../prover/kzg/bytes.ts';
import { decodeSrs, encodeSrs } from '../../../prover/kzg/index.ts';
import { createKernelBases } from '../../../prover/wasm/bases.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { usableKernels } from './support/kernels.ts';
import { moduleOf, pseudorandom } from './support/summing.ts';

describe.each(usableKernels.map((name) => [name] as const))('%s', (name) => {
  let srs: Srs;
  beforeAll(async () => {
    ({ srs } = await ensureDevelopmentKeys('tiny', { cacheFolder }));
  });
  const random = (bits: number, count: number) => {
    const values = pseudorandom(BigInt(bits));
    return Array.from({ length: count }, () => (values.next().value as bigint) >> BigInt(254 - bits));
  };
  const packed = (values: readonly bigint[], size: number) => {
    const whole = packLittle(values);
    return Uint8Array.from(values.flatMap((_, i) => [...whole.subarray(32 * i, 32 * i + size)]));
  };

  it.each([
    [1, 1],
    [1, 8],
    [2, 9],
    [3, 18],
    [4, 32],
    [16, 128],
    [32, 254],
  ])('scalars of %i bytes and %i bits', async (size, bits) => {
    const bases = createKernelBases(moduleOf(name), srs.g1);
    for (const [count, first] of [
      [srs.powers, 0],
      [1, srs.powers - 1],
      [7, 3],
    ] as const) {
      const edges = [0n, 1n, 2n ** BigInt(bits) - 1n].map((value) => (bits === 254 ? value >> 1n : value));
      const values = [...edges, ...random(bits, count)].slice(0, count);
      const form = { size, bits, first };
      expect(await bases.sum(packed(values, size), form)).toEqual(
        await srs.bases.sum(packed(values, size), form),
      );
    }
  });
  it('large scalars leave other work its turn after some windows, and small ones take one go', async () => {
    const bases = createKernelBases(moduleOf(name), srs.g1);
    const turnsOf = async (size: number, bits: number) => {
      let turns = -1;
      const count = () => {
        turns++;
        next = setImmediate(count);
      };
      let next = setImmediate(count);
      // From a turn of its own: what is counted is what the sum itself gives way to.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await bases.sum(packed([1n, 2n], size), { size, bits });
      clearImmediate(next);
      return turns;
    };
    // 29 windows of 9 bits.
    expect([await turnsOf(32, 254), await turnsOf(1, 8)]).toEqual([3, 0]);
  });
  it('several at a time, and infinity', async () => {
    const bases = createKernelBases(moduleOf(name), srs.g1);
    const sums = await Promise.all(
      [0n, 1n, 2n].map((value) => bases.sum(packed([value, 0n], 32), { size: 32, bits: 254 })),
    );
    expect(sums[0]).toEqual({ x: 0n, y: 0n });
    expect(sums[1]).toEqual({ x: 1n, y: 2n });
    expect(sums[2]).toEqual(await srs.bases.sum(Uint8Array.of(2), { size: 1, bits: 8 }));
  });
  it('from powers that are as their file has them', async () => {
    const bytes = encodeSrs(srs);
    expect(Buffer.compare(encodeSrs(await decodeSrs(Buffer.from(bytes))), bytes)).toBe(0);
    expect([srs.g1[31], srs.g1[63]]).toEqual([1, 2]);
  });
  it('more scalars than points are refused', () => {
    const bases = createKernelBases(moduleOf(name), srs.g1);
    expect(() => bases.sum(new Uint8Array(srs.powers), { size: 1, bits: 1, first: 1 })).toThrow(/do not fit/);
  });
});
