// What a proof needs of a proving key file (zkey, Groth16; sections as in keys/zkey.ts): sizes, where points lie, and the matrices A and B
// of the constraints.

import { fieldOrder as r } from '@murmuration/core';
import { ProverError } from '../../errors.ts';
import { zkeySection } from '../../keys/zkey.ts';
import { readLittle, viewOf } from '../../kzg/bytes.ts';
import { inverse, mod } from '../field/index.ts';

/** Points of a proof's sums; each is one section of the file. */
export const vectorNames = ['a', 'b1', 'b2', 'c', 'h'] as const;
export type VectorName = (typeof vectorNames)[number];

/** One matrix by rows: the terms of row i are those from `starts[i]` to `starts[i + 1]`. */
export interface Matrix {
  readonly starts: Uint32Array;
  readonly wires: Uint32Array;
  /** Index in {@link KeyFile.coefficients}. */
  readonly coefficients: Uint32Array;
}

export interface KeyFile {
  readonly wires: number;
  /** Public signals without the constant 1. */
  readonly publics: number;
  readonly log2Domain: number;
  /** Bytes of each vector's points, within the file; one point after the other. */
  readonly points: Readonly<Record<VectorName, Uint8Array>>;
  /** alpha1, beta1, beta2, delta1, delta2, in the same form. */
  readonly fixed: Readonly<Record<'alpha1' | 'beta1' | 'beta2' | 'delta1' | 'delta2', Uint8Array>>;
  readonly matrices: readonly [a: Matrix, b: Matrix];
  /** Distinct coefficients. */
  readonly coefficients: readonly bigint[];
}

const bytesOf: Readonly<Record<VectorName, number>> = { a: 64, b1: 64, b2: 128, c: 64, h: 64 };
const termBytes = 44;

/** A file that is not such a key, or cut short. */
const broken = (reason: string) =>
  new ProverError('key-file', `the proving key cannot be read: ${reason}`, { mend: 'Make the keys again.' });

export function parseKeyFile(bytes: Uint8Array): KeyFile {
  const sections = sectionsOf(bytes);
  const section = (type: number, length?: number): Uint8Array => {
    const found = sections.get(type);
    if (!found) throw broken(`section ${type} is missing`);
    if (length !== undefined && found.length !== length) {
      throw broken(`section ${type} has ${found.length} bytes, but ${length} are due`);
    }
    return found;
  };
  const header = section(zkeySection.header, 84 + 3 * 64 + 3 * 128);
  const view = viewOf(header);
  const [wires, publics, domain] = [72, 76, 80].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const log2Domain = Math.log2(domain);
  if (!Number.isInteger(log2Domain) || log2Domain > 27 || publics >= wires) {
    throw broken(`its header names a domain of ${domain}, ${wires} wires and ${publics} public signals`);
  }
  const counts = { a: wires, b1: wires, b2: wires, c: wires - publics - 1, h: domain };
  const points = Object.fromEntries(
    vectorNames.map((name) => [name, section(zkeySection[name], counts[name] * bytesOf[name])]),
  ) as Record<VectorName, Uint8Array>;
  const fixed = (at: number, length: number) => header.subarray(at, at + length);
  return {
    wires,
    publics,
    log2Domain,
    points,
    fixed: {
      alpha1: fixed(84, 64),
      beta1: fixed(148, 64),
      beta2: fixed(212, 128),
      delta1: fixed(468, 64),
      delta2: fixed(532, 128),
    },
    ...matricesOf(section(zkeySection.coefficients), { rows: domain, wires }),
  };
}

function sectionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = viewOf(bytes);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'zkey') {
    throw broken('it does not begin like a proving key');
  }
  const sections = new Map<number, Uint8Array>();
  let at = 12;
  for (let i = view.getUint32(8, true); i > 0 && at + 12 <= bytes.length; i--) {
    const [type, length] = [view.getUint32(at, true), Number(view.getBigUint64(at + 4, true))];
    if (at + 12 + length > bytes.length) throw broken(`section ${type} ends beyond the file`);
    sections.set(type, bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return sections;
}

function matricesOf(bytes: Uint8Array, { rows, wires }: { rows: number; wires: number }) {
  const view = viewOf(bytes);
  const terms = view.getUint32(0, true);
  if (bytes.length !== 4 + termBytes * terms) {
    throw broken(`${terms} terms of constraints do not fill their ${bytes.length} bytes`);
  }
  const starts = [new Uint32Array(rows + 1), new Uint32Array(rows + 1)] as const;
  for (let i = 0, at = 4; i < terms; i++, at += termBytes) {
    const [matrix, row, wire] = [0, 4, 8].map((k) => view.getUint32(at + k, true)) as [
      number,
      number,
      number,
    ];
    if (matrix > 1 || row >= rows || wire >= wires) {
      throw broken(`term ${i} names matrix ${matrix}, row ${row}, wire ${wire}`);
    }
    starts[matrix as 0 | 1][row + 1]!++;
  }
  for (const start of starts) for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const ends = starts.map((start) => start.slice());
  const matrix = (i: 0 | 1): Matrix => ({
    starts: starts[i],
    wires: new Uint32Array(starts[i][rows]!),
    coefficients: new Uint32Array(starts[i][rows]!),
  });
  const matrices = [matrix(0), matrix(1)] as const;
  const index = createIndex(bytes);
  for (let i = 0, at = 4; i < terms; i++, at += termBytes) {
    const [which, row] = [view.getUint32(at, true) as 0 | 1, view.getUint32(at + 4, true)];
    const place = ends[which]![row]!++;
    matrices[which].wires[place] = view.getUint32(at + 8, true);
    matrices[which].coefficients[place] = index.find(at + 12);
  }
  // The file has coefficients times 2^512: once for Montgomery's form, once because its prover multiplies them in that form.
  const scale = inverse(1n << 512n, r);
  const coefficients = index.places.map((at) => mod(readLittle(view, at) * scale, r));
  return { matrices, coefficients };
}

/** Numbers equal runs of 32 bytes. */
function createIndex(bytes: Uint8Array) {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places: number[] = [];
  const known = new Map<number, number[]>();
  const equal = (a: number, b: number): boolean => {
    for (let k = 0; k < 32; k += 8) {
      if (words.getBigUint64(a + k, true) !== words.getBigUint64(b + k, true)) return false;
    }
    return true;
  };
  return {
    places,
    find(at: number): number {
      const hash = words.getUint32(at, true) + 2 ** 32 * (words.getUint32(at + 4, true) & 0xfffff);
      const candidates = known.get(hash);
      for (const candidate of candidates ?? []) if (equal(places[candidate]!, at)) return candidate;
      const added = places.push(at) - 1;
      if (candidates) candidates.push(added);
      else known.set(hash, [added]);
      return added;
    },
  };
}

/**
 * Wires that are surely bits in an honest witness: those with a constraint `w (w - 1) = 0`, as far as A and B tell (C is not in the file).
 * A guess that only decides how much of a table a wire gets: any value of it is proven correctly.
 */
export function likelyBits({ wires, matrices: [a, b], coefficients }: KeyFile): Uint8Array {
  const bits = new Uint8Array(wires);
  const single = (m: Matrix, row: number) => m.starts[row + 1]! - m.starts[row]! === 1;
  const pair = (m: Matrix, row: number) => m.starts[row + 1]! - m.starts[row]! === 2;
  for (let row = 0; row + 1 < a.starts.length; row++) {
    const [one, two] = single(a, row) ? [a, b] : [b, a];
    if (!single(one, row) || !pair(two, row)) continue;
    const wire = one.wires[one.starts[row]!]!;
    const at = two.starts[row]!;
    const [first, second] = [two.wires[at]!, two.wires[at + 1]!];
    const sum = coefficients[two.coefficients[at]!]! + coefficients[two.coefficients[at + 1]!]!;
    const apart = (first === 0 && second === wire) || (second === 0 && first === wire);
    if (wire !== 0 && apart && sum === r) bits[wire] = 1;
  }
  return bits;
}
