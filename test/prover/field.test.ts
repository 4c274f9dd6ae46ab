// Fr and its doors.
import { fieldOrder as R } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { checkField, fieldFromBytes, fieldToBytes, fromSigned, toField } from '../../prover/field.ts';

describe('the scalar field', () => {
  it('has the order of EIP-196', () => {
    expect(R).toBe(0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n);
  });

  it.each([
    [0n, 0n],
    [-1n, R - 1n],
    [R, 0n],
    [R + 5n, 5n],
    [-R - 5n, R - 5n],
    [2n ** 256n - 1n, (2n ** 256n - 1n) % R],
  ])('toField(%s) is %s', (value, expected) => {
    expect(toField(value)).toBe(expected);
  });

  it.each([0n, 1n, -1n, 2n ** 63n, -(2n ** 63n), R / 2n])('%s survives as a signed number', (value) => {
    expect(fromSigned(toField(value))).toBe(value);
  });

  it.each([-1n, R, R + 1n])('%s is no canonical element', (value) => {
    expect(() => checkField('y', value)).toThrow(/y is .* lies in \[0, r\)/);
    expect(() => fieldToBytes(value)).toThrow(expect.objectContaining({ code: 'field' }));
    expect(() => fromSigned(value)).toThrow(expect.objectContaining({ code: 'field' }));
  });
  it.each([5, -5, '5', null, undefined])('%j is no integer of the field', (value) => {
    expect(() => checkField('y', value as never)).toThrow(`y is ${value}, but an element of the field`);
  });

  it('bytes are most significant first, 32, and canonical', () => {
    expect(fieldToBytes(258n).slice(-3)).toEqual(Uint8Array.of(0, 1, 2));
    expect(Buffer.from(fieldToBytes(R - 1n)).toString('hex')).toBe((R - 1n).toString(16).padStart(64, '0'));
    for (const value of [0n, 1n, R - 1n]) expect(fieldFromBytes('h', fieldToBytes(value))).toBe(value);
    expect(() => fieldFromBytes('h', new Uint8Array(31))).toThrow(/h has 31 bytes/);
    expect(() => fieldFromBytes('h', new Uint8Array(32).fill(255))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/h is /),
        mend: expect.stringMatching(/aliases are refused/),
      }),
    );
  });
});
