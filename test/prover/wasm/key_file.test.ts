// What the prover takes from a proving key file, and the files that it refuses. Points are not looked at: theirs are any bytes.
import { fieldOrder as r } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { pieces } from '../../../prover/keys/binary_file.ts';
import { zkeySection } from '../../../prover/keys/zkey.ts';
import { viewOf, writeLittle } from '../../../prover/kzg/bytes.ts';
import { likelyBits, parseKeyFile, vectorNames } from '../../../prover/wasm/groth16/key_file.ts';

/** A term of a constraint, its number as the file has it: times 2^512. */
type Term = readonly [matrix: number, row: number, wire: number, raw: bigint];

const scale = (1n << 512n) % r;
const one = scale;
const minusOne = r - scale;

interface Sizes {
  readonly wires?: number;
  readonly publics?: number;
  readonly domain?: number;
}

/** The sections of a file, in order. */
function sectionsOf(terms: readonly Term[], { wires = 5, publics = 1, domain = 4 }: Sizes = {}) {
  const header = Uint8Array.from({ length: 660 }, (_, i) => (i < 84 ? 0 : i % 251));
  [wires, publics, domain].forEach((value, i) => {
    viewOf(header).setUint32(72 + 4 * i, value, true);
  });
  const coefficients = new Uint8Array(4 + 44 * terms.length);
  const view = viewOf(coefficients);
  view.setUint32(0, terms.length, true);
  terms.forEach(([matrix, row, wire, raw], i) => {
    [matrix, row, wire].forEach((value, k) => {
      view.setUint32(4 + 44 * i + 4 * k, value, true);
    });
    writeLittle(view, 16 + 44 * i, raw);
  });
  const points = (count: number, size: number, seed: number) =>
    Uint8Array.from({ length: Math.min(count, 64) * size }, (_, i) => (i + seed) % 253);
  return new Map<number, Uint8Array>([
    [zkeySection.protocol, Uint8Array.of(1, 0, 0, 0)],
    [zkeySection.header, header],
    [zkeySection.coefficients, coefficients],
    [zkeySection.a, points(wires, 64, 1)],
    [zkeySection.b1, points(wires, 64, 2)],
    [zkeySection.b2, points(wires, 128, 3)],
    [zkeySection.c, points(wires - publics - 1, 64, 4)],
    [zkeySection.h, points(domain, 64, 5)],
  ]);
}

function fileOf(sections: ReadonlyMap<number, Uint8Array>, count = sections.size): Uint8Array {
  const list = Array.from(sections, ([type, bytes]) => ({ type, bytes }));
  const file = Buffer.concat([...pieces('zkey', list)]);
  file.writeUInt32LE(count, 8);
  return file;
}

const parse = (terms: readonly Term[], sizes?: Sizes) => parseKeyFile(fileOf(sectionsOf(terms, sizes)));
const terms: Term[] = [
  [1, 3, 4, one],
  [0, 1, 2, one],
  [0, 0, 1, minusOne],
  [0, 1, 0, 0n],
  [1, 1, 3, (7n * scale) % r],
];
const sections = sectionsOf(terms);
/** A file with one section replaced. */
const withSection = (type: number, bytes: Uint8Array) => fileOf(new Map(sections).set(type, bytes));

describe('a key file', () => {
  it('gives sizes, points and the matrices by rows', () => {
    const { wires, publics, log2Domain, points, fixed, matrices, coefficients } = parseKeyFile(
      fileOf(sections),
    );
    expect([wires, publics, log2Domain]).toEqual([5, 1, 2]);
    for (const name of vectorNames)
      expect(Buffer.compare(points[name], sections.get(zkeySection[name])!)).toBe(0);
    const header = sections.get(zkeySection.header)!;
    for (const [name, at, length] of [
      ['alpha1', 84, 64],
      ['beta1', 148, 64],
      ['beta2', 212, 128],
      ['delta1', 468, 64],
      ['delta2', 532, 128],
    ] as const) {
      expect(Buffer.compare(fixed[name], header.subarray(at, at + length)), name).toBe(0);
    }
    const rowsOf = ({ starts, wires, coefficients: numbers }: (typeof matrices)[number]) =>
      Array.from({ length: 4 }, (_, row) =>
        Array.from({ length: starts[row + 1]! - starts[row]! }, (_, i) => {
          const at = starts[row]! + i;
          return [wires[at], coefficients[numbers[at]!]];
        }),
      );
    expect(matrices.map(rowsOf)).toEqual([
      [
        [[1, r - 1n]],
        [
          [2, 1n],
          [0, 0n],
        ],
        [],
        [],
      ],
      [[], [[3, 7n]], [], [[4, 1n]]],
    ]);
    expect(coefficients, 'each once').toHaveLength(4);
  });
  it('tells numbers apart that differ in any of their words alone', () => {
    const raw = [0, 31, 52, 63, 64, 127, 128, 191, 192, 252].map((bit) => 1n << BigInt(bit));
    const { matrices, coefficients } = parse(
      [...raw, ...raw].map((value, i) => [0, 0, i % 5, value] as const),
    );
    expect(coefficients.map((value) => (value * scale) % r)).toEqual(raw);
    expect([...matrices[0].coefficients]).toEqual([...raw.keys(), ...raw.keys()]);
  });
  it('may have no private wire, a domain of one row and no term', () => {
    const least = parse([], { wires: 2, publics: 1, domain: 1 });
    expect([least.points.c.length, least.log2Domain, least.coefficients]).toEqual([0, 0, []]);
  });
  it('has the sections that it counts, whatever lies behind them', () => {
    const extra = new Map(sections).set(77, new Uint8Array(5));
    expect(parseKeyFile(fileOf(extra)).wires).toBe(5);
    // Behind the counted ones lies a section that is cut short, or less than the head of one.
    for (const length of [11, 12 + 4]) {
      const behind = fileOf(extra, sections.size).subarray(0, fileOf(sections).length + length);
      expect(parseKeyFile(behind).wires).toBe(5);
    }
    expect(parseKeyFile(fileOf(sections, sections.size + 3)).wires).toBe(5);
    expect(() => parseKeyFile(fileOf(sections, sections.size - 1))).toThrow(/section 9 is missing/);
  });
});

describe('a key file is refused', () => {
  const { header, coefficients, a, b1, b2, c, h } = zkeySection;
  const refused = (bytes: Uint8Array, message: RegExp) =>
    expect(() => parseKeyFile(bytes)).toThrow(
      expect.objectContaining({
        code: 'key-file',
        message: expect.stringMatching(message),
        mend: 'Make the keys again.',
      }),
    );

  it('that does not begin like one, or ends within a section', () => {
    const whole = fileOf(sections);
    for (const bytes of [new Uint8Array(), whole.subarray(0, 11), Buffer.from(`ptau${'\0'.repeat(8)}`)]) {
      refused(bytes, /does not begin like a proving key/);
    }
    refused(whole.subarray(0, 12), /section 2 is missing/);
    refused(whole.subarray(0, -1), /section 9 ends beyond the file/);
    refused(
      Buffer.concat([fileOf(new Map(), 1), Buffer.alloc(4, 1), Buffer.alloc(8)]).fill(255, 16),
      /ends beyond/,
    );
  });
  it.each([header, coefficients, a, b1, b2, c, h])(
    'without its section %i, or with one of another length',
    (type) => {
      const without = new Map(sections);
      without.delete(type);
      refused(fileOf(without), new RegExp(`section ${type} is missing`));
      const bytes = sections.get(type)!;
      const message =
        type === coefficients ? /5 terms of constraints do not fill/ : new RegExp(`section ${type} has`);
      for (const other of [bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])]) {
        if (type !== coefficients || other.length > bytes.length) refused(withSection(type, other), message);
      }
    },
  );
  it('whose sizes cannot be', () => {
    for (const [sizes, message] of [
      [{ domain: 3 }, /its header names a domain of 3, 5 wires and 1 public/],
      [{ domain: 0 }, /its header names a domain of 0/],
      [{ domain: 2 ** 28 }, /its header names a domain of 268435456/],
      [{ publics: 5 }, /5 wires and 5 public signals/],
      // The largest domain, and every wire public: what they lack is points.
      [{ domain: 2 ** 27 }, /section 9 has 4096 bytes, but 8589934592 are due/],
    ] as const) {
      refused(fileOf(new Map([...sectionsOf(terms, sizes), [c, sections.get(c)!]])), message);
    }
  });
  it('that names a matrix, a row or a wire that it has not', () => {
    for (const [term, message] of [
      [[2, 0, 0, one], /term 1 names matrix 2, row 0, wire 0/],
      [[0, 4, 0, one], /term 1 names matrix 0, row 4, wire 0/],
      [[0, 0, 5, one], /term 1 names matrix 0, row 0, wire 5/],
    ] as const) {
      refused(fileOf(sectionsOf([terms[0]!, term])), message);
    }
  });
});

describe('likely bits', () => {
  /** The wires that are taken for bits, where the rows are these. */
  const bits = (
    ...rows: (readonly [
      a: readonly (readonly [number, bigint])[],
      b: readonly (readonly [number, bigint])[],
    ])[]
  ) => {
    const all = rows.flatMap((row, i) =>
      row.flatMap((side, matrix) => side.map(([wire, raw]) => [matrix, i, wire, raw] as const)),
    );
    const found = likelyBits(parse(all, { domain: 4 }));
    return [...found.keys()].filter((wire) => found[wire] === 1);
  };
  const w = [2, one] as const;
  it('are wires w with w (w - 1) = 0, however it is written, up to the last row', () => {
    const less = [0, minusOne] as const;
    expect(bits([[w], [w, less]])).toEqual([2]);
    expect(bits([[w], [less, w]])).toEqual([2]);
    expect(bits([[w, less], [w]])).toEqual([2]);
    expect(
      bits([
        [[2, minusOne]],
        [
          [2, minusOne],
          [0, one],
        ],
      ]),
    ).toEqual([2]);
    expect(bits([[], []], [[], []], [[w], [w, less]], [[[3, one]], [[3, one], less]])).toEqual([2, 3]);
  });
  it('are no others', () => {
    for (const [left, right] of [
      // w (w - 2), w (v - 1) twice, w (w - v) twice, 1 (1 - 1), w w, w (w - 1 + v), (w + v) (w - 1).
      [[w], [w, [0, r - ((2n * scale) % r)]]],
      [
        [w],
        [
          [3, one],
          [0, minusOne],
        ],
      ],
      [
        [w],
        [
          [0, minusOne],
          [3, one],
        ],
      ],
      [[w], [w, [3, minusOne]]],
      [[w], [[3, minusOne], w]],
      [
        [[0, one]],
        [
          [0, one],
          [0, minusOne],
        ],
      ],
      [[w], [w]],
      [[w], [w, [0, minusOne], [3, one]]],
      [
        [w, [3, one]],
        [w, [0, minusOne]],
      ],
    ] as const) {
      expect(
        bits([left, right]),
        JSON.stringify([left, right], (_, x) => (typeof x === 'bigint' ? `${x}` : x)),
      ).toEqual([]);
    }
  });
});
