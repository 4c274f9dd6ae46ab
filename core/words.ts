// Arrays of 32-bit numbers and their bytes, least significant first, on machines of either order.

/** Numbers of 32 bits each. */
export type Words = Float32Array | Int32Array | Uint32Array;

const wordBytes = 4;
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** A copy of the numbers as bytes, 4 each, little-endian. */
export function bytesOfWords({ buffer, byteOffset, byteLength }: Words): Uint8Array<ArrayBuffer> {
  return littleEndian(new Uint8Array(buffer, byteOffset, byteLength).slice());
}

/** A copy of little-endian bytes as numbers of `Kind`. @throws RangeError unless they are 4 bytes each. */
export function wordsOfBytes<Kind extends Words>(
  Kind: new (buffer: ArrayBuffer) => Kind,
  bytes: Uint8Array,
): Kind {
  return new Kind(littleEndian(new Uint8Array(bytes)).buffer);
}

/** From this machine's order to the little-endian one, or back, in place. */
const littleEndian = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  isLittleEndian ? bytes : swapWords(bytes);

/** The bytes of each word in reverse, in place. */
export function swapWords(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let at = 0; at < bytes.length; at += wordBytes) bytes.subarray(at, at + wordBytes).reverse();
  return bytes;
}
