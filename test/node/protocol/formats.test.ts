// Bytes that travel: bundles, sums, sealed chunks; and what a ciphertext's proof is bound to.
import { encodeAbiParameters, hexToBytes, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { decodeSealed, encodeSealed } from '../../../node/cryptography/index.ts';
import {
  type Binding,
  decodeBundle,
  decodeSum,
  encodeBundle,
  encodeSum,
  encryptionBinding,
  sumBytes,
} from '../../../node/protocol/index.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('a bundle', () => {
  const parts = [bytes(1, 2, 3), bytes(), bytes(4)];
  const whole = encodeBundle(parts);

  it('is the count, then each part after its length, little-endian', () => {
    expect([...whole]).toEqual([3, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 1, 0, 0, 0, 4]);
    expect(decodeBundle(whole, 3)).toEqual(parts);
  });

  it.each([
    ['another count', whole, 2, /3 parts; 2 are expected/],
    ['a cut', whole.slice(0, -1), 3, /part 2 has 1 bytes, 0 are left/],
    ['a cut length', whole.slice(0, 13), 3, /within a length/],
    ['a tail', bytes(...whole, 0), 3, /1 bytes after its end/],
    [
      'a length beyond all',
      bytes(1, 0, 0, 0, 255, 255, 255, 255),
      1,
      /part 0 has 4294967295 bytes, 0 are left/,
    ],
    ['nothing', bytes(), 0, /within a length/],
  ])('%s is refused', (_, input, count, message) => {
    expect(() => decodeBundle(input, count)).toThrow(message);
  });

  it('reads a view into a larger buffer', () => {
    const larger = bytes(9, 9, ...whole, 9);
    expect(decodeBundle(larger.subarray(2, 2 + whole.length), 3)).toEqual(parts);
  });

  it('holds at most 128 parts', () => {
    expect(() => encodeBundle(Array(129).fill(bytes()))).toThrow('129 parts; at most 128');
  });
});

describe('the file of a sum', () => {
  const r = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
  const sum = { coordinates: Int32Array.of(-130048, 0, 1, 130048), blinding: [r - 1n, 1n, 258n] as const };

  it('is int32 little-endian coordinates, then the blinding big-endian', () => {
    const file = encodeSum(sum);
    expect(file.length).toBe(sumBytes(4));
    expect([...file.subarray(0, 4)]).toEqual([0x00, 0x04, 0xfe, 0xff]);
    expect([...file.subarray(-3)]).toEqual([0, 1, 2]);
    expect(BigInt(`0x${Buffer.from(file.subarray(16, 48)).toString('hex')}`)).toBe(r - 1n);
    expect(decodeSum(file, 4)).toEqual(sum);
  });

  it('of another length is refused', () => {
    expect(() => decodeSum(encodeSum(sum), 5)).toThrow('sum: 112 bytes; a chunk of 5 coordinates has 116');
  });
});

describe('sealed chunks', () => {
  const chunk = (seed: number) => ({
    coordinates: Int32Array.of(seed, -seed, 127),
    blinding: [BigInt(seed) << 200n, 7n, 8n] as const,
    content: bytes(seed, 1, 2),
  });
  it('come back as they were', () => {
    const chunks = [chunk(3), chunk(5)];
    expect(decodeSealed(encodeSealed(chunks), 2)).toEqual(chunks);
    expect(() => decodeSealed(encodeSealed(chunks), 1)).toThrow('6 parts; 3 are expected');
  });
});

describe('the binding of a ciphertext', () => {
  const binding: Binding = {
    subject: 'update',
    chainId: 31337,
    contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    task: 7n,
    round: 3,
    sender: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  };
  /** docs/encodings.md, "Digests and content addresses". */
  const expected = (subject: string) =>
    hexToBytes(
      keccak256(
        encodeAbiParameters(
          ['string', 'uint256', 'address', 'uint256', 'uint256', 'address'].map((type) => ({ type })),
          [subject, 31337n, binding.contract, 7n, 3n, binding.sender],
        ),
      ),
    );

  it('is the formula of the encodings', () => {
    expect(encryptionBinding(binding)).toEqual(expected('update'));
    expect(encryptionBinding({ ...binding, subject: 'probe' })).toEqual(expected('probe'));
  });

  it('differs with everything in it', () => {
    const others: Binding[] = [
      { ...binding, chainId: 1 },
      { ...binding, contract: binding.sender },
      { ...binding, task: 8n },
      { ...binding, round: 4 },
      { ...binding, sender: binding.contract },
      { ...binding, subject: 'probe' },
    ];
    const bound = [encryptionBinding(binding), ...others.map((other) => encryptionBinding(other))];
    expect(new Set(bound.map((each) => Buffer.from(each).toString('hex'))).size).toBe(bound.length);
  });
});
