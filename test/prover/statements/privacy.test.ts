// What commitments, sponges and openings tell of a vector, and the attacks that work where blinding is short.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Blinding,
  ensureDevelopmentKeys,
  type KeySet,
  presets,
  randomBlinding,
  toField,
  vectorSponge,
} from '../../../prover/index.ts';
import { invertAll, power } from '../../../prover/keys/field.ts';
import { DEVELOPMENT_SEED } from '../../../prover/keys/index.ts';
import { developmentTau } from '../../../prover/keys/secret.ts';
import { open } from '../../../prover/kzg/index.ts';
import { commitVector, padded, type SecretVector } from '../../../prover/statements/index.ts';
import { source } from '../../vectors/random.ts';

const preset = presets.tiny;
const n = BigInt(preset.coordinates);
const random = source('privacy');
const vector = (blinding: Blinding = randomBlinding()): SecretVector => ({
  coordinates: Int8Array.from({ length: preset.coordinates }, () => random.integer(-127, 127)),
  blinding,
});
let keys: KeySet;
const tau = developmentTau(DEVELOPMENT_SEED);

beforeAll(async () => {
  keys = await ensureDevelopmentKeys('tiny');
});

const commitTo = (one: SecretVector) => commitVector('update', preset, keys.srs, one);
const openAt = ({ coordinates, blinding }: SecretVector, gamma: bigint) =>
  open(keys.srs, { lanes: padded('update', preset, coordinates), blinding }, gamma);
/** Value at x of the vector alone. */
const valueAt = ({ coordinates }: SecretVector, x: bigint) =>
  Array.from(coordinates, BigInt).reduceRight((sum, u) => toField(sum * x + u), 0n);
const divide = (a: bigint, b: bigint) => toField(a * invertAll([toField(b)])[0]!);

/** rho with rho_0 + rho_1 x = a and rho_0 + rho_1 z = b. */
function blindingThrough([x, a]: [bigint, bigint], [z, b]: [bigint, bigint]): Blinding {
  const slope = divide(a - b, x - z);
  return [toField(a - slope * x), slope];
}

describe('one commitment, one opening', () => {
  it('the same update committed twice has nothing in common', async () => {
    const one = vector();
    const two = { ...one, blinding: randomBlinding() };
    const [a, b] = [await commitTo(one), await commitTo(two)];
    const gamma = toField(random.word());
    const [first, second] = [await openAt(one, gamma), await openAt(two, gamma)];
    const values = [
      a.h,
      b.h,
      a.commitment.x,
      b.commitment.x,
      first.y,
      second.y,
      first.proof.x,
      second.proof.x,
    ];
    expect(new Set(values).size).toBe(values.length);
  });

  it('fits every vector there is: whoever knows tau finds, for any guess, blinding with the same C, y and proof', async () => {
    const truth = vector();
    const gamma = toField(random.word());
    const [{ commitment, h }, opening] = [await commitTo(truth), await openAt(truth, gamma)];
    const rest = (guess: SecretVector, x: bigint, value: bigint) =>
      divide(value - valueAt(guess, x), power(x, n));
    const atTau = toField(
      valueAt(truth, tau) + power(tau, n) * (truth.blinding[0] + truth.blinding[1] * tau),
    );
    for (const guess of [vector(), vector(), { ...vector(), coordinates: [] }]) {
      const blinding = blindingThrough(
        [tau, rest(guess, tau, atTau)],
        [gamma, rest(guess, gamma, opening.y)],
      );
      const same = { ...guess, blinding };
      const again = await commitTo(same);
      expect(again.commitment).toEqual(commitment);
      expect(await openAt(same, gamma)).toEqual(opening);
      expect(
        again.h,
        'the sponge alone differs, and it takes rho, of which C and y leave every value open',
      ).not.toBe(h);
    }
  });

  it('a guess is not confirmed by the sponge without its blinding', async () => {
    const truth = vector();
    const { h } = await commitTo(truth);
    const partial: Blinding[] = [
      [0n, 0n],
      [truth.blinding[0], 0n],
      [0n, truth.blinding[1]],
      randomBlinding(),
    ];
    for (const blinding of partial) {
      expect(await vectorSponge('update', preset, truth.coordinates, blinding)).not.toBe(h);
    }
    expect(await vectorSponge('update', preset, truth.coordinates, truth.blinding)).toBe(h);
  });
});

describe('attacks where blinding is short', () => {
  it('one coefficient left out: y gives the other for each guess, and h confirms the right one', async () => {
    const truth = vector([randomBlinding()[0], 0n]);
    const gamma = toField(random.word());
    const [{ commitment, h }, { y }] = [await commitTo(truth), await openAt(truth, gamma)];
    const confirms = async (guess: SecretVector) => {
      const blinding: Blinding = [divide(y - valueAt(guess, gamma), power(gamma, n)), 0n];
      const again = await commitTo({ ...guess, blinding });
      return again.h === h && again.commitment.x === commitment.x;
    };
    expect(await confirms(truth)).toBe(true);
    expect(await confirms(vector())).toBe(false);
    // With both coefficients the same attacker finds nothing, though the guess is right.
    const blinded = { ...truth, blinding: randomBlinding() };
    const [published, opening] = [await commitTo(blinded), await openAt(blinded, gamma)];
    const guessed: Blinding = [divide(opening.y - valueAt(blinded, gamma), power(gamma, n)), 0n];
    expect((await commitTo({ ...blinded, blinding: guessed })).h).not.toBe(published.h);
  });

  it('the same commitment opened twice: two values give both coefficients, so blinding is for one opening', async () => {
    const truth = vector();
    const [x, z] = [toField(random.word()), toField(random.word())];
    const [a, b] = [await openAt(truth, x), await openAt(truth, z)];
    const { h } = await commitTo(truth);
    const confirms = async (guess: SecretVector) => {
      const at = (point: bigint, y: bigint): [bigint, bigint] => [
        point,
        divide(y - valueAt(guess, point), power(point, n)),
      ];
      const blinding = blindingThrough(at(x, a.y), at(z, b.y));
      return (await vectorSponge('update', preset, guess.coordinates, blinding)) === h;
    };
    expect(await confirms(truth)).toBe(true);
    expect(await confirms(vector())).toBe(false);
  });

  // R is published with the sum. Two coefficients a vector carry C and y; R of two vectors adds one equation more than they
  // can hide (of n vectors: one that mentions all n). A third coefficient would hide it.
  it('a known limit: with the blinding R of a sum of two, a guess of one can be confirmed', async () => {
    const [one, two] = [vector(), vector()];
    const [x, z] = [toField(random.word()), toField(random.word())];
    const [yOne, yTwo] = [(await openAt(one, x)).y, (await openAt(two, z)).y];
    const { h } = await commitTo(one);
    const sum = Array.from(one.coordinates, (u, j) => u + two.coordinates[j]!);
    const R = [0, 1].map((k) => toField(one.blinding[k]! + two.blinding[k]!)) as [bigint, bigint];
    const confirms = async (guess: SecretVector) => {
      const rest = { ...two, coordinates: sum.map((s, j) => s - guess.coordinates[j]!) };
      const ofTwo = divide(yTwo - valueAt(rest, z), power(z, n));
      const ofOne = divide(yOne - valueAt(guess, x), power(x, n));
      const blinding = blindingThrough([x, ofOne], [z, toField(R[0] + R[1] * z - ofTwo)]);
      return (await vectorSponge('update', preset, guess.coordinates, blinding)) === h;
    };
    expect(await confirms(one)).toBe(true);
    expect(await confirms(vector())).toBe(false);
  });
});
