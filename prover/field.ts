// Fr, the scalar field of BN254: plain integers in [0, r), and the only doors by which others become ones.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from './errors.ts';

/** Bytes of an element. */
export const fieldBytes = 32;

/** The residue in [0, r) of any integer: `r + x` for x in (-r, 0). */
export function toField(value: bigint): bigint {
  const rest = value % fieldOrder;
  return rest < 0n ? rest + fieldOrder : rest;
}

/**
 * Checks that a value is in [0, r), and returns it. Modulo r, `value` and `value + r` are the same to a
 * proof, so an alias that is let in is a second form of one statement.
 *
 * @param name of the value, for the message.
 * @throws {ProverError} `field`.
 */
export function checkField(name: string, value: bigint): bigint {
  if (typeof value === 'bigint' && value >= 0n && value < fieldOrder) return value;
  throw new ProverError('field', `${name} is ${value}, but an element of the field lies in [0, r)`, {
    mend: 'Reduce it modulo r where it is made; aliases are refused.',
  });
}

/**
 * The integer of least size with this residue: `value` below r / 2, `value - r` above. How a score is read.
 *
 * @throws {ProverError} `field` outside [0, r).
 */
export function fromSigned(value: bigint): bigint {
  checkField('value', value);
  return value > fieldOrder / 2n ? value - fieldOrder : value;
}

/**
 * 32 bytes, most significant first.
 *
 * @throws {ProverError} `field` outside [0, r).
 */
export function fieldToBytes(value: bigint): Uint8Array {
  checkField('value', value);
  const bytes = new Uint8Array(fieldBytes);
  for (let i = fieldBytes - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/**
 * Inverse of {@link fieldToBytes}.
 *
 * @param name of the value, for the message.
 * @throws {ProverError} `argument` for another number of bytes, `field` for a value of r or more.
 */
export function fieldFromBytes(name: string, bytes: Uint8Array): bigint {
  if (bytes.length !== fieldBytes) {
    throw new ProverError(
      'argument',
      `${name} has ${bytes.length} bytes, but an element of the field has ${fieldBytes}`,
    );
  }
  return checkField(name, bytesToInteger(bytes));
}

/** An unsigned integer from bytes, most significant first. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
