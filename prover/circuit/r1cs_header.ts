// The header of an .r1cs file (iden3's binary format, version 1): the sizes of a compiled circuit.
import { fieldOrder } from '@murmuration/core';

export interface R1csHeader {
  /** Entries of the witness, the constant 1 first. */
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: number;
}

/** A section of a binary file of iden3's family. */
export interface Section {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Splits a file into its sections. Throws if it does not begin with `magic` or is cut short. */
export function readSections(file: Uint8Array, magic: string): Section[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const actual = String.fromCharCode(...file.subarray(0, 4));
  if (file.length < 12 || actual !== magic) {
    throw new RangeError(
      `the file begins with ${JSON.stringify(actual)}, but a file of this kind with "${magic}"`,
    );
  }
  const sections: Section[] = [];
  let offset = 12;
  for (let left = view.getUint32(8, true); left > 0; left--) {
    if (offset + 12 > file.length) throw new RangeError(`the ${magic} file is cut short; build it again`);
    const size = Number(view.getBigUint64(offset + 4, true));
    if (offset + 12 + size > file.length)
      throw new RangeError(`the ${magic} file is cut short; build it again`);
    sections.push({
      type: view.getUint32(offset, true),
      bytes: file.subarray(offset + 12, offset + 12 + size),
    });
    offset += 12 + size;
  }
  return sections;
}

/** Reads the header, and checks that the circuit is over BN254's scalar field. */
export function readR1csHeader(file: Uint8Array): R1csHeader {
  const header = readSections(file, 'r1cs').find(({ type }) => type === 1)?.bytes;
  if (header?.length !== 64) {
    throw new RangeError('the r1cs file has no header of 64 bytes; build it again');
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  let prime = 0n;
  for (let i = 3; i >= 0; i--) prime = (prime << 64n) | view.getBigUint64(4 + 8 * i, true);
  if (view.getUint32(0, true) !== 32 || prime !== fieldOrder) {
    throw new RangeError(
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
