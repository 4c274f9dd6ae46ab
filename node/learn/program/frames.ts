// How a program is spoken to: a line of JSON that says how many numbers follow it, then the numbers as float32,
// little-endian (docs/programs.md). Both sides read it with one reader, which takes nothing that was not admitted.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import { longestHeader } from './limits.ts';

/** What is said at once: a header with its `lengths` left out, and arrays. */
export interface Frame<Header> {
  readonly header: Header;
  readonly arrays: readonly Float32Array[];
}

/** A frame's bytes, in parts: the line, then each array. */
export function encodeFrame({ header, arrays }: Frame<object>): Uint8Array[] {
  const lengths = arrays.map(({ length }) => length);
  return [Buffer.from(`${JSON.stringify({ ...header, lengths })}\n`), ...arrays.map(bytesOfWords)];
}

/** What decides about a header, and hears of a frame. */
export interface FrameListener<Header> {
  /**
   * The header, where a frame like it may come now, and how many numbers each of its arrays may have: exactly these.
   * Throws otherwise.
   */
  admit(header: unknown): { readonly header: Header; readonly lengths: readonly number[] };
  frame(frame: Frame<Header>): void;
}

/** A frame whose numbers are read. */
interface OpenFrame<Header> {
  readonly header: Header;
  readonly lengths: readonly number[];
  readonly bytes: Uint8Array;
}

/** Reads frames from pieces of any size. */
export class FrameReader<Header> {
  readonly #listener: FrameListener<Header>;
  readonly #line = Buffer.alloc(longestHeader);
  #lineBytes = 0;
  #open: OpenFrame<Header> | undefined;
  #filled = 0;

  constructor(listener: FrameListener<Header>) {
    this.#listener = listener;
  }

  /** Whether it stands in the middle of a frame. */
  get isInside(): boolean {
    return this.#open !== undefined || this.#lineBytes > 0;
  }

  /** @throws NodeError `wire` for bytes that are no frame, and whatever `admit` throws. */
  push(piece: Uint8Array): void {
    let rest = piece;
    while (rest.length > 0) rest = this.#open ? this.#fill(this.#open, rest) : this.#readLine(rest);
  }

  #readLine(piece: Uint8Array): Uint8Array {
    const end = piece.indexOf(0x0a);
    const part = end < 0 ? piece : piece.subarray(0, end);
    if (this.#lineBytes + part.length > longestHeader)
      throw new NodeError(
        'wire',
        `a line has more than ${longestHeader} bytes, but a frame begins with a short one`,
      );
    this.#line.set(part, this.#lineBytes);
    this.#lineBytes += part.length;
    if (end < 0) return piece.subarray(piece.length);
    const text = this.#line.toString('utf8', 0, this.#lineBytes);
    this.#lineBytes = 0;
    const { header, lengths } = this.#listener.admit(parseLine(text));
    const numbers = lengths.reduce((sum, length) => sum + length, 0);
    this.#open = { header, lengths, bytes: new Uint8Array(4 * numbers) };
    this.#filled = 0;
    if (numbers === 0) this.#close(this.#open);
    return piece.subarray(end + 1);
  }

  #fill(open: OpenFrame<Header>, piece: Uint8Array): Uint8Array {
    const part = piece.subarray(0, open.bytes.length - this.#filled);
    open.bytes.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === open.bytes.length) this.#close(open);
    return piece.subarray(part.length);
  }

  #close({ header, lengths, bytes }: OpenFrame<Header>): void {
    this.#open = undefined;
    let at = 0;
    const arrays = lengths.map((length) => {
      const own = bytes.subarray(at, at + 4 * length);
      at += 4 * length;
      return wordsOfBytes(Float32Array, own);
    });
    this.#listener.frame({ header, arrays });
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NodeError(
      'wire',
      `a line is ${JSON.stringify(text.slice(0, 80))}, but a frame begins with JSON`,
    );
  }
}
