// The `.wtns` format (iden3, version 2): a header with the field's order, then the entries, 32 bytes each,
// least first.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { readLittle, viewOf, writeLittle } from '../kzg/bytes.ts';
import { elementBytes } from './inputs.ts';

const headerBytes = 40;
/**
 * Magic, version, count of sections; then type and length of the header, the header, type and length of the
 * entries.
 */
const entriesAt = 12 + 12 + headerBytes + 12;

/** A file whose entries are still 0, and those as 32-bit words, eight each, least significant first. */
export function createWitnessFile(size: number): { bytes: Uint8Array<ArrayBuffer>; entries: Uint32Array } {
  const bytes = new Uint8Array(entriesAt + elementBytes * size);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('wtns'));
  view.setUint32(4, 2, true);
  view.setUint32(8, 2, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, BigInt(headerBytes), true);
  view.setUint32(24, elementBytes, true);
  writeLittle(view, 28, fieldOrder);
  view.setUint32(60, size, true);
  view.setUint32(64, 2, true);
  view.setBigUint64(68, BigInt(elementBytes * size), true);
  return { bytes, entries: new Uint32Array(bytes.buffer, entriesAt) };
}

/** Writes a witness given as elements in [0, r). */
export function witnessFromElements(elements: readonly bigint[]): Uint8Array {
  const { bytes } = createWitnessFile(elements.length);
  const view = viewOf(bytes);
  elements.forEach((value, i) => {
    writeLittle(view, entriesAt + elementBytes * i, value);
  });
  return bytes;
}

/**
 * Reads the first `count` entries (all by default). Entry 0 is the constant 1; the public signals follow it.
 *
 * @throws {ProverError} `witness` for bytes that are no `.wtns` file over BN254, or fewer entries.
 */
export function readWitness(bytes: Uint8Array, count?: number): bigint[] {
  const view = viewOf(bytes);
  const refuse = (reason: string): never => {
    throw new ProverError('witness', `the witness ${reason}`, { mend: 'Calculate it again.' });
  };
  if (bytes.length < entriesAt || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'wtns') {
    refuse('is not a wtns file');
  }
  if (readLittle(view, 28) !== fieldOrder) refuse("is not over BN254's scalar field");
  const size = view.getUint32(60, true);
  if (bytes.length !== entriesAt + elementBytes * size)
    refuse(`should hold ${size} entries but is cut short`);
  const wanted = count ?? size;
  if (wanted > size) refuse(`has ${size} entries, not ${wanted}`);
  return Array.from({ length: wanted }, (_, i) => {
    const value = readLittle(view, entriesAt + elementBytes * i);
    return value < fieldOrder ? value : refuse(`has an entry ${i} of r or more`);
  });
}
