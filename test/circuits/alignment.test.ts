// `alignment` from the attacker's side: every witness is judged by the constraints alone.

import { circuitInstance } from '@murmuration/circuits';
import { fieldOrder as R } from '@murmuration/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromSigned, toField } from '../../prover/field.ts';
import { readWitness, type WitnessInput } from '../../prover/witness/index.ts';
import {
  alignmentInput,
  dot,
  edited,
  randomVector,
  spongeOf,
  type Vector,
  without,
} from './support/honest.ts';
import { type Attacked, attack } from './support/instance.ts';
import { violations } from './support/system.ts';

const instance = circuitInstance('alignment', 'tiny');
const { n } = instance.parameters;
const update = randomVector('alignment/update', n!, 8);
const reference = randomVector('alignment/reference', n!, 18);
let target: Attacked;
let honest: WitnessInput;

beforeAll(async () => {
  target = await attack(instance);
  honest = await alignmentInput(instance, update, reference);
});

const broken = (witness: readonly bigint[]) => violations(target.system, witness);
const filled = (like: Vector, value: number): Vector => ({
  ...like,
  coordinates: new Array<number>(n!).fill(value),
});

describe('good and boundary witnesses', () => {
  it.each<[string, Vector, Vector, bigint]>([
    ['random vectors', update, reference, dot(update, reference)],
    ['the largest score', filled(update, -128), filled(reference, -(2 ** 17)), BigInt(n! * 2 ** 24)],
    ['the least score', filled(update, 127), filled(reference, -(2 ** 17)), -BigInt(n! * 127 * 2 ** 17)],
    ['an update of zeros', filled(update, 0), reference, 0n],
    ['a reference of zeros', update, filled(reference, 0), 0n],
    [
      'a score of -1',
      { ...filled(update, 0), coordinates: [1, ...new Array<number>(n! - 1).fill(0)] },
      filled(reference, -1),
      -1n,
    ],
  ])('%s', async (_, one, other, score) => {
    const input = await alignmentInput(instance, one, other);
    expect(fromSigned(input.score![0]!)).toBe(score);
    const witness = readWitness(await target.calculator.calculate(input));
    expect(broken(witness)).toEqual([]);
    expect(target.forge(input)).toEqual(witness);
  });
});

describe('bad inputs', () => {
  it.each(['hUpdate', 'hReference', 'score', 'norm'])(
    'another %s stops the generator and breaks one constraint',
    async (name) => {
      const input = edited(honest, name, { 0: toField(honest[name]![0]! + 1n) });
      await expect(target.calculator.calculate(input)).rejects.toThrow(/a constraint does not hold/);
      expect(broken(target.forge(input))).toHaveLength(1);
    },
  );

  it('the score with its sign turned', () => {
    expect(broken(target.forge({ ...honest, score: [R - honest.score![0]!] }))).toHaveLength(1);
  });

  it('an update in place of the reference: kinds do not mix, though its lanes are in range', async () => {
    const other = randomVector('alignment/other', n!, 8);
    const asUpdate = await spongeOf(other, 8, instance.domains[0]!);
    const input = { ...(await alignmentInput(instance, update, other)), hReference: [asUpdate] };
    expect(broken(target.forge(input))).toHaveLength(1);
  });

  it('another reference than the one that the round fixed', async () => {
    const flattering: Vector = { ...reference, coordinates: update.coordinates.map((u) => u * 1000) };
    const input = await alignmentInput(instance, update, flattering);
    expect(broken(target.forge({ ...input, hReference: honest.hReference! }))).toHaveLength(1);
  });

  it.each(['hUpdate', 'hReference', 'score', 'norm'])('the alias %s + r', async (name) => {
    const alias = edited(honest, name, { 0: honest[name]![0]! + R });
    await expect(target.calculator.calculate(alias)).rejects.toThrow(/lies in \[0, r\)/);
  });
});

describe('ranges are constraints, of both openings', () => {
  it.each<['lanes' | 'referenceLanes', bigint]>([
    ['lanes', 256n],
    ['lanes', R - 1n],
    ['referenceLanes', 2n ** 18n],
    ['referenceLanes', R - 1n],
  ])('%s holding %s', (name, lane) => {
    const input = edited(without(honest, 'hUpdate', 'hReference', 'score', 'norm'), name, { 9: lane });
    expect(broken(target.forge(input))).toEqual([target.digitsAt(name, 9).constraint]);
  });

  it.each([
    ['lanes', 8],
    ['referenceLanes', 18],
  ])('each of the %s has a range check of its own, of exactly its %i bits', (name, size) => {
    const checks = Array.from({ length: n! }, (_, j) => target.digitsAt(name, j));
    expect(new Set(checks.map(({ constraint }) => constraint)).size).toBe(n);
    // The top digit is no wire of its own.
    expect(new Set(checks.map(({ bits }) => bits.length))).toEqual(new Set([size - 1]));
  });

  it('the attack that the ranges stop: a carry in the reference buys any score', () => {
    const [first, second] = honest.referenceLanes!;
    const carried = [first! - 2n ** 18n * 1000n, second! + 1000n, ...honest.referenceLanes!.slice(2)];
    const input = without({ ...honest, referenceLanes: carried }, 'hReference', 'score');
    const witness = target.forge(input);
    expect(witness[target.wire('hReference')]).toBe(honest.hReference![0]);
    expect(witness[target.wire('score')]).not.toBe(honest.score![0]);
    const checks = [0, 1].map((j) => target.digitsAt('referenceLanes', j).constraint);
    const failed = broken(witness);
    expect(failed.length).toBeGreaterThan(0);
    expect(checks).toEqual(expect.arrayContaining(failed));
  });
});
