// Real BFV ciphertexts through a real ring: what comes out is, byte for byte, the sum that `he/` adds by
// itself.

import { createHe, type He } from '@murmuration/he';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CiphertextForm, ciphertextShape, ciphertextsOf, residuesOf } from '../../../node/ring/index.ts';
import { planOf, ringOf, type Setting, vectorOf } from './fixture.ts';

const group = { id: new Uint8Array(32).fill(7) };
const chunks = 2;

/** Well-formed ciphertexts with pseudo-random residues: adding them needs no key. */
function ciphertexts(he: CiphertextForm, seed: number, weight = 1): Uint8Array[] {
  const shape = ciphertextShape(he, 1);
  const n = shape.coefficients;
  return Array.from({ length: chunks }, (_, chunk) => {
    const vector = vectorOf(seed * chunks + chunk, shape);
    const rows = [0, 1, 2, 3].map((row) => vector.slice(row * n, (row + 1) * n));
    return he.assembleSegments(group, [{ from: 0, to: n, weight, rows }]);
  });
}

describe('ciphertexts in the ring', () => {
  let he: He;
  let setting: Setting;

  beforeAll(async () => {
    he = await createHe('tiny');
    setting = await ringOf(3, ciphertextShape(he, chunks));
  });
  afterAll(() => setting.stop());

  it('add up to the same ciphertexts as without it', async () => {
    const blocks = setting.members.map((_, i) => ciphertexts(he, i));
    const plan = planOf(setting.plan.members, setting.plan.shape);
    const sessions = setting.members.map(({ rings, account }) =>
      rings.open({ plan, signer: account, load: async (i) => residuesOf({ he, group }, blocks[i]!) }),
    );
    const weight = plan.addends.reduce((sum, addend) => sum + addend.weight, 0n);
    const expected = Array.from({ length: chunks }, (_, chunk) => {
      const accumulator = he.createAccumulator(group);
      plan.addends.forEach((addend, i) => void accumulator.add(blocks[i]![chunk]!, Number(addend.weight)));
      return Buffer.from(accumulator.sum()).toString('hex');
    });
    for (const { result } of sessions) {
      const sums = ciphertextsOf({ he, group }, (await result).sum, weight);
      expect(sums.map((sum) => Buffer.from(sum).toString('hex'))).toEqual(expected);
    }
  });

  it('are fresh ones: a sum in the place of an update would count more than once', () => {
    expect(() => residuesOf({ he, group }, ciphertexts(he, 1, 5))).toThrow('weight 5');
    expect(() => residuesOf({ he, group }, [ciphertexts(he, 1)[0]!.subarray(1)])).toThrow();
    expect(() => residuesOf({ he, group: { id: new Uint8Array(32) } }, ciphertexts(he, 1))).toThrow();
  });
});
