// SEAL 4's uncompressed serialisation, as far as keys, plaintexts and ciphertexts need it.
//
// header: 0xa15e (2) | header size 16 (1) | version 4.1 (2) | no compression (1) | 0 (2) | size of all (8)
// ciphertext, public key: header | parms id (32) | NTT form (1) | polynomials (8) | N (8) | primes (8) |
//   scale (8) | correction factor (8) | header | words (8) | 64-bit words
// plaintext, secret key: header | parms id (32) | coefficients (8) | scale (8) | header | words (8) |
//   64-bit words

import { ensure } from '../errors.ts';
import { concat } from '../wire/message.ts';

const headerSize = 16;

const word = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);
const number = (value: number): Uint8Array => word(BigInt(value));
const one = new Uint8Array(Float64Array.of(1).buffer);

const header = (size: number): Uint8Array =>
  concat(Uint8Array.of(0x5e, 0xa1, headerSize, 4, 1, 0, 0, 0), number(size));

function withData(prefix: Uint8Array, words: BigUint64Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const inner = headerSize + 8 + words.byteLength;
  const data = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return concat(
    header(headerSize + prefix.length + inner),
    prefix,
    header(inner),
    number(words.length),
    data,
  );
}

/** The form of a public key or a ciphertext of two polynomials. */
export interface SealPairForm {
  /** Parameter id of its level. */
  readonly parmsId: Uint8Array;
  readonly nttForm: boolean;
  readonly ringDegree: number;
}

/** A public key or a ciphertext of two polynomials. */
export const sealPair = (
  { parmsId, nttForm, ringDegree }: SealPairForm,
  words: BigUint64Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> =>
  withData(
    concat(
      parmsId,
      Uint8Array.of(nttForm ? 1 : 0),
      number(2),
      number(ringDegree),
      number(words.length / (2 * ringDegree)),
      one,
      number(1),
    ),
    words,
  );

/** A plaintext of the given coefficients (zero parms id), or a secret key in NTT form. */
export const sealPlain = (
  words: BigUint64Array<ArrayBuffer>,
  parmsId: Uint8Array = new Uint8Array(32),
): Uint8Array<ArrayBuffer> => withData(concat(parmsId, number(words.length), one), words);

/** The words of a pair that SEAL saved, checked against the exact bytes that precede them. */
export function sealPairWords(
  bytes: Uint8Array,
  form: SealPairForm,
  primes: number,
): BigUint64Array<ArrayBuffer> {
  const expected = sealPair(form, new BigUint64Array(2 * primes * form.ringDegree));
  const start = expected.length - 16 * primes * form.ringDegree;
  ensure(
    bytes.length === expected.length &&
      Buffer.compare(bytes.subarray(0, start), expected.subarray(0, start)) === 0,
    'wire',
    () => "SEAL's serialisation is not the one that this package was written for",
    'Use node-seal 7.0.',
  );
  return new BigUint64Array(new Uint8Array(bytes.subarray(start)).buffer);
}
