// Residues: the ring adds vectors in rows, each row with its modulus, cut by ranges of coefficients. A row's
// residues travel in as few bytes as its modulus needs. Little-endian throughout, as are the machines that
// Node runs on.
import { NodeError } from '../errors.ts';

/** The form of a vector: one modulus a row, `coefficients` residues in each. Residues lie row after row. */
export interface Shape {
  readonly moduli: readonly bigint[];
  readonly coefficients: number;
}

/** Coefficients `from` up to, not including, `to` of every row. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * @throws NodeError `wire` unless the shape has 1 to 4096 rows, moduli from 2 to 2^63 - 1, and 1 to 65536
 * coefficients.
 */
export function checkShape(shape: Shape): void {
  const { moduli, coefficients } = shape;
  if (moduli.length < 1 || moduli.length > 4096)
    throw new NodeError('wire', `ring shape: ${moduli.length} rows, but 1 to 4096 are allowed`);
  if (!Number.isInteger(coefficients) || coefficients < 1 || coefficients > 65536)
    throw new NodeError('wire', `ring shape: ${coefficients} coefficients, but 1 to 65536 are allowed`);
  for (const modulus of moduli)
    if (modulus < 2n || modulus >= 1n << 63n)
      throw new NodeError('wire', `ring shape: modulus ${modulus}, but 2 to 2^63 - 1 are allowed`);
}

/** @throws NodeError `wire` unless the vector has the shape, with every residue below its modulus. */
export function checkVector(shape: Shape, vector: BigUint64Array, what: string): void {
  const { moduli, coefficients } = shape;
  if (vector.length !== moduli.length * coefficients)
    throw new NodeError(
      'wire',
      `${what}: ${vector.length} residues, but the shape has ${moduli.length * coefficients}`,
    );
  moduli.forEach((modulus, row) => {
    for (let i = row * coefficients; i < (row + 1) * coefficients; i++)
      if (vector[i]! >= modulus)
        throw new NodeError(
          'wire',
          `${what}: residue ${i} is ${vector[i]}, but row ${row} is modulo ${modulus}`,
        );
  });
}

/** Range `index` of `count`, as even as whole coefficients allow. */
export function rangeOf(shape: Shape, index: number, count: number): Range {
  const cut = (i: number) => Math.floor((i * shape.coefficients) / count);
  return { from: cut(index), to: cut(index + 1) };
}

/** The part of a vector that a range covers, in the same order. */
export function sliceRange(shape: Shape, vector: BigUint64Array, { from, to }: Range): BigUint64Array {
  const width = to - from;
  const part = new BigUint64Array(width * shape.moduli.length);
  shape.moduli.forEach((_, row) => {
    part.set(vector.subarray(row * shape.coefficients + from, row * shape.coefficients + to), row * width);
  });
  return part;
}

/** Puts a part into a vector, at the range that it was cut from. */
export function placeRange(
  shape: Shape,
  vector: BigUint64Array,
  { part, range: { from, to } }: { readonly part: BigUint64Array; readonly range: Range },
): void {
  const width = to - from;
  shape.moduli.forEach((_, row) => {
    vector.set(part.subarray(row * width, (row + 1) * width), row * shape.coefficients + from);
  });
}

/** The sum of two parts of the same range, or of two vectors. */
export function addResidues(shape: Shape, a: BigUint64Array, b: BigUint64Array): BigUint64Array {
  const width = a.length / shape.moduli.length;
  const sum = new BigUint64Array(a.length);
  shape.moduli.forEach((modulus, row) => {
    for (let i = row * width; i < (row + 1) * width; i++) {
      const total = a[i]! + b[i]!;
      sum[i] = total >= modulus ? total - modulus : total;
    }
  });
  return sum;
}

/** A vector times a whole number. */
export function scaleResidues(shape: Shape, vector: BigUint64Array, weight: bigint): BigUint64Array {
  if (weight === 1n) return vector.slice();
  const scaled = new BigUint64Array(vector.length);
  shape.moduli.forEach((modulus, row) => {
    for (let i = row * shape.coefficients; i < (row + 1) * shape.coefficients; i++)
      scaled[i] = (vector[i]! * weight) % modulus;
  });
  return scaled;
}

/** Bytes of a part on the wire. */
export function partBytes(shape: Shape, { from, to }: Range): number {
  return shape.moduli.reduce((total, modulus) => total + residueBytes(modulus) * (to - from), 0);
}

/** A part as it travels. */
export function encodePart(shape: Shape, part: BigUint64Array): Uint8Array {
  const width = part.length / shape.moduli.length;
  const words = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  const bytes = new Uint8Array(partBytes(shape, { from: 0, to: width }));
  let at = 0;
  shape.moduli.forEach((modulus, row) => {
    const size = residueBytes(modulus);
    for (let i = row * width * 8; i < (row + 1) * width * 8; i += 8) {
      for (let byte = 0; byte < size; byte++) bytes[at + byte] = words[i + byte]!;
      at += size;
    }
  });
  return bytes;
}

/**
 * Reads a part of a range.
 * @throws NodeError `wire` when its size is wrong or a residue is not below its modulus.
 */
export function decodePart(shape: Shape, bytes: Uint8Array, range: Range): BigUint64Array {
  const expected = partBytes(shape, range);
  if (bytes.length !== expected)
    throw new NodeError('wire', `part of ${bytes.length} bytes, but this range has ${expected}`);
  const width = range.to - range.from;
  const part = new BigUint64Array(width * shape.moduli.length);
  const words = new Uint8Array(part.buffer);
  let at = 0;
  shape.moduli.forEach((modulus, row) => {
    const size = residueBytes(modulus);
    for (let i = row * width; i < (row + 1) * width; i++) {
      for (let byte = 0; byte < size; byte++) words[i * 8 + byte] = bytes[at + byte]!;
      at += size;
      if (part[i]! >= modulus)
        throw new NodeError('wire', `part: residue ${part[i]} in row ${row}, which is modulo ${modulus}`);
    }
  });
  return part;
}

function residueBytes(modulus: bigint): number {
  return Math.ceil((modulus - 1n).toString(2).length / 8);
}
