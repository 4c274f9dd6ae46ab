// The header of an .r1cs file (iden3's binary format, version 1): the sizes of a compiled circuit.
import { fieldOrder } from '@murmuration/core';
import { CircuitError } from './errors.ts';

/** Sizes of a constraint system. */
export interface R1csHeader {
  /** Entries of the witness, the constant 1 first. */
  readonly wires: number;
  /** Public signals that the circuit gives: none in this package's circuits. */
  readonly publicOutputs: number;
  /** Public signals that it takes; they follow the constant and the outputs in the witness. */
  readonly publicInputs: number;
  /** Private signals that it takes; they follow the public ones. */
  readonly privateInputs: number;
  /** Number of constraints. */
  readonly constraints: number;
}

/** A section of a binary file of iden3's family. */
export interface Section {
  /** Its number, which says what it holds. */
  readonly type: number;
  /** A view on the file's bytes. */
  readonly bytes: Uint8Array;
}

const rebuild = 'Build it again.';

/**
 * Splits a file into its sections.
 *
 * @param magic is the four characters that the file begins with.
 * @throws {CircuitError} `artifact` for a file of another kind, or one that is cut short.
 */
export function readSections(file: Uint8Array, magic: string): Section[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const actual = String.fromCharCode(...file.subarray(0, 4));
  if (file.length < 12 || actual !== magic) {
    throw new CircuitError(
      'artifact',
      `the file begins with ${JSON.stringify(actual)}, but a file of this kind with "${magic}"`,
    );
  }
  const sections: Section[] = [];
  let offset = 12;
  for (let left = view.getUint32(8, true); left > 0; left--) {
    const start = offset + 12;
    const end = start <= file.length ? start + Number(view.getBigUint64(offset + 4, true)) : start;
    if (end > file.length) {
      throw new CircuitError('artifact', `the ${magic} file is cut short`, { mend: rebuild });
    }
    sections.push({ type: view.getUint32(offset, true), bytes: file.subarray(start, end) });
    offset = end;
  }
  return sections;
}

/**
 * Reads the header.
 *
 * @throws {CircuitError} `artifact` for a file that is none, or a circuit that is not over BN254's scalar
 * field.
 */
export function readR1csHeader(file: Uint8Array): R1csHeader {
  const header = readSections(file, 'r1cs').find(({ type }) => type === 1)?.bytes;
  if (header?.length !== 64) {
    throw new CircuitError('artifact', 'the r1cs file has no header of 64 bytes', { mend: rebuild });
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  let prime = 0n;
  for (let i = 3; i >= 0; i--) prime = (prime << 64n) | view.getBigUint64(4 + 8 * i, true);
  if (view.getUint32(0, true) !== 32 || prime !== fieldOrder) {
    throw new CircuitError(
      'artifact',
      `the r1cs file is over the field of order ${prime}, but circuits here are over BN254's`,
    );
  }
  return {
    wires: view.getUint32(36, true),
    publicOutputs: view.getUint32(40, true),
    publicInputs: view.getUint32(44, true),
    privateInputs: view.getUint32(48, true),
    constraints: view.getUint32(60, true),
  };
}
