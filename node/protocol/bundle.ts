// Several byte strings as one content (docs/encodings.md, "Digests and content addresses"): the count, then
// each part after its length, all numbers uint32 little-endian.
import { NodeError } from '../errors.ts';

/** Most parts of a bundle: shares of 64 members, or of 32 chunks for two sums. */
const maxParts = 128;

/** @throws RangeError for more than 128 parts. */
export function encodeBundle(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length > maxParts) throw new RangeError(`bundle: ${parts.length} parts; at most ${maxParts}`);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, parts.length, true);
  let at = 4;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** @throws NodeError `wire` unless the bytes are exactly a bundle of `count` parts. */
export function decodeBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number): number => {
    if (at + 4 > bytes.length)
      throw new NodeError('wire', `bundle: ends after ${bytes.length} bytes, within a length`);
    return view.getUint32(at, true);
  };
  if (word(0) !== count) throw new NodeError('wire', `bundle: ${word(0)} parts; ${count} are expected`);
  const parts: Uint8Array[] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    const length = word(at);
    at += 4;
    if (length > bytes.length - at)
      throw new NodeError('wire', `bundle: part ${i} has ${length} bytes, ${bytes.length - at} are left`);
    parts.push(bytes.slice(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw new NodeError('wire', `bundle: ${bytes.length - at} bytes after its end`);
  return parts;
}
