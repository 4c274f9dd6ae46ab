// `update` from the attacker's side: every witness is judged by the constraints alone.

import { circuitInstance } from '@murmuration/circuits';
import { blindingOf, fieldOrder as R } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toField } from '../../prover/field.ts';
import { presets } from '../../prover/presets.ts';
import { readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import { dot, edited, randomVector, updateInput, type Vector, without } from './support/honest.ts';
import { type Attacked, attack } from './support/instance.ts';
import { violations } from './support/system.ts';

const instance = circuitInstance('update', 'tiny');
const { n } = instance.parameters;
const gamma = toField(0x1234567890abcdefn ** 5n);
const vector = randomVector('update', n!, 8);
let target: Attacked;
let honest: WitnessInput;

beforeAll(async () => {
  target = await attack(instance);
  honest = await updateInput(instance, vector, gamma);
});

/** The range check of the difference between bound and norm: the one that no lane has. */
const slack = () => {
  const lanes = new Set(Array.from({ length: n! }, (_, j) => target.digitsAt('lanes', j)));
  return target.digits.find((group) => !lanes.has(group))!;
};
/** Constraints that an assignment breaks. */
const broken = (witness: readonly bigint[]) => violations(target.system, witness);

describe('good and boundary witnesses', () => {
  const filled = (value: number): Vector => ({ ...vector, coordinates: new Array<number>(n!).fill(value) });
  const one: Vector = { ...vector, coordinates: filled(0).coordinates.map((_, j) => (j === n! - 1 ? 1 : 0)) };
  const most = presets.tiny.maxNormBound;
  it.each<[string, Vector, bigint | undefined]>([
    ['random lanes, the norm exactly at the bound', vector, undefined],
    ['the largest bound', vector, most],
    ['all coordinates at the lower end, the largest norm', filled(-128), most],
    ['all coordinates at the upper end', filled(127), undefined],
    ['nothing but zeros, the smallest bound', filled(0), 1n],
    ['a norm of 1 under a bound of 1', one, 1n],
    ['no blinding', { ...vector, rho: blindingOf(() => 0n) }, undefined],
    ['the largest blinding', { ...vector, rho: blindingOf(() => R - 1n) }, undefined],
  ])('%s', async (_, secret, bound) => {
    const input = await updateInput(instance, secret, gamma, bound);
    const witness = readWitness(await target.calculator.calculate(input));
    expect(broken(witness)).toEqual([]);
    expect(target.forge(input)).toEqual(witness);
  });

  it.each([0n, 1n, R - 1n])('a challenge of %s', async (edge) => {
    const input = await updateInput(instance, vector, edge);
    expect(broken(readWitness(await target.calculator.calculate(input)))).toEqual([]);
  });
});

describe('bad inputs', () => {
  it.each(['h', 'gamma', 'y'])('another %s stops the generator and breaks a constraint', async (name) => {
    const input = edited(honest, name, { 0: toField(honest[name]![0]! + 1n) });
    await expect(target.calculator.calculate(input)).rejects.toThrow(/a constraint does not hold/);
    expect(broken(target.forge(input)).length).toBeGreaterThan(0);
  });

  it('a norm one above the bound has no digits, whichever are tried', () => {
    const norm = dot(vector, vector);
    const input = { ...honest, normBound: [norm - 1n] };
    const witness = target.forge(input);
    expect(broken(witness)).toEqual([slack().constraint]);
    // The best that boolean digits can do: the difference is r - 1, and the top digit would have to be its
    // rest.
    for (const bit of slack().bits) {
      const other = [...witness];
      other[bit] = 1n - other[bit]!;
      expect(broken(other)).toContain(slack().constraint);
    }
  });

  it('a bound that is not small leaves nothing to prove', async () => {
    for (const bound of [2n ** 40n, R - 1n, R >> 1n]) {
      expect(broken(target.forge({ ...honest, normBound: [bound] }))).toContain(slack().constraint);
    }
  });

  it('swapped lanes open neither sponge nor polynomial', () => {
    const lanes = [...honest.lanes!];
    const j = lanes.findIndex((lane, i) => lane !== lanes[i + 1]);
    [lanes[j], lanes[j + 1]] = [lanes[j + 1]!, lanes[j]!];
    const swapped = { ...honest, lanes };
    expect(broken(target.forge(swapped)).length).toBeGreaterThan(0);
    const failing = (...names: string[]) => broken(target.forge(without(swapped, ...names)));
    expect(failing('h'), 'a sponge of their own: the value is still wrong').not.toEqual([]);
    expect(failing('y'), 'a value of their own: the sponge is still wrong').not.toEqual([]);
    expect(failing('h', 'y'), 'both of their own: another statement, and true').toEqual([]);
  });

  it.each([
    [1, 0, 2],
    [0, 2, 1],
    [2, 1, 0],
  ])('blinding in the order %i, %i, %i is another opening', (...order) => {
    const rho = order.map((k) => honest.rho![k]!);
    expect(broken(target.forge({ ...honest, rho })).length).toBeGreaterThan(0);
  });
});

describe('ranges are constraints', () => {
  /** The one constraint that may fail: the last of the lane's range check. */
  const only = (j: number) => [target.digitsAt('lanes', j).constraint];
  it.each<[string, bigint]>([
    ['256, one above the range', 256n],
    ['2^32', 2n ** 32n],
    ['r - 1, a lane that wraps to -1', R - 1n],
    ['r - 128', R - 128n],
    ['(r - 1) / 2', (R - 1n) / 2n],
    ['1/2, a fraction of the field', (R + 1n) / 2n],
  ])('a lane of %s', (_, lane) => {
    const input = edited(without(honest, 'h', 'y'), 'lanes', { 5: lane });
    const half = 128n;
    const norm = input.lanes!.reduce((sum, value) => sum + (value - half) ** 2n, 0n);
    // Without its range check the witness would pass with a bound to suit, so nothing else stands in the way.
    const witness = target.forge({ ...input, normBound: [toField(norm)] });
    expect(broken(witness)).toEqual(only(5));
  });

  it('every lane has a range check of its own, of exactly its bits', () => {
    const checks = Array.from({ length: n! }, (_, j) => target.digitsAt('lanes', j));
    expect(new Set(checks.map(({ constraint }) => constraint)).size).toBe(n);
    // The top digit is no wire of its own.
    expect(new Set(checks.map(({ bits }) => bits.length))).toEqual(new Set([8 - 1]));
  });

  it.each([0, 30, 31, n! - 1])('lane %i of 256, the first and the last of the packed elements', (j) => {
    const input = edited(without(honest, 'h', 'y'), 'lanes', { [j]: 256n });
    const norm = input.lanes!.reduce((sum, value) => sum + (value - 128n) ** 2n, 0n);
    expect(broken(target.forge({ ...input, normBound: [norm] }))).toEqual(only(j));
  });

  it('the attack that the ranges stop: a carry between lanes opens the same sponge to another vector', () => {
    const [first, second] = honest.lanes!;
    const lanes = [first! + 256n, second! - 1n, ...honest.lanes!.slice(2)];
    const witness = target.forge(without({ ...honest, lanes, normBound: [2n ** 20n] }, 'y'));
    expect(witness[target.wire('h')]).toBe(honest.h![0]);
    expect(witness[target.wire('y')]).not.toBe(honest.y![0]);
    expect(broken(witness)).toEqual(only(0));
  });

  it('digits that are not boolean', () => {
    const { constraint, bits } = target.digitsAt('lanes', 7);
    const witness = target.forge(honest);
    // 2 in the lowest place and one less in the next: the sum is the same, so the range's last constraint
    // holds.
    witness[bits[0]!] = toField(witness[bits[0]!]! + 2n);
    witness[bits[1]!] = toField(witness[bits[1]!]! - 1n);
    const failed = broken(witness);
    expect(failed).not.toContain(constraint);
    expect(failed.length).toBeGreaterThan(0);
  });
});

describe('aliases', () => {
  it.each(['h', 'gamma', 'y', 'normBound'])(
    '%s + r is refused, for the constraints cannot tell it',
    async (name) => {
      const alias = edited(honest, name, { 0: honest[name]![0]! + R });
      await expect(target.calculator.calculate(alias)).rejects.toThrow(/lies in \[0, r\)/);
      expect(broken(target.forge(alias).map(toField)), 'modulo r it is the same witness').toEqual([]);
    },
  );
});
