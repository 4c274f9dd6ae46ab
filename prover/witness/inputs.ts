// A circuit's inputs: by name as statements give them, and as bytes, which a thread takes as they are.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { viewOf, writeLittle } from '../kzg/bytes.ts';

/** Values of a circuit's inputs by name; elements in [0, r), a single signal as a list of one. */
export type WitnessInput = Readonly<Record<string, readonly bigint[]>>;

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
export function packInputs(id: string, input: WitnessInput): PackedInputs {
  const lists = Object.entries(input);
  const elements = new Uint8Array(elementBytes * lists.reduce((sum, [, values]) => sum + values.length, 0));
  const view = viewOf(elements);
  let at = 0;
  for (const [name, values] of lists) {
    for (let i = 0; i < values.length; i++, at += elementBytes) {
      const value = values[i]!;
      if (value < 0n || value >= fieldOrder) {
        throw new ProverError('witness', `${id}: ${name}[${i}] is ${value}, but an element lies in [0, r)`, {
          mend: 'Reduce it modulo r first.',
        });
      }
      // Most are small: lanes of coordinates.
      if (value < 1n << 64n) view.setBigUint64(at, value, true);
      else writeLittle(view, at, value);
    }
  }
  return { names: lists.map(([name, values]) => ({ name, count: values.length })), elements };
}
