// Threshold decryption: exact for every key group, set and weight; an error, never garbage, where something
// is wrong.

import { fieldOrder } from '@murmuration/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floodingRows } from '../../he/decrypt/share.ts';
import {
  createHe,
  DecryptionLog,
  floodingBits,
  type HeError,
  type MemberKey,
  maxSets,
  openedNoiseBound,
} from '../../he/index.ts';
import { floodingReach } from '../../he/parameters.ts';
import { lagrangeAtZero, Ring } from '../../he/ring/ring.ts';
import { centralKeyGroup } from '../../he/testing.ts';
import { decodeCiphertext, encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { packRows } from '../../he/wire/message.ts';
import { centre, expectError, type MadeGroup, makeGroup, openSum, sharesOf } from './support.ts';

const he = await createHe('tiny');
const p = he.params;
const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
const groups = new Map<string, MadeGroup>();
const groupOf = (n: number, t: number): MadeGroup => {
  const key = `${n}/${t}`;
  if (!groups.has(key)) groups.set(key, makeGroup(he, n, t));
  return groups.get(key)!;
};
const chunk = (value: number) => new Int32Array(p.coordinatesPerChunk).fill(value);

/** The encryption of `value` everywhere with weight `weight`. */
async function sumOf(made: Pick<MadeGroup, 'group'>, value = 5, weight = 1): Promise<Uint8Array> {
  const encryptor = await he.createEncryptor(made.group);
  const sum = he
    .createAccumulator(made.group)
    .add(encryptor.encryptChunk({ coordinates: chunk(value), blinding: [7n, 8n, 9n] }), weight)
    .sum();
  encryptor.close();
  return sum;
}

describe('sums', () => {
  it('open exactly, over n, t, sets, weights and extremes', async () => {
    const sizes = fc.constantFrom([2, 2], [3, 2], [5, 3], [5, 5], [8, 4]);
    const extreme = fc.oneof(fc.constantFrom(-127, 127, 0), fc.integer({ min: -127, max: 127 }));
    const field = fc.oneof(fc.constant(fieldOrder - 1n), fc.bigInt({ min: 0n, max: fieldOrder - 1n }));
    const addend = fc.tuple(
      fc.array(extreme, { minLength: 96, maxLength: 96 }),
      fc.tuple(field, field, field),
      fc.integer({ min: 1, max: 204 }),
    );
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.array(addend, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        async ([n, t], addends, pick) => {
          const made = groupOf(n!, t!);
          const encryptor = await he.createEncryptor(made.group);
          const accumulator = he.createAccumulator(made.group);
          for (const [u, blinding, weight] of addends)
            accumulator.add(encryptor.encryptChunk({ coordinates: Int32Array.from(u), blinding }), weight);
          encryptor.close();
          const set = Array.from({ length: n! }, (_, i) => (i + pick) % n!)
            .slice(0, t)
            .sort((a, b) => a - b);
          const { coordinates, blinding } = openSum(he, made, accumulator.sum(), set);
          expect([...coordinates]).toEqual(
            addends[0]![0].map((_, j) => addends.reduce((sum, [u, , w]) => sum + w * u[j]!, 0)),
          );
          expect(blinding).toEqual(
            [0, 1, 2].map(
              (k) =>
                addends.reduce((sum, [, blinding, w]) => sum + BigInt(w) * blinding[k]!, 0n) % fieldOrder,
            ),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('open at Wmax with all of 64 parties: the least room there is', async () => {
    const made = centralKeyGroup(he, 64, 64);
    const sum = await sumOf(made, -127, 1023);
    const { coordinates, blinding } = openSum(
      he,
      made,
      sum,
      Array.from({ length: 64 }, (_, i) => i),
    );
    expect(coordinates.every((value) => value === -127 * 1023)).toBe(true);
    expect(blinding).toEqual([7n * 1023n, 8n * 1023n, 9n * 1023n]);
  });

  it('may be sums of sums', async () => {
    const made = groupOf(3, 2);
    const inner = await sumOf(made, 3, 10);
    const outer = he
      .createAccumulator(made.group)
      .add(inner, 5)
      .add(await sumOf(made, -1), 2);
    expect(outer.weight).toBe(52);
    expect(openSum(he, made, outer.sum(), [0, 2]).coordinates[0]).toBe(148);
  });

  it('refuse weights beyond Wmax and stay as they were', async () => {
    const made = groupOf(3, 2);
    const one = await sumOf(made, 1);
    const accumulator = he.createAccumulator(made.group);
    expectError(() => accumulator.sum(), 'argument', /nothing/);
    accumulator.add(one, 1000);
    for (const weight of [0, -1, 1.5, Number.NaN, 24, 2000])
      expectError(() => accumulator.add(one, weight), 'argument', /Wmax/);
    expect(openSum(he, made, accumulator.sum(), [1, 2]).coordinates[0]).toBe(1000);
  });

  it('repeat: the same member says the same for the same ciphertext and set', async () => {
    const made = groupOf(5, 3);
    const sum = await sumOf(made);
    expect(sharesOf(he, made, sum, [0, 2, 4])).toEqual(sharesOf(he, made, sum, [0, 2, 4]));
    expect(sharesOf(he, made, sum, [0, 2, 3])[0]).not.toEqual(sharesOf(he, made, sum, [0, 2, 4])[0]);
  });
});

describe('flooding', () => {
  it('what is left of shares without their secrets is noise of the stated size', async () => {
    const made = groupOf(5, 3);
    const set = [1, 2, 4];
    const sum = await sumOf(made);
    const shares = sharesOf(he, made, sum, set).map((bytes) => he.decodeDecryptionShare(bytes));
    const { rows } = decodeCiphertext({ params: p, ring }, made.group.id, sum);
    const points = set.map((index) => index + 1);
    // Masks cancel in the sum over the set; what the shares of the secret explain is subtracted.
    const rest = [0, 1].map((prime) => {
      const total = ring.zero();
      for (const share of shares) {
        ring.add(total, share.rows[prime]!, prime);
        const c1 = ring.forward(rows[2 + prime]!.slice(), prime);
        const product = ring.inverse(ring.multiply(c1, made.keys[share.index]!.share[prime]!, prime), prime);
        const lambda =
          (2n * lagrangeAtZero(share.index + 1, points, ring.primes[prime]!)) % ring.primes[prime]!;
        ring.subtract(total, ring.scaleAdd(product, lambda, ring.zero(), prime), prime);
      }
      return total;
    });
    const [q0, q1] = p.primes;
    const reach = Number(floodingReach(p, 5, 3));
    const floods = Array.from(rest[0]!, (low, i) => {
      const lift = BigInt(low) + q0 * ((((((rest[1]![i]! - low) % q1) + q1) % q1) * modInverse(q0, q1)) % q1);
      return Number(centre(lift, p.modulus)) / reach;
    });
    // Three floods on [-1, 1), each of four uniform variables: mean 0, variance 1/4, never beyond 3.
    const mean = floods.reduce((a, b) => a + b, 0) / floods.length;
    const variance = floods.reduce((a, b) => a + (b - mean) ** 2, 0) / floods.length;
    expect(Math.max(...floods.map(Math.abs))).toBeLessThan(3);
    expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(floods.length));
    expect(Math.abs(variance - 1 / 4)).toBeLessThan(0.03);
    expect(Math.log2(reach / openedNoiseBound(p, 5, 1023))).toBeCloseTo(floodingBits(p, 5, 3), 3);
  });

  it('is fresh for every ciphertext: else two openings differ by exact equations of the key', async () => {
    const made = groupOf(3, 2);
    const [a, b] = [await sumOf(made), await sumOf(made)].map((sum) => {
      // Doubled, as sums are when they are opened.
      const phase = decodeCiphertext({ params: p, ring }, made.group.id, sum)
        .rows.slice(0, 2)
        .map((row, prime) => ring.add(row, row.slice(), prime));
      for (const share of sharesOf(he, made, sum, [0, 1]).map((bytes) => he.decodeDecryptionShare(bytes)))
        for (const prime of [0, 1]) ring.add(phase[prime]!, share.rows[prime]!, prime);
      return phase;
    });
    // Equal plaintexts: what differs is noise, of less than 2^20 in fresh ciphertexts, and flood.
    const small = Array.from(ring.subtract(a![0]!, b![0]!, 0), (value) => centre(value, p.primes[0])).filter(
      (value) => value < 1n << 20n && value > -(1n << 20n),
    );
    expect(small.length).toBeLessThan(3);
  });

  // The floods of the wide one are made of two words each.
  it.each([
    ['tiny', 64],
    ['wide', 3],
  ] as const)(
    '%s: of one member: bell-shaped in [-B, B), the same integers modulo both primes',
    async (name, n) => {
      const of = name === 'tiny' ? he : await createHe(name);
      const key = centralKeyGroup(of, n, n).keys[0]!;
      const values = floodOf(key, 0, of.params).map(
        (value) => value / Number(floodingReach(of.params, n, n)),
      );
      expect(values.every((value) => value >= -1 && value < 1)).toBe(true);
      const moment = (power: number) =>
        values.reduce((sum, value) => sum + value ** power, 0) / values.length;
      // Of four uniform variables on [-1/4, 1/4): 4/48, and 3 (4/48)^2 less 4 * 2/15 / 4^4.
      const fourth = 3 / 144 - 2 / 15 / 64;
      expect(Math.abs(moment(2) - 1 / 12)).toBeLessThan(6 * Math.sqrt((fourth - 1 / 144) / values.length));
      expect(Math.abs(moment(4) - fourth)).toBeLessThan(0.003);
    },
  );

  it('has no end past which coefficients show their noise, to colluders who know all other floods', () => {
    // Noise of one 128th of a flood in all coefficients, its sign unknown. Past the end of a single uniform
    // integer, one coefficient in 256 would show the sign for certain, sixteen in each opening.
    const key = centralKeyGroup(he, 64, 64).keys[0]!;
    const reach = Number(floodingReach(p, 64, 64));
    for (const sign of [-1, 1]) {
      const seen = Array.from({ length: 8 }, (_, opening) => floodOf(key, 1 + opening)).flat();
      const shown = seen.filter((flood) => Math.abs(flood + (sign * reach) / 128) > reach);
      expect(shown).toEqual([]);
    }
  });

  /** A member's flood of one ciphertext, as signed numbers. */
  function floodOf(key: MemberKey, ciphertext: number, params = p): number[] {
    const c1Digest = new Uint8Array(32).fill(ciphertext);
    const [q0, q1] = params.primes;
    const context = { params, ring: new Ring(params.ringDegree, [q0, q1, params.specialPrime]) };
    const [a, b] = floodingRows(context, { key, c1Digest, set: [0, 1] });
    const inverse = modInverse(q0, q1);
    return Array.from(a!, (low, i) =>
      Number(centre(low + q0 * (((((b![i]! - low) % q1) + q1) * inverse) % q1), params.modulus)),
    );
  }
});

describe('what does not open', () => {
  it('t - 1 shares, however they are combined', async () => {
    const made = groupOf(5, 3);
    const sum = await sumOf(made);
    const set = [0, 1, 2];
    const shares = sharesOf(he, made, sum, set);
    expectError(
      () => he.combineDecryptionShares({ group: made.group, sum, set, shares: shares.slice(1) }),
      'set',
      /none from member 0/,
    );
    expectError(
      () => he.combineDecryptionShares({ group: made.group, sum, set: [1, 2], shares: shares.slice(1) }),
      'argument',
      /exactly t = 3/,
    );
    // Their best: drop the checks and use Lagrange coefficients for two points. The result is uniform, not
    // the sum.
    const { rows } = decodeCiphertext({ params: p, ring }, made.group.id, sum);
    const phase = [0, 1].map((prime) => {
      const total = rows[prime]!.slice();
      for (const index of [1, 2]) {
        const product = ring.multiply(
          ring.forward(rows[2 + prime]!.slice(), prime),
          made.keys[index]!.share[prime]!,
          prime,
        );
        const lambda = lagrangeAtZero(index + 1, [2, 3], ring.primes[prime]!);
        ring.add(total, ring.scaleAdd(ring.inverse(product, prime), lambda, ring.zero(), prime), prime);
      }
      return total;
    });
    const { values, noise } = ring.decode([phase[0]!, phase[1]!], p.plainModulus);
    expect(values.subarray(0, 96).filter((value) => value === 5).length).toBeLessThan(3);
    const variance = noise.reduce((total, value) => total + value * value, 0) / noise.length;
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(6 * Math.sqrt(1 / 180 / noise.length));
  });

  it('a wrong, foreign, doubled or misplaced share', async () => {
    const made = groupOf(5, 3);
    const [sum, other] = [await sumOf(made), await sumOf(made)];
    const set = [0, 1, 2];
    const shares = sharesOf(he, made, sum, set);
    const combine =
      (changed: Uint8Array[], of = sum) =>
      () =>
        he.combineDecryptionShares({ group: made.group, sum: of, set, shares: changed });
    expectError(
      combine([...shares.slice(0, 2), sharesOf(he, made, other, set)[2]!]),
      'mismatch',
      /member 2 is for ciphertext/,
    );
    expectError(
      combine([...shares.slice(0, 2), sharesOf(he, made, sum, [0, 2, 3])[1]!]),
      'set',
      /member 2 is for set/,
    );
    expectError(combine([shares[0]!, shares[1]!, shares[1]!]), 'set', /member 1 is there twice/);
    const foreign = makeGroup(he, 5, 3);
    const theirs = he.decryptionShare({
      key: { ...foreign.keys[2]!, groupId: made.group.id },
      sum,
      set,
      log: new DecryptionLog(),
    });
    expectError(combine([...shares.slice(0, 2), theirs]), 'set', /open to noise/);
    expectError(
      combine([...shares.slice(0, 2), sharesOf(he, foreign, await sumOf(foreign), set)[2]!]),
      'mismatch',
      /group/,
    );
    const altered = shares[2]!.slice();
    altered[altered.length - 1]! ^= 0x40;
    // Its one coefficient decides whether noise or value shows it; either error tells of it.
    expect(combine([...shares.slice(0, 2), altered])).toThrow(
      expect.toSatisfy(({ message, mend }: HeError) =>
        /a share is wrong in few places/.test(`${message} ${mend}`),
      ),
    );
  });

  it('a share that is off by a multiple of Q / t opens to another sum: only commitments tell', async () => {
    const made = groupOf(3, 2);
    const sum = await sumOf(made, 5, 2);
    const [honest, share] = sharesOf(he, made, sum, [0, 1]);
    const { rows } = he.decodeDecryptionShare(share!);
    const delta = p.modulus / p.plainModulus;
    for (const prime of [0, 1]) rows[prime]![9] = (rows[prime]![9]! + 3n * delta) % p.primes[prime]!;
    const packed = packRows(ring, rows, [0, 1]);
    const shifted = Buffer.concat([share!.subarray(0, share!.length - packed.length), packed]);
    const { coordinates } = he.combineDecryptionShares({
      group: made.group,
      sum,
      set: [0, 1],
      shares: [honest!, shifted],
    });
    expect([coordinates[8], coordinates[9]]).toEqual([10, 13]);
  });

  it('a ciphertext with too much noise, or of values that break the encoding', async () => {
    const made = groupOf(3, 2);
    const context = { params: p, ring };
    const sum = await sumOf(made);
    const edit = (delta: bigint, ...indices: number[]) => {
      const { weight, rows } = decodeCiphertext(context, made.group.id, sum);
      for (const index of indices)
        for (const prime of [0, 1])
          rows[prime]![index] = (rows[prime]![index]! + delta) % ring.primes[prime]!;
      return encodeCiphertext(context, made.group.id, { weight, rows });
    };
    // Of c0, which is doubled.
    const delta = p.modulus / p.encodingModulus;
    // Half a unit of noise: flooding hides it in most coefficients, not in all of a hundred.
    const noisy = edit(delta / 2n, ...Array.from({ length: 100 }, (_, i) => 1000 + i));
    expectError(() => openSum(he, made, noisy, [0, 1]), 'noise', /not an honest encryption/);
    const big = edit(delta * 123n, 9);
    expectError(() => openSum(he, made, big, [0, 1]), 'plaintext', /coefficient 9 of the sum is 128/);
    const padded = edit(delta, 2000);
    expectError(
      () => openSum(he, made, padded, [0, 1]),
      'plaintext',
      /coefficient 2000 of the sum is 1, but at weight \d+ it is 0 to 0/,
    );
  });

  it('a set that is not t members with this one among them', async () => {
    const made = groupOf(5, 3);
    const sum = await sumOf(made);
    for (const set of [
      [0, 1],
      [0, 1, 1],
      [1, 0, 2],
      [0, 1, 5],
      [0, 1, 2, 3],
      [-1, 0, 1],
      [0.5, 1, 2],
    ])
      expectError(
        () => he.decryptionShare({ key: made.keys[0]!, sum, set, log: new DecryptionLog() }),
        'argument',
        /exactly t = 3/,
      );
    expectError(
      () => he.decryptionShare({ key: made.keys[0]!, sum, set: [1, 2, 3], log: new DecryptionLog() }),
      'argument',
      /this member is 0/,
    );
  });

  it('a copy that differs in c0 or weight gets the same share: else each would flood c1 s anew', async () => {
    const made = groupOf(3, 2);
    const sum = await sumOf(made);
    const { rows } = decodeCiphertext({ params: p, ring }, made.group.id, sum);
    rows[0]![7] = (rows[0]![7]! + 1n) % p.primes[0];
    const copy = encodeCiphertext({ params: p, ring }, made.group.id, { weight: 9, rows });
    const [share, again] = [sum, copy].map((bytes) =>
      he.decodeDecryptionShare(sharesOf(he, made, bytes, [0, 1])[0]!),
    );
    expect(again!.rows).toEqual(share!.rows);
    expect(again!.ciphertext).not.toEqual(share!.ciphertext);
  });

  it('one ciphertext, to more sets than the log allows; a disguised copy counts as the same', async () => {
    const made = groupOf(8, 4);
    const [sum, log] = [await sumOf(made), new DecryptionLog()];
    const ask = (set: number[], of = sum, to = log) =>
      he.decryptionShare({ key: made.keys[0]!, sum: of, set, log: to });
    const sets = Array.from({ length: maxSets }, (_, i) => [0, 1 + (i % 3), 4 + (i >> 2), 6 + (i & 1)]);
    const distinct = new Set(sets.map(String)).size;
    for (const set of sets) ask(set);
    for (let extra = distinct; extra < maxSets; extra++) ask([0, 1, 2, 3 + extra - distinct]);
    expect(ask(sets[0]!).length).toBeGreaterThan(0);
    expectError(() => ask([0, 2, 3, 7]), 'limit', /8 sets/);
    const restored = new DecryptionLog(log.entries());
    expectError(() => ask([0, 2, 3, 7], sum, restored), 'limit');
    const disguised = sum.slice();
    disguised[69] = 2;
    expectError(() => ask([0, 2, 3, 7], disguised), 'limit');
  });
});

function modInverse(value: bigint, q: bigint): bigint {
  let [a, b, x, y] = [value % q, q, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return ((x % q) + q) % q;
}
