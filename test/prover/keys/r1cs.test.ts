// The terms of a compiled circuit, and files whose constraints are not what their header says.
import { fieldOrder } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { parseR1cs } from '../../../prover/keys/r1cs.ts';
import { viewOf, writeLittle } from '../../../prover/kzg/bytes.ts';

type Terms = readonly (readonly [wire: number, coefficient: bigint])[];

/** Three wires; matrix by matrix, constraint by constraint. */
const matrices: readonly Terms[] = [
  [[1, 5n]],
  [
    [0, 1n],
    [2, fieldOrder - 1n],
  ],
  [],
  [],
  [],
  [[2, 7n]],
];

function body(lists: readonly Terms[]): Uint8Array {
  const bytes = lists.map((terms) => {
    const part = new Uint8Array(4 + 36 * terms.length);
    viewOf(part).setUint32(0, terms.length, true);
    terms.forEach(([wire, coefficient], i) => {
      viewOf(part).setUint32(4 + 36 * i, wire, true);
      writeLittle(viewOf(part), 8 + 36 * i, coefficient);
    });
    return part;
  });
  return Buffer.concat(bytes);
}

/** A file of two constraints. */
function file(constraints: Uint8Array | undefined): Uint8Array {
  const header = new Uint8Array(64);
  const view = viewOf(header);
  view.setUint32(0, 32, true);
  writeLittle(view, 4, fieldOrder);
  // Wires, public outputs and inputs, private inputs, labels, constraints.
  [3, 1, 1, 0].forEach((value, i) => {
    view.setUint32(36 + 4 * i, value, true);
  });
  view.setUint32(60, 2, true);
  const sections = [[1, header] as const, ...(constraints ? [[2, constraints] as const] : [])];
  const head = Buffer.from([0x72, 0x31, 0x63, 0x73, 1, 0, 0, 0, sections.length, 0, 0, 0]);
  return Buffer.concat([
    head,
    ...sections.flatMap(([type, bytes]) => {
      const entry = Buffer.alloc(12);
      entry.writeUInt32LE(type);
      entry.writeBigUInt64LE(BigInt(bytes.length), 4);
      return [entry, bytes];
    }),
  ]);
}

const termsOf = (constraints: Uint8Array) => {
  const terms: unknown[] = [];
  const r1cs = parseR1cs('a.r1cs', file(constraints));
  r1cs.forEachTerm((...term) => void terms.push(term));
  return { ...r1cs, terms };
};

describe('constraints', () => {
  it('are told term by term', () => {
    expect(termsOf(body(matrices))).toMatchObject({
      wires: 3,
      publics: 2,
      constraints: 2,
      terms: [
        [0, 0, 1, 5n],
        [1, 0, 0, 1n],
        [1, 0, 2, fieldOrder - 1n],
        [2, 1, 2, 7n],
      ],
    });
    expect(termsOf(body([...matrices.slice(0, 5), []])).terms).toHaveLength(3);
  });
  it.each<[string, () => Uint8Array, RegExp]>([
    ['end within a term', () => body(matrices).subarray(0, -1), /constraint 1 goes beyond/],
    ['end before a matrix', () => body(matrices.slice(0, 5)), /constraint 1 goes beyond/],
    ['end within a count', () => body(matrices.slice(0, 4)).subarray(0, -1), /constraint 1 goes beyond/],
    ['are none', () => new Uint8Array(), /constraint 0 goes beyond/],
    [
      'are more than the header says',
      () => body([...matrices, []]),
      /the constraints do not fill their section/,
    ],
    [
      'name a wire that is not there',
      () => body([[[3, 1n]], ...matrices.slice(1)]),
      /constraint 0 names wire 3, but there are 3/,
    ],
  ])('that %s are refused', (_, make, message) => {
    expect(() => termsOf(make())).toThrow(
      expect.objectContaining({
        code: 'key-file',
        message: expect.stringMatching(message),
        mend: 'Compile the circuit again.',
      }),
    );
  });
  it('are there', () => {
    expect(() => parseR1cs('a.r1cs', file(undefined))).toThrow('a.r1cs lacks its constraints');
  });
});
