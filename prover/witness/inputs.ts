// A circuit's inputs: by name as statements give them, and as bytes, which a thread takes as they are.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { viewOf, writeLittle } from '../kzg/bytes.ts';

/** Values of a circuit's inputs by name; elements in [0, r), a single signal as a list of one. */
export type WitnessInput = Readonly<Record<string, readonly bigint[]>>;

/** A list of elements as bytes, which can be overwritten after use, as numbers and text cannot. */
export interface ElementBytes {
  /** Bytes of an element, 1 to 32, little end first. */
  readonly width: number;
  /** The elements, one behind the other. */
  readonly bytes: Uint8Array;
}

/** Inputs whose lists are numbers or bytes. */
export type PackableInput = Readonly<Record<string, readonly bigint[] | ElementBytes>>;

/** Bytes of an element. */
export const elementBytes = 32;

/** Inputs as bytes. */
export interface PackedInputs {
  /** Names and numbers of elements, in the order of `elements`. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
  /** 32 bytes each, little end first. */
  readonly elements: Uint8Array<ArrayBuffer>;
}

/**
 * Packs inputs, each element in its range.
 *
 * @param id names the circuit in errors.
 * @throws {ProverError} `witness` for an element outside [0, r).
 */
export function packInputs(id: string, input: PackableInput): PackedInputs {
  const lists = Object.entries(input).map(([name, list]) => ({ name, list, count: countOf(list) }));
  const elements = new Uint8Array(elementBytes * lists.reduce((sum, { count }) => sum + count, 0));
  try {
    let at = 0;
    for (const { name, list, count } of lists) {
      const part = elements.subarray(at, at + elementBytes * count);
      if ('width' in list) copyElements(`${id}: ${name}`, list, part);
      else writeElements(`${id}: ${name}`, list, part);
      at += part.length;
    }
  } catch (error) {
    elements.fill(0);
    throw error;
  }
  return { names: lists.map(({ name, count }) => ({ name, count })), elements };
}

const countOf = (list: readonly bigint[] | ElementBytes): number =>
  'width' in list ? Math.floor(list.bytes.length / list.width) : list.length;

function writeElements(name: string, values: readonly bigint[], part: Uint8Array): void {
  const view = viewOf(part);
  values.forEach((value, i) => {
    if (value < 0n || value >= fieldOrder) {
      throw new ProverError('witness', `${name}[${i}] is ${value}, but an element lies in [0, r)`, {
        mend: 'Reduce it modulo r first.',
      });
    }
    const at = elementBytes * i;
    // Most are small: lanes of coordinates.
    if (value < 1n << 64n) view.setBigUint64(at, value, true);
    else writeLittle(view, at, value);
  });
}

const orderBytes = Buffer.from(fieldOrder.toString(16).padStart(2 * elementBytes, '0'), 'hex').reverse();

/** Of an element that is too large the place is told, never the value. */
function copyElements(name: string, { width, bytes }: ElementBytes, part: Uint8Array): void {
  for (let i = 0, from = 0, to = 0; to < part.length; i++, from += width, to += elementBytes) {
    for (let byte = 0; byte < width; byte++) part[to + byte] = bytes[from + byte]!;
    if (width === elementBytes && !isBelowOrder(part.subarray(to, to + elementBytes)))
      throw new ProverError('witness', `${name}[${i}] is r or more, but an element lies in [0, r)`);
  }
}

function isBelowOrder(element: Uint8Array): boolean {
  for (let byte = elementBytes - 1; byte >= 0; byte--)
    if (element[byte] !== orderBytes[byte]) return element[byte]! < orderBytes[byte]!;
  return false;
}
