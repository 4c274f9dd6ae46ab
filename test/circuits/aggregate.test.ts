// `aggregate` from the attacker's side: every witness is judged by the constraints alone.

import { circuitInstance } from '@murmuration/circuits';
import { blindingOf, fieldOrder as R } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { combineBlindings } from '../../prover/blinding.ts';
import { toField } from '../../prover/field.ts';
import { readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import { aggregateInput, edited, evaluateAt, randomVector, type Vector, without } from './support/honest.ts';
import { type Attacked, attack } from './support/instance.ts';
import { violations } from './support/system.ts';

const instance = circuitInstance('aggregate', 'tiny');
const { n } = instance.parameters;
const gamma = toField(0xfedcba0987654321n ** 5n);
const vector = randomVector('aggregate', n!, 18);
let target: Attacked;
let honest: WitnessInput;

beforeAll(async () => {
  target = await attack(instance);
  honest = await aggregateInput(instance, vector, gamma);
});

const broken = (witness: readonly bigint[]) => violations(target.system, witness);

describe('good and boundary witnesses', () => {
  const filled = (value: number): Vector => ({ ...vector, coordinates: new Array<number>(n!).fill(value) });
  it.each<[string, Vector]>([
    ['random sums', vector],
    ['the sum of 1023 updates at the lower end', filled(-128 * 1023)],
    ['the sum of 1023 updates at the upper end', filled(127 * 1023)],
    ['the lower end of the range', filled(-(2 ** 17))],
    ['the upper end of the range', filled(2 ** 17 - 1)],
    ['nothing', { coordinates: filled(0).coordinates, rho: blindingOf(() => 0n) }],
  ])('%s', async (_, secret) => {
    const input = await aggregateInput(instance, secret, gamma);
    const witness = readWitness(await target.calculator.calculate(input));
    expect(broken(witness)).toEqual([]);
    expect(target.forge(input)).toEqual(witness);
  });

  it('a weighted sum of updates, as the commitments add up', async () => {
    const updates = [0, 1, 2].map((i) => randomVector(`aggregate/${i}`, n!, 8));
    const weights = [1, 1000, 22];
    const sum: Vector = {
      coordinates: vector.coordinates.map((_, j) =>
        updates.reduce((total, one, i) => total + weights[i]! * one.coordinates[j]!, 0),
      ),
      rho: combineBlindings(
        updates.map(({ rho }) => rho),
        weights,
      ),
    };
    const input = await aggregateInput(instance, sum, gamma);
    const added = updates.reduce((total, one, i) => total + BigInt(weights[i]!) * evaluateAt(one, gamma), 0n);
    expect(input.y![0]).toBe(toField(added));
    expect(broken(readWitness(await target.calculator.calculate(input)))).toEqual([]);
  });
});

describe('bad inputs', () => {
  it.each(['h', 'gamma', 'y'])('another %s stops the generator and breaks a constraint', async (name) => {
    const input = edited(honest, name, { 0: toField(honest[name]![0]! + 1n) });
    await expect(target.calculator.calculate(input)).rejects.toThrow(/a constraint does not hold/);
    expect(broken(target.forge(input)).length).toBeGreaterThan(0);
  });

  it('one coordinate moved to its neighbour: the same total, another sum', () => {
    const lanes = [honest.lanes![0]! + 1n, honest.lanes![1]! - 1n, ...honest.lanes!.slice(2)];
    expect(broken(target.forge({ ...honest, lanes })).length).toBeGreaterThan(0);
    expect(broken(target.forge(without({ ...honest, lanes }, 'h'))), 'the value is still wrong').not.toEqual(
      [],
    );
  });

  it.each(['h', 'gamma', 'y'])('the alias %s + r', async (name) => {
    const alias = edited(honest, name, { 0: honest[name]![0]! + R });
    await expect(target.calculator.calculate(alias)).rejects.toThrow(/lies in \[0, r\)/);
  });
});

describe('ranges are constraints', () => {
  it.each<[string, bigint]>([
    ['2^18, one above the range', 2n ** 18n],
    ['r - 1, a lane that wraps to -1', R - 1n],
    ['1/2, a fraction of the field', (R + 1n) / 2n],
  ])('a lane of %s', (_, lane) => {
    const input = edited(without(honest, 'h', 'y'), 'lanes', { 3: lane });
    expect(broken(target.forge(input))).toEqual([target.digitsAt('lanes', 3).constraint]);
  });

  it('every lane has a range check of its own, of exactly its bits', () => {
    const checks = Array.from({ length: n! }, (_, j) => target.digitsAt('lanes', j));
    expect(new Set(checks.map(({ constraint }) => constraint)).size).toBe(n);
    // The top digit is no wire of its own.
    expect(new Set(checks.map(({ bits }) => bits.length))).toEqual(new Set([18 - 1]));
  });

  it('the attack that the ranges stop: a carry between lanes opens the same sponge to another sum', () => {
    const lanes = [honest.lanes![0]! + 2n ** 18n, honest.lanes![1]! - 1n, ...honest.lanes!.slice(2)];
    const witness = target.forge(without({ ...honest, lanes }, 'h', 'y'));
    expect(witness[target.wire('h')]).toBe(honest.h![0]);
    expect(witness[target.wire('y')]).not.toBe(honest.y![0]);
    expect(broken(witness)).toEqual([target.digitsAt('lanes', 0).constraint]);
  });
});
