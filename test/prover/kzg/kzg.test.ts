// Commitments and openings against vectors that were computed in the exponent; what hides them, and what
// breaks without it.
import { blindingOf, fieldOrder } from '@murmuration/core';
import {
  combine,
  combineBlindings,
  type G1Point,
  randomBlinding,
  type Srs,
  toField,
  verifyOpening,
} from '@murmuration/prover';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewOf, writeBig } from '../../../prover/kzg/bytes.ts';
import { commit, decodeSrs, encodeSrs, open, verifySrs } from '../../../prover/kzg/index.ts';
import { coefficients } from '../../../prover/kzg/open.ts';
import { g1, g2, readVectors } from '../support/words.ts';

interface Case {
  readonly name: string;
  readonly bits: number;
  readonly lanes: number[];
  readonly blinding: string[];
  readonly commitment: string[];
}
interface Claim {
  readonly of: string;
  readonly commitment: string[];
  readonly gamma: string;
  readonly y: string;
  readonly proof: string[];
}
const commitments = readVectors<{ tauG2: string[]; powers: string[][]; cases: Case[] }>('commitment');
const openings = readVectors<{ valid: Claim[]; invalid: Claim[] }>('opening');
const tauG2 = g2(commitments.tauG2);
const vector = ({ lanes, blinding }: Case) => ({
  coordinates: Int32Array.from(lanes),
  blinding: blindingOf((k) => BigInt(blinding[k]!)),
});
const claim = ({ commitment, gamma, y, proof }: Claim) => ({
  commitment: g1(commitment),
  gamma: BigInt(gamma),
  y: BigInt(y),
  proof: g1(proof),
});

let srs: Srs;
let bytes: Uint8Array;

beforeAll(async () => {
  const points = new Uint8Array(commitments.powers.length * 64);
  commitments.powers.flat().forEach((word, i) => {
    writeBig(viewOf(points), 32 * i, BigInt(word));
  });
  bytes = encodeSrs({ powers: commitments.powers.length, g1: points, tauG2 });
  srs = await decodeSrs(bytes);
});

describe('commitments', () => {
  it.each(commitments.cases)('$name', async (one) => {
    expect(await commit(srs, vector(one), one.bits)).toEqual(g1(one.commitment));
  });
  it('are the same whatever width the coordinates are said to have', async () => {
    const one = commitments.cases[0]!;
    for (const bits of [8, 9, 17, 32])
      expect(await commit(srs, vector(one), bits)).toEqual(g1(one.commitment));
  });
  it('can be made at the same time', async () => {
    const all = commitments.cases;
    const made = await Promise.all(all.map((one) => commit(srs, vector(one), one.bits)));
    expect(made).toEqual(all.map((one) => g1(one.commitment)));
  });
  it('add up as their vectors do', async () => {
    const vectors = [1, 2, 3].map((k) =>
      Int32Array.from({ length: 96 }, (_, j) => ((j * k * 7919) % 255) - 127),
    );
    const blindings = vectors.map(() => randomBlinding());
    const weights = [1, 20, 300];
    const parts = await Promise.all(
      vectors.map((one, i) => commit(srs, { coordinates: one, blinding: blindings[i]! }, 8)),
    );
    const sum = vectors[0]!.map((_, j) =>
      vectors.reduce((total, one, i) => total + weights[i]! * one[j]!, 0),
    );
    const blinding = combineBlindings(blindings, weights);
    expect(combine(parts, weights)).toEqual(await commit(srs, { coordinates: sum, blinding }, 18));
  });
  it.each([
    [
      'a coordinate too large',
      { coordinates: new Int32Array(96).with(0, 128), blinding: [1n, 1n, 1n] },
      /coordinates\[0\] is 128/,
    ],
    [
      'a coordinate that is no integer',
      { coordinates: [0.5, ...new Array<number>(95).fill(0)], blinding: [1n, 1n, 1n] },
      /coordinates\[0\] is 0\.5, but a coordinate of 8 bits lies in \[-128, 128\)/,
    ],
    [
      'a short vector',
      { coordinates: Int32Array.of(1), blinding: [1n, 1n, 1n] },
      /an SRS of 99 powers is for 96/,
    ],
    ['a blinding of r', { coordinates: new Int32Array(96), blinding: [1n, fieldOrder, 1n] }, /blinding\[1\]/],
  ])('refuse %s', async (_, bad, message) => {
    await expect(commit(srs, bad as never, 8)).rejects.toThrow(message as RegExp);
  });
  it('are of lanes of 1 to 32 bits', async () => {
    const chunk = { coordinates: new Int32Array(96), blinding: randomBlinding() };
    for (const bits of [0, 33, 1.5]) {
      await expect(commit(srs, chunk, bits)).rejects.toThrow(`bits is ${bits}, but a lane has 1 to 32`);
    }
    for (const bits of [1, 32]) expect(await commit(srs, chunk, bits)).toEqual(await commit(srs, chunk, 8));
    // The ends of a range: [-1, 0) and [-2^31, 2^31).
    const first = (value: number) => ({ ...chunk, coordinates: chunk.coordinates.with(0, value) });
    await expect(commit(srs, first(1), 1)).rejects.toThrow(/lies in \[-1, 1\)/);
    expect(await commit(srs, first(-1), 1)).toEqual(await commit(srs, first(-1), 8));
    for (const value of [2 ** 31 - 1, -(2 ** 31)]) {
      expect(await commit(srs, first(value), 32)).not.toEqual(await commit(srs, chunk, 32));
    }
  });
  it('add up by positive weights, one for each', () => {
    const point = { x: 1n, y: 2n };
    expect(() => combine([], [])).toThrow('weights has 0 entries, but there are 0 commitments');
    expect(() => combine([point], [1, 2])).toThrow('weights has 2 entries, but there are 1 commitments');
    for (const weight of [0, -1, 1.5, 2 ** 53]) {
      expect(() => combine([point, point], [1, weight])).toThrow(`weights[1] is ${weight}, but a weight`);
    }
    expect(combine([point], [1])).toEqual(point);
    expect(() => combine([{ x: 1n, y: 3n }], [1])).toThrow(/commitments\[0\]/);
  });
});

describe('hiding', () => {
  const coordinates = Int32Array.from({ length: 96 }, (_, j) => (j % 5) - 2);
  const gamma = 123456789123456789n;

  it('gives unrelated C and y for the same vector', async () => {
    const [a, b] = [randomBlinding(), randomBlinding()].map((blinding) => ({ coordinates, blinding }));
    expect(await commit(srs, a!, 8)).not.toEqual(await commit(srs, b!, 8));
    expect((await open(srs, a!, gamma)).y).not.toEqual((await open(srs, b!, gamma)).y);
  });

  // One coefficient of blinding: y then gives rho for each guess of u, and C confirms the guess. More are
  // never determined.
  const confirms = async (guess: Int32Array, C: G1Point, y: bigint) => {
    const rest = toField(y - (await open(srs, { coordinates: guess, blinding: [0n, 0n, 0n] }, gamma)).y);
    const overPower = (await open(srs, { coordinates: new Int32Array(96), blinding: [1n, 0n, 0n] }, gamma)).y;
    const rho0 = toField(rest * inverse(overPower));
    const again = await commit(srs, { coordinates: guess, blinding: [rho0, 0n, 0n] }, 8);
    return again.x === C.x && again.y === C.y;
  };
  const wrong = coordinates.map((u, j) => (j === 3 ? u + 1 : u));

  it('confirms a guess when all but one blinding coefficient are left out', async () => {
    const secret = { coordinates, blinding: [randomBlinding()[0], 0n, 0n] as const };
    const [C, { y }] = [await commit(srs, secret, 8), await open(srs, secret, gamma)];
    expect(await confirms(coordinates, C, y)).toBe(true);
    expect(await confirms(wrong, C, y)).toBe(false);
  });
  it('confirms nothing with all', async () => {
    const secret = { coordinates, blinding: randomBlinding() };
    const [C, { y }] = [await commit(srs, secret, 8), await open(srs, secret, gamma)];
    expect(await confirms(coordinates, C, y)).toBe(false);
  });
});

describe('openings', () => {
  it.each(openings.valid)('of $of at $gamma', async (one) => {
    const of = commitments.cases.find(({ name }) => name === one.of)!;
    const { y, proof } = claim(one);
    expect(await open(srs, vector(of), BigInt(one.gamma))).toEqual({ y, proof });
    expect(verifyOpening(tauG2, claim(one))).toBe(true);
  });
  it.each(openings.invalid)('refuse $of', (one) => {
    expect(verifyOpening(tauG2, claim(one))).toBe(false);
  });
  it('are made of a vector of the right length, at a challenge of the field', async () => {
    const blinding = randomBlinding();
    const whole = { coordinates: new Int32Array(96).fill(-3), blinding };
    for (const gamma of [fieldOrder, -1n]) {
      await expect(open(srs, whole, gamma)).rejects.toThrow(
        expect.objectContaining({ code: 'field', message: expect.stringMatching(/^gamma is /) }),
      );
    }
    const short = { coordinates: new Int32Array(95), blinding };
    await expect(open(srs, short, 5n)).rejects.toThrow(/an SRS of 99 powers is for 96/);
  });
  it('refuse aliases of the value and of the challenge', () => {
    const good = claim(openings.valid[0]!);
    expect(() => verifyOpening(tauG2, { ...good, y: good.y + fieldOrder })).toThrow(/^y is/);
    expect(() => verifyOpening(tauG2, { ...good, gamma: good.gamma + fieldOrder })).toThrow(/^gamma is/);
  });
});

describe('the SRS', () => {
  it('is powers of one secret', async () => {
    expect(await verifySrs(srs)).toBe(true);
  });
  it('is the same after it was read from a Buffer, as files are, which stays as it is', async () => {
    const buffer = Buffer.from(bytes);
    expect(encodeSrs(await decodeSrs(buffer))).toEqual(new Uint8Array(bytes));
    expect(buffer.equals(Buffer.from(bytes))).toBe(true);
  });
  it('is refused when two powers are swapped', async () => {
    const swapped = bytes.slice();
    swapped.set(bytes.subarray(20 + 5 * 64, 20 + 6 * 64), 20 + 6 * 64);
    swapped.set(bytes.subarray(20 + 6 * 64, 20 + 7 * 64), 20 + 5 * 64);
    expect(await verifySrs(await decodeSrs(swapped))).toBe(false);
  });
  it.each([
    ['cut short', (b: Uint8Array) => b.subarray(0, -1), /an SRS of 99 powers has/],
    ['of another format', (b: Uint8Array) => b.with(0, 0), /not an SRS file/],
    ['cut within its head', (b: Uint8Array) => b.subarray(0, 18), /not an SRS file/],
    ['without the generator first', (b: Uint8Array) => b.with(20 + 63, 3), /not the generator/],
    ['with another number of the generator', (b: Uint8Array) => b.with(20 + 31, 3), /not the generator/],
    ['with a point off the curve', (b: Uint8Array) => b.with(20 + 64 + 63, b[20 + 64 + 63]! ^ 1), /point 1,/],
    [
      'with another [tau]_2 that is no point',
      (b: Uint8Array) => b.with(b.length - 1, b.at(-1)! ^ 1),
      /\[tau\]_2/,
    ],
    ['with [tau]_2 at infinity', (b: Uint8Array) => b.fill(0, b.length - 128), /every opening holds/],
    ['of one power', (b: Uint8Array) => powersOf(b, 1), /an SRS of 1 powers has 212/],
    ['of more powers than any preset', (b: Uint8Array) => powersOf(b, 65537), /an SRS of 65537 powers/],
  ])('is refused when it is %s', async (_, change, message) => {
    await expect(decodeSrs(change(bytes.slice()))).rejects.toThrow(message);
  });
  it('may have as few powers as two, and as many as 2^16', async () => {
    expect((await decodeSrs(powersOf(bytes, 2))).powers).toBe(2);
    // As many as 2^16: what these lack is points.
    await expect(decodeSrs(powersOf(bytes, 65536))).rejects.toThrow(/point 99/);
  });
});

/** The file with so many powers, its first ones, and zeros behind them. */
function powersOf(file: Uint8Array, powers: number): Uint8Array {
  const other = new Uint8Array(20 + 64 * powers + 128);
  other.set(file.subarray(0, Math.min(file.length - 128, 20 + 64 * powers)));
  other.set(file.subarray(-128), other.length - 128);
  viewOf(other).setUint32(16, powers);
  return other;
}

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let e = fieldOrder - 2n, square = value; e > 0n; e >>= 1n, square = (square * square) % fieldOrder) {
    if (e & 1n) result = (result * square) % fieldOrder;
  }
  return result;
}

it('coefficients are numbers of the field, also those of zeros and of what is below', () => {
  const { blinding } = vector(commitments.cases[0]!);
  const found = coefficients({ coordinates: Int32Array.of(-2, -1, 0, 1), blinding });
  expect(found).toEqual([fieldOrder - 2n, fieldOrder - 1n, 0n, 1n, ...blinding]);
});
