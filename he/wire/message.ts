// The frame of every message: magic and version, kind, parameters, context; then the fields of the kind.
//
//   "MHE" 0x01 | kind (1) | parameters id (32) | context (32) | fields
//
// The context is the epoch for what exists before a key group does, else the key group's id. Integers are
// little-endian. An encoding is canonical: one value, one sequence of bytes, and anything else is refused.

import { ensure, HeError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Ring, Row } from '../ring/ring.ts';

export const kinds = {
  keyShare: 1,
  sealedShare: 2,
  receipt: 3,
  ciphertext: 4,
  segment: 5,
  decryptionShare: 6,
  partySecret: 7,
  memberKey: 8,
  encryptionProof: 9,
} as const;

export type Kind = keyof typeof kinds;

export const headerBytes = 69;

const magic = Uint8Array.of(0x4d, 0x48, 0x45, 0x01);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);

export function encodeMessage(
  kind: Kind,
  params: Parameters,
  context: Uint8Array,
  ...fields: Uint8Array[]
): Uint8Array<ArrayBuffer> {
  return concat(magic, Uint8Array.of(kinds[kind]), params.id, context, ...fields);
}

/** Packs rows of residues; row i is modulo prime `primes[i]`. */
export const packRows = (ring: Ring, rows: readonly Row[], primes: readonly number[]): Uint8Array =>
  concat(...rows.map((row, index) => ring.pack(row, primes[index]!)));

/** Reads the fields of one message; every read is bounded, and `end` refuses trailing bytes. */
export class MessageReader {
  readonly kind: Kind;
  readonly context: Uint8Array;
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param format with `bytes` of the whole message where the kind has a fixed size. */
  constructor(bytes: Uint8Array, format: { kind: Kind; params: Parameters; bytes?: number }) {
    const { kind, params, bytes: expected } = format;
    this.kind = kind;
    // A Buffer's slice is a view; what is read here must outlive and not follow the caller's bytes.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    ensure(
      expected === undefined || bytes.length === expected,
      'wire',
      () => `${kind}: ${bytes.length} bytes, expected exactly ${expected}`,
    );
    ensure(
      equalBytes(this.take(4), magic),
      'wire',
      () => `${kind}: does not start with the magic of version 1`,
    );
    const found = this.take(1)[0]!;
    ensure(found === kinds[kind], 'wire', () => `${kind}: kind byte is ${found}, expected ${kinds[kind]}`);
    const id = this.take(32);
    ensure(
      equalBytes(id, params.id),
      'mismatch',
      () => `${kind}: made for parameters ${hex(id)}, not '${params.name}' (${hex(params.id)})`,
    );
    this.context = this.take(32);
  }

  expectContext(context: Uint8Array, what: 'epoch' | 'key group'): this {
    ensure(
      equalBytes(this.context, context),
      'mismatch',
      () => `${this.kind}: made for ${what} ${hex(this.context)}, not ${hex(context)}`,
    );
    return this;
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#at + length > this.#bytes.length)
      throw new HeError(
        'wire',
        `${this.kind}: ends after ${this.#bytes.length} bytes, in the middle of a field`,
      );
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at) as Uint8Array<ArrayBuffer>;
  }

  u16(): number {
    const [low, high] = this.take(2);
    return low! | (high! << 8);
  }

  rows(ring: Ring, count: number, primes: readonly number[]): Row[] {
    return primes.map((prime) => ring.unpack(this.take(ring.packedBytes(count, prime)), count, prime));
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.take(this.#bytes.length - this.#at);
  }

  end(): void {
    const trailing = this.#bytes.length - this.#at;
    ensure(trailing === 0, 'wire', () => `${this.kind}: ${trailing} bytes after its end`);
  }
}
