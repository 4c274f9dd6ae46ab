// The frame of every message: magic and version, kind, parameters, context; then the fields of the kind.
//
//   "MHE" 0x02 | kind (1) | parameters id (32) | context (32) | fields
//
// The context is the epoch for what exists before a key group does, else the key group's id. Integers are
// little-endian. An encoding is canonical: one value, one sequence of bytes, and anything else is refused.

import { ensure, HeError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Ring, Row } from '../ring/ring.ts';

const kinds = {
  keyShare: 1,
  sealedShare: 2,
  receipt: 3,
  ciphertext: 4,
  segment: 5,
  decryptionShare: 6,
  partySecret: 7,
  memberKey: 8,
  encryptionProof: 9,
  jointShare: 10,
} as const;

export type Kind = keyof typeof kinds;

/** Bytes before a message's fields. */
export const headerBytes = 69;

const magic = Uint8Array.of(0x4d, 0x48, 0x45, 0x02);

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

/** Two bytes, little-endian. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);

/** A message on the wire. @param context the epoch or the key group's id, 32 bytes. */
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
  /** The epoch or the key group's id that the message states, 32 bytes. */
  readonly context: Uint8Array;
  readonly #bytes: Uint8Array;
  #at = 0;

  /**
   * @param format with the `bytes` of the whole message where the kind has a fixed size.
   * @throws HeError `wire` for other bytes than such a message's, `mismatch` for other parameters.
   */
  constructor(message: Uint8Array, format: { kind: Kind; params: Parameters; bytes?: number }) {
    const { kind, params, bytes } = format;
    this.kind = kind;
    // A Buffer's slice is a view; the fields read here must outlive and not follow the caller's bytes.
    this.#bytes = new Uint8Array(message.buffer, message.byteOffset, message.length);
    ensure(
      bytes === undefined || message.length === bytes,
      'wire',
      () => `a ${kind} is of ${message.length} bytes, but it has exactly ${bytes}`,
    );
    ensure(
      equalBytes(this.take(4), magic),
      'wire',
      () => `a ${kind} does not start with the magic of version 2`,
    );
    const found = this.take(1)[0]!;
    ensure(
      found === kinds[kind],
      'wire',
      () => `the kind byte of a ${kind} is ${found}, but it must be ${kinds[kind]}`,
    );
    const id = this.take(32);
    ensure(
      equalBytes(id, params.id),
      'mismatch',
      () => `a ${kind} is made for parameters ${hex(id)}, but these are '${params.name}' (${hex(params.id)})`,
    );
    this.context = this.take(32);
  }

  /** @throws HeError `mismatch` unless the message states this epoch or key group. */
  expectContext(context: Uint8Array, what: 'epoch' | 'key group'): this {
    ensure(
      equalBytes(this.context, context),
      'mismatch',
      () => `a ${this.kind} is made for ${what} ${hex(this.context)}, but this is ${hex(context)}`,
    );
    return this;
  }

  /** The next `length` bytes, copied. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#at + length > this.#bytes.length)
      throw new HeError(
        'wire',
        `a ${this.kind} ends after ${this.#bytes.length} bytes, in the middle of a field`,
      );
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at) as Uint8Array<ArrayBuffer>;
  }

  u16(): number {
    const [low, high] = this.take(2);
    return low! | (high! << 8);
  }

  /** Packed rows of `count` residues each; row i is modulo prime `primes[i]`. */
  rows(ring: Ring, count: number, primes: readonly number[]): Row[] {
    return primes.map((prime) =>
      this.#named(() => ring.unpack(this.take(ring.packedBytes(count, prime)), count, prime)),
    );
  }

  /** What a read of packed numbers says of them, with the message that they are in. */
  #named<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof HeError) || cause.message.startsWith(`a ${this.kind} `)) throw cause;
      throw new HeError(cause.code, `a ${this.kind} is not canonical: ${cause.message}`, { cause });
    }
  }

  /** All bytes that are left. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.take(this.#bytes.length - this.#at);
  }

  /** @throws HeError `wire` where bytes are left. */
  end(): void {
    const trailing = this.#bytes.length - this.#at;
    ensure(trailing === 0, 'wire', () => `a ${this.kind} has ${trailing} bytes after its end`);
  }
}
