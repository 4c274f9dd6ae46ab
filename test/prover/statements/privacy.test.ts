// What commitments, sponges, openings and opened sums tell of a vector, and the attacks that work where
// blinding is short.
import type { Blinding, ChunkVector } from '@murmuration/core';
import {
  combineBlindings,
  ensureDevelopmentKeys,
  type KeySet,
  presets,
  randomBlinding,
  toField,
  vectorSponge,
} from '@murmuration/prover';
import { beforeAll, describe, expect, it } from 'vitest';
import { developmentSeed } from '../../../prover/keys/index.ts';
import { developmentTau } from '../../../prover/keys/secret.ts';
import { open, parseG1, parseG2 } from '../../../prover/kzg/index.ts';
import { g2Generator, pairingProductIsOne } from '../../../prover/kzg/pairing.ts';
import { commitVector } from '../../../prover/statements/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { source } from '../../vectors/random.ts';
import { blindingThrough, pointOf, polynomialAt, simulate, valueAt } from '../support/blinding.ts';

const preset = presets.tiny;
const random = source('privacy');
const vector = (blinding: Blinding = randomBlinding(), most = 127): ChunkVector => ({
  coordinates: Int32Array.from({ length: preset.coordinatesPerChunk }, () => random.integer(-most, most)),
  blinding,
});
const challenge = () => toField(random.word());
let keys: KeySet;
const tau = developmentTau(developmentSeed);

beforeAll(async () => {
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
});

const commitTo = (one: ChunkVector) => commitVector({ preset, srs: keys.srs }, 'update', one);
const openAt = (one: ChunkVector, gamma: bigint) => open(keys.srs, one, gamma);
const spongeOf = ({ coordinates }: ChunkVector, blinding: Blinding) =>
  vectorSponge('update', preset, { coordinates, blinding });

/** What becomes public of a vector that is sent: C, h, the challenge, the value there and its proof. */
async function publish(one: ChunkVector, gamma = challenge()) {
  return { ...(await commitTo(one)), gamma, ...(await openAt(one, gamma)) };
}

/** The same with blinding of fewer coefficients: those left out are zero, as everybody knows. */
const shortened = (count: number): Blinding =>
  randomBlinding().map((value, k) => (k < count ? value : 0n)) as unknown as Blinding;

describe('one commitment, one opening', () => {
  it('the same update committed twice has nothing in common', async () => {
    const one = vector();
    const two = { ...one, blinding: randomBlinding() };
    const gamma = challenge();
    const [a, b] = [await publish(one, gamma), await publish(two, gamma)];
    const values = [a, b].flatMap(({ h, commitment, y, proof }) => [h, commitment.x, y, proof.x]);
    expect(new Set(values).size).toBe(values.length);
  });

  it('fits every vector: with tau known, any guess has blinding with the same C, y and proof', async () => {
    const truth = vector();
    const { commitment, h, gamma, y, proof } = await publish(truth);
    for (const guess of [
      vector(),
      vector(),
      { ...vector(), coordinates: new Int32Array(preset.coordinatesPerChunk) },
    ]) {
      const points = [pointOf(guess, tau, valueAt(truth, tau)), pointOf(guess, gamma, y)];
      const free = [challenge(), challenge()] as const;
      const same = { ...guess, blinding: blindingThrough(...points, free) };
      const again = await commitTo(same);
      expect(again.commitment).toEqual(commitment);
      expect(await openAt(same, gamma)).toEqual({ y, proof });
      expect(
        again.h,
        'the sponge alone differs, and it takes rho, of which C and y leave every value open',
      ).not.toBe(h);
    }
  });

  it('a guess is not confirmed by the sponge without its blinding', async () => {
    const truth = vector();
    const { h } = await commitTo(truth);
    const [a, b, c] = truth.blinding;
    const partial: Blinding[] = [[0n, 0n, 0n], [a, b, 0n], [a, 0n, c], [0n, b, c], randomBlinding()];
    for (const blinding of partial) expect(await spongeOf(truth, blinding)).not.toBe(h);
    expect(await spongeOf(truth, truth.blinding)).toBe(h);
  });
});

describe('attacks where the blinding of one vector is short', () => {
  it('one coefficient: y gives it for each guess, and h and C confirm the right one', async () => {
    const attack = async (truth: ChunkVector, guess: ChunkVector) => {
      const { commitment, h, gamma, y } = await publish(truth);
      const again = await commitTo({ ...guess, blinding: blindingThrough(pointOf(guess, gamma, y)) });
      return again.h === h && again.commitment.x === commitment.x;
    };
    const truth = vector(shortened(1));
    expect(await attack(truth, truth)).toBe(true);
    expect(await attack(truth, vector())).toBe(false);
    // With all coefficients the same attacker finds nothing, though the guess is right.
    const blinded = { ...truth, blinding: randomBlinding() };
    expect(await attack(blinded, blinded)).toBe(false);
  });

  it('three openings of one commitment: the values give all of the blinding', async () => {
    const truth = vector();
    const openings = [await publish(truth), await publish(truth), await publish(truth)];
    const confirms = async (guess: ChunkVector) => {
      const points = openings.map(({ gamma, y }) => pointOf(guess, gamma, y));
      return (await spongeOf(guess, blindingThrough(...points))) === openings[0]!.h;
    };
    expect(await confirms(truth)).toBe(true);
    expect(await confirms(vector())).toBe(false);
  });
});

/** Vectors that are sent and summed: what everybody knows afterwards, and guesses that fit the opened sum. */
async function summed(weights: readonly number[], blinding: () => Blinding) {
  const truth = weights.map(() => vector(blinding(), 20));
  const published = await Promise.all(truth.map((one) => publish(one)));
  const R = combineBlindings(
    truth.map((one) => one.blinding),
    weights,
  );
  const last = weights.length - 1;
  /**
   * Other vectors with the same weighted sum: all but the last are moved at will, and the last makes up for
   * it.
   */
  const guess = (): ChunkVector[] => {
    const moves = weights.map(() =>
      Array.from({ length: preset.coordinatesPerChunk }, () => random.integer(-9, 9)),
    );
    const moved = (j: number) =>
      weights.slice(0, last).reduce((sum, weight, i) => sum + weight * moves[i]![j]!, 0);
    return truth.map((one, i) => ({
      ...one,
      coordinates: Int32Array.from(one.coordinates, (u, j) =>
        i < last ? u + weights[last]! * moves[i]![j]! : u - moved(j),
      ),
    }));
  };
  return { weights, truth, published, R, guess };
}
type Summed = Awaited<ReturnType<typeof summed>>;

describe('the blinding R of a sum, which is published with it', () => {
  /**
   * With two coefficients, the values of both vectors and R are as many equations as there are unknowns; h
   * tells.
   */
  async function confirmsByValues({ published, R }: Summed, [mine, rest]: ChunkVector[]) {
    const [one, two] = published as [Summed['published'][0], Summed['published'][0]];
    const [, ofTwo] = pointOf(rest!, two.gamma, two.y);
    const through = [two.gamma, toField(polynomialAt(R, two.gamma) - ofTwo)] as const;
    const blinding = blindingThrough(pointOf(mine!, one.gamma, one.y), through);
    return (await spongeOf(mine!, blinding)) === one.h;
  }

  it('two coefficients, a sum of two: a guess of one is confirmed', async () => {
    const short = await summed([1, 1], () => shortened(2));
    expect(await confirmsByValues(short, short.truth)).toBe(true);
    expect(await confirmsByValues(short, short.guess())).toBe(false);
    const long = await summed([1, 1], randomBlinding);
    expect(await confirmsByValues(long, long.truth)).toBe(false);
  });

  /**
   * What the openings tell of a guess, for any number of vectors. With rho_i(X) = a_i + (X - gamma_i) q_i(X),
   * a guess gives a_i = rho_i(gamma_i) and the opening proof gives Q_i = [tau^K q_i(tau)]_1, and R is sum w_i
   * a_i + X sum w_i q_i(X) - sum w_i gamma_i q_i(X).
   */
  async function quotients({ weights, published }: Summed, guess: readonly ChunkVector[]) {
    const zeros: ChunkVector = {
      coordinates: new Int32Array(preset.coordinatesPerChunk),
      blinding: [1n, 0n, 0n],
    };
    const power = async (blinding: Blinding) =>
      parseG1('tau^K', (await commitTo({ ...zeros, blinding })).commitment);
    let [values, plain, scaled] = [0n, await power([0n, 0n, 0n]), await power([0n, 0n, 0n])];
    for (const [i, { gamma, y, proof }] of published.entries()) {
      const [, a] = pointOf(guess[i]!, gamma, y);
      const known = await openAt({ ...guess[i]!, blinding: [a, 0n, 0n] }, gamma);
      const Q = parseG1('pi', proof).subtract(parseG1('known', known.proof)).multiply(BigInt(weights[i]!));
      values = toField(values + BigInt(weights[i]!) * a);
      plain = plain.add(Q);
      scaled = scaled.add(Q.multiply(gamma));
    }
    return { values, plain, scaled, power };
  }

  it('two coefficients, a sum of three: a guess of all but one is confirmed without any sponge', async () => {
    // q_i is then a number: R_1 = sum w_i q_i and R_0 = sum w_i (a_i - gamma_i q_i), over [tau^K]_1.
    const confirms = async (sum: Summed, guess: readonly ChunkVector[]) => {
      const { values, plain, scaled, power } = await quotients(sum, guess);
      return (
        plain.equals(await power([sum.R[1], 0n, 0n])) &&
        scaled.equals(await power([toField(values - sum.R[0]), 0n, 0n]))
      );
    };
    const short = await summed([1, 2, 3], () => shortened(2));
    expect(await confirms(short, short.truth)).toBe(true);
    expect(await confirms(short, short.guess())).toBe(false);
    const long = await summed([1, 2, 3], randomBlinding);
    expect(await confirms(long, long.truth)).toBe(false);
  });

  it('three coefficients: the one relation left is the sum’s own, and holds for every guess', async () => {
    const sum = await summed([1, 2, 3], randomBlinding);
    for (const guess of [sum.truth, sum.guess(), sum.guess()]) {
      const { values, plain, scaled, power } = await quotients(sum, guess);
      const [R0, R1, R2] = sum.R;
      const right = scaled.add(await power([toField(R0 - values), R1, R2]));
      expect(
        pairingProductIsOne([
          { g1: plain, g2: parseG2('tau', keys.srs.tauG2) },
          { g1: right.negate(), g2: g2Generator },
        ]),
      ).toBe(true);
    }
  });

  it.each([
    { weights: [1, 1] },
    { weights: [2, 3] },
    { weights: [1, 1, 1] },
    { weights: [1, 2, 3] },
    { weights: [3, 1, 4, 1, 5] },
  ])(
    'weights $weights: with tau known, any guess of the right sum has blindings of the same C, y, proofs, R',
    async ({ weights }) => {
      const sum = await summed(weights, randomBlinding);
      for (const guess of [sum.guess(), sum.guess()]) {
        const blindings = simulate(sum, guess, tau);
        expect(combineBlindings(blindings, weights)).toEqual(sum.R);
        for (const [i, { commitment, h, gamma, y, proof }] of sum.published.entries()) {
          const same = { ...guess[i]!, blinding: blindings[i]! };
          const again = await publish(same, gamma);
          expect(again).toMatchObject({ commitment, y, proof });
          expect(again.h, 'the sponge alone can tell').not.toBe(h);
        }
      }
    },
  );

  it('a guess fixes the blinding of two vectors, hidden by discrete logarithms, and not of three', async () => {
    const two = await summed([1, 1], randomBlinding);
    const three = await summed([1, 1, 1], randomBlinding);
    const blindingsOf = ({ truth }: Summed) => truth.map(({ blinding }) => blinding);
    // The simulator knows f_i(tau), of which C_i is the exponential: nobody else comes by the third point of
    // rho_i.
    expect(simulate(two, two.truth, tau)).toEqual(blindingsOf(two));
    for (const [i, blinding] of simulate(three, three.truth, tau).entries())
      expect(blinding).not.toEqual(blindingsOf(three)[i]);
  });

  it('a second opening of one of two vectors confirms a guess again: one opening a commitment', async () => {
    const { truth, published, R, guess } = await summed([1, 1], randomBlinding);
    const again = await publish(truth[0]!);
    const [one, two] = published as [Summed['published'][0], Summed['published'][0]];
    const confirms = async ([mine, rest]: readonly ChunkVector[]) => {
      const [, ofTwo] = pointOf(rest!, two.gamma, two.y);
      const blinding = blindingThrough(
        pointOf(mine!, one.gamma, one.y),
        pointOf(mine!, again.gamma, again.y),
        [two.gamma, toField(polynomialAt(R, two.gamma) - ofTwo)],
      );
      return (await spongeOf(mine!, blinding)) === one.h;
    };
    expect(await confirms(truth)).toBe(true);
    expect(await confirms(guess())).toBe(false);
  });
});
