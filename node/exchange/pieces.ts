// A content in pieces, each verified as it comes, though its name is the SHA-256 of the whole. SHA-256 compresses block
// after block into a state of 32 bytes (FIPS 180-4, section 6.2), and the last block has the length. Whoever asks starts
// at the end: the last piece and the state before it must come to the digest; the piece before it, with the state before
// that, to this state; and so on to the initial state. To make a false piece fit is to invert the compression function.
import { _SHA256 as Sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, type Hex } from 'viem';

/** Bytes of a piece, a multiple of SHA-256's block; the last one may be shorter, or empty. */
export const pieceBytes = 2 ** 18;
/** Bytes of a state between two pieces. */
export const stateBytes = 32;

/** SHA-256 that goes on from a state between two blocks, and tells it. */
class Chain extends Sha256 {
  static from(state: Uint8Array, length: number): Chain {
    const chain = new Chain();
    const view = new DataView(state.buffer, state.byteOffset, stateBytes);
    const word = (index: number) => view.getInt32(4 * index);
    chain.set(word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7));
    chain.length = length;
    return chain;
  }

  state(): Uint8Array {
    const view = new DataView(new ArrayBuffer(stateBytes));
    this.get().forEach((word, index) => {
      view.setInt32(4 * index, word);
    });
    return new Uint8Array(view.buffer);
  }
}

const initialState = new Chain().state();

/** The last piece of a content, and what comes before it. */
export interface Tail {
  /** Bytes of the whole content. */
  readonly length: number;
  /** The state before the last piece. */
  readonly state: Uint8Array;
  readonly bytes: Uint8Array;
}

/** A piece before the last one. */
export interface Piece {
  /** The state before it. */
  readonly state: Uint8Array;
  readonly bytes: Uint8Array;
}

/** How many pieces a content has: one at least. */
export const piecesOf = (length: number): number => Math.max(1, Math.ceil(length / pieceBytes));

/** Bytes of a content's last piece. */
export const tailBytes = (length: number): number => length - (piecesOf(length) - 1) * pieceBytes;

/** Whether the tail is that of the content of this digest, and so whether its length is. */
export function verifyTail(digest: Hex, { length, state, bytes }: Tail): boolean {
  const before = (piecesOf(length) - 1) * pieceBytes;
  if (bytes.length !== tailBytes(length) || (before === 0 && !isSame(state, initialState))) return false;
  return bytesToHex(Chain.from(state, before).update(bytes).digest()) === digest;
}

/** Whether a piece is the one before a state. @param index of the piece: before the first one is the initial state. */
export function verifyPiece({ state, bytes }: Piece, index: number, after: Uint8Array): boolean {
  if (bytes.length !== pieceBytes || (index === 0 && !isSame(state, initialState))) return false;
  return isSame(Chain.from(state, 0).update(bytes).state(), after);
}

/** A content that is read piece by piece: the state before each, and the digest of the whole. */
export async function chainOf(
  length: number,
  read: (at: number, length: number) => Promise<Uint8Array>,
): Promise<{ readonly states: readonly Uint8Array[]; readonly digest: Hex }> {
  const chain = new Chain();
  const states: Uint8Array[] = [];
  for (let at = 0; states.length < piecesOf(length); at += pieceBytes) {
    states.push(chain.state());
    chain.update(await read(at, Math.min(pieceBytes, length - at)));
  }
  return { states, digest: bytesToHex(chain.digest()) };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
