// The `.wtns` format (iden3, version 2): a header with the field's order, then the entries, 32 bytes each,
// least first.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';

const elementBytes = 32;
const headerBytes = 40;
/**
 * Magic, version, count of sections; then type and length of the header, the header, type and length of the
 * entries.
 */
const entriesAt = 12 + 12 + headerBytes + 12;

/** Writes `size` entries; `entry(i)(w)` is the 32-bit word `w` of entry `i`, least significant first. */
export function encodeWitness(size: number, entry: (index: number) => (word: number) => number): Uint8Array {
  const bytes = new Uint8Array(entriesAt + elementBytes * size);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('wtns'));
  view.setUint32(4, 2, true);
  view.setUint32(8, 2, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, BigInt(headerBytes), true);
  view.setUint32(24, elementBytes, true);
  writeElement(view, 28, fieldOrder);
  view.setUint32(60, size, true);
  view.setUint32(64, 2, true);
  view.setBigUint64(68, BigInt(elementBytes * size), true);
  for (let i = 0; i < size; i++) {
    const word = entry(i);
    const at = entriesAt + elementBytes * i;
    for (let w = 0; w < elementBytes / 4; w++) view.setUint32(at + 4 * w, word(w), true);
  }
  return bytes;
}

/** Writes a witness given as elements in [0, r). */
export function witnessFromElements(elements: readonly bigint[]): Uint8Array {
  return encodeWitness(elements.length, (index) => {
    const value = elements[index]!;
    return (word) => Number((value >> BigInt(32 * word)) & 0xffffffffn);
  });
}

/**
 * Reads the first `count` entries (all by default). Entry 0 is the constant 1; the public signals follow it.
 *
 * @throws {ProverError} `witness` for bytes that are no `.wtns` file over BN254, or fewer entries.
 */
export function readWitness(bytes: Uint8Array, count?: number): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = (reason: string): never => {
    throw new ProverError('witness', `the witness ${reason}`, { mend: 'Calculate it again.' });
  };
  if (bytes.length < entriesAt || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'wtns') {
    refuse('is not a wtns file');
  }
  if (readElement(view, 28) !== fieldOrder) refuse("is not over BN254's scalar field");
  const size = view.getUint32(60, true);
  if (bytes.length !== entriesAt + elementBytes * size)
    refuse(`should hold ${size} entries but is cut short`);
  const wanted = count ?? size;
  if (wanted > size) refuse(`has ${size} entries, not ${wanted}`);
  return Array.from({ length: wanted }, (_, i) => {
    const value = readElement(view, entriesAt + elementBytes * i);
    return value < fieldOrder ? value : refuse(`has an entry ${i} of r or more`);
  });
}

function readElement(view: DataView, at: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 64n) | view.getBigUint64(at + 8 * i, true);
  return value;
}

function writeElement(view: DataView, at: number, value: bigint): void {
  for (let i = 0; i < 4; i++)
    view.setBigUint64(at + 8 * i, (value >> BigInt(64 * i)) & (2n ** 64n - 1n), true);
}
