// Fr, the scalar field of BN254: plain integers in [0, r), and the only doors by which others become ones.
import { fieldOrder } from '@murmuration/core';

/** Bytes of an element. */
export const fieldBytes = 32;

/** The residue of any integer: r + x for x in (-r, 0). */
export function toField(value: bigint): bigint {
  const rest = value % fieldOrder;
  return rest < 0n ? rest + fieldOrder : rest;
}

/** Checks that a value is a canonical element; throws a RangeError that names it otherwise. */
export function checkField(name: string, value: bigint): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >= fieldOrder) {
    throw new RangeError(
      `${name} is ${value}, but an element of the field lies in [0, r); aliases are refused`,
    );
  }
  return value;
}

/** The integer of least size with this residue: below r / 2 as it is, above as value - r. */
export function fromSigned(value: bigint): bigint {
  checkField('value', value);
  return value > fieldOrder / 2n ? value - fieldOrder : value;
}

/** 32 bytes, most significant first. */
export function fieldToBytes(value: bigint): Uint8Array {
  checkField('value', value);
  const bytes = new Uint8Array(fieldBytes);
  for (let i = fieldBytes - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** Inverse of {@link fieldToBytes}; refuses other lengths and values of r or more. */
export function fieldFromBytes(name: string, bytes: Uint8Array): bigint {
  if (bytes.length !== fieldBytes) {
    throw new RangeError(`${name} has ${bytes.length} bytes, but an element of the field has ${fieldBytes}`);
  }
  return checkField(name, bytesToInteger(bytes));
}

/** An unsigned integer from bytes, most significant first. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
