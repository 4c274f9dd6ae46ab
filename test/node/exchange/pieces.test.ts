// Pieces: a content is verified from its end to its beginning, and nothing but it fits.
import { createHash } from 'node:crypto';
import { _SHA256 as Sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  chainOf,
  pieceBytes,
  piecesOf,
  type Tail,
  tailBytes,
  verifyPiece,
  verifyTail,
} from '../../../node/exchange/pieces.ts';
import { digestOf } from '../../../node/protocol/index.ts';

/** Bytes that differ everywhere. */
const contentOf = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) * 13) & 255);
const readerOf = (content: Uint8Array) => async (at: number, length: number) =>
  content.slice(at, at + length);

async function split(content: Uint8Array) {
  const { states, digest } = await chainOf(content.length, readerOf(content));
  const last = piecesOf(content.length) - 1;
  const tail: Tail = {
    length: content.length,
    state: states[last]!,
    bytes: content.slice(last * pieceBytes),
  };
  return { states, digest, last, tail };
}

describe('a content', () => {
  it.each([0, 1, 55, 56, 64, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes])(
    'of %i bytes is verified piece by piece, up to its digest',
    async (length) => {
      const content = contentOf(length);
      const { states, digest, last, tail } = await split(content);
      expect(digest).toBe(digestOf(content));
      expect(states).toHaveLength(last + 1);
      expect(tail.bytes).toHaveLength(tailBytes(length));
      expect(verifyTail(digest, tail)).toBe(true);
      let after = tail.state;
      for (let index = last - 1; index >= 0; index--) {
        const bytes = content.slice(index * pieceBytes, (index + 1) * pieceBytes);
        expect(verifyPiece({ state: states[index]!, bytes }, index, after)).toBe(true);
        after = states[index]!;
      }
    },
  );

  it('has no other tail: no byte, no state and no length can be changed', async () => {
    const { digest, tail } = await split(contentOf(2 * pieceBytes + 100));
    fc.assert(
      fc.property(
        fc.constantFrom('bytes', 'state'),
        fc.nat(99),
        fc.integer({ min: 1, max: 255 }),
        (part, at, by) => {
          const altered = tail[part].slice();
          altered[at % altered.length]! ^= by;
          return !verifyTail(digest, { ...tail, [part]: altered });
        },
      ),
      { numRuns: 30 },
    );
    for (const length of [
      tail.length - 1,
      tail.length + 1,
      tail.length - pieceBytes,
      tail.length + pieceBytes,
      100,
    ])
      expect(verifyTail(digest, { ...tail, length }), String(length)).toBe(false);
    expect(verifyTail(digest, { ...tail, bytes: tail.bytes.slice(1) })).toBe(false);
  });

  it('has no other piece', async () => {
    const content = contentOf(2 * pieceBytes);
    const { states } = await split(content);
    const bytes = content.slice(0, pieceBytes);
    const [state, after] = states as [Uint8Array, Uint8Array];
    expect(verifyPiece({ state, bytes }, 0, after)).toBe(true);
    for (const at of [0, pieceBytes - 1]) {
      const altered = bytes.slice();
      altered[at]! ^= 1;
      expect(verifyPiece({ state, bytes: altered }, 0, after)).toBe(false);
    }
    expect(verifyPiece({ state, bytes: bytes.slice(64) }, 0, after)).toBe(false);
  });

  it('begins at the initial state: what begins elsewhere has another digest, and would fit otherwise', async () => {
    const content = contentOf(pieceBytes + 5);
    const { states, tail } = await split(content);
    const elsewhere = states[1]!;
    // One piece after a state of the liar's choice: a chain that ends in whatever it ends in.
    class Free extends Sha256 {
      from(state: Uint8Array) {
        const view = new DataView(state.buffer);
        const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, word) => view.getInt32(4 * word));
        this.set(a!, b!, c!, d!, e!, f!, g!, h!);
        return this;
      }
    }
    const digest = bytesToHex(new Free().from(elsewhere).update(tail.bytes).digest());
    expect(verifyTail(digest, { length: 5, state: elsewhere, bytes: tail.bytes })).toBe(false);
    const bytes = content.slice(0, pieceBytes);
    const chain = new Free().from(elsewhere).update(bytes);
    const after = Buffer.alloc(32);
    (chain as unknown as { get(): number[] })
      .get()
      .forEach((word, index) => void after.writeInt32BE(word, 4 * index));
    expect(verifyPiece({ state: elsewhere, bytes }, 1, new Uint8Array(after))).toBe(true);
    expect(verifyPiece({ state: elsewhere, bytes }, 0, new Uint8Array(after))).toBe(false);
  });

  it('has the states that another SHA-256 has', async () => {
    const content = contentOf(pieceBytes + 1);
    const { digest } = await split(content);
    expect(digest).toBe(`0x${createHash('sha256').update(content).digest('hex')}`);
  });
});
