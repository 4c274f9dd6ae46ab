// Rounds encrypt with our own code in SEAL's form. With SEAL's randomness it makes SEAL's ciphertext, bit for
// bit.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeChunk } from '../../he/encoding.ts';
import { type ChunkVector, createHe, type PresetName } from '../../he/index.ts';
import { Ring } from '../../he/ring/ring.ts';
import { encryptUsing, type Randomness } from '../../he/wellformed/encrypt.ts';
import { encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { blake2b, sealRandomness } from './seal_randomness.ts';
import { makeGroup } from './support.ts';

/** All that `action` takes of the system's generator, by the door that SEAL's WebAssembly has to it. */
function entropyOf<T>(action: () => T): { result: T; entropy: Uint8Array } {
  const given: Uint8Array[] = [];
  const door = vi.spyOn(crypto, 'getRandomValues').mockImplementation((view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    bytes.set(randomBytes(bytes.length));
    given.push(bytes.slice());
    return view;
  });
  const result = action();
  door.mockRestore();
  return { result, entropy: Buffer.concat(given) };
}

describe("BLAKE2b as it is written here for SEAL's generator", () => {
  it.each([0, 1, 127, 128, 129, 300])("of %i bytes is OpenSSL's", (length) => {
    const message = Uint8Array.from({ length }, (_, i) => 3 * i);
    const plain = Uint8Array.from({ length: 64 }, (_, i) => [64, 0, 1, 1][i] ?? 0);
    expect(Buffer.from(blake2b(plain, message))).toEqual(createHash('blake2b512').update(message).digest());
  });
});

describe.each(['tiny', 'base', 'wide'] as PresetName[])("%s: with SEAL's randomness", async (name) => {
  const he = await createHe(name);
  const p = he.params;
  const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
  const { group } = makeGroup(he, 3, 2);
  const encryptor = await he.createEncryptor(group);
  afterEach(() => vi.restoreAllMocks());

  const ours = (vector: ChunkVector, randomness: Randomness) => {
    const plain = encodeChunk(p, vector);
    const { rows } = encryptUsing({ params: p, ring }, { group, plain, randomness });
    return encodeCiphertext({ params: p, ring }, group.id, { weight: 1, rows });
  };

  it.each([
    ['zeros', () => 0],
    ['every coordinate', (j: number) => (j % 255) - 127],
    ['the least coordinate', () => -127],
  ])("our ciphertext of %s is SEAL's, bit for bit", (_, coordinate) => {
    const vector: ChunkVector = {
      coordinates: Int32Array.from({ length: p.coordinatesPerChunk }, (_, j) => coordinate(j)),
      blinding: [2n ** 253n + 12345n, 0n, 0xffffn],
    };
    const { result: theirs, entropy } = entropyOf(() => encryptor.encryptChunk(vector));
    expect(entropy.length).toBe(64);
    expect(Buffer.compare(ours(vector, sealRandomness(entropy, ring.n)), theirs)).toBe(0);
  });

  it('and one coefficient of u, e0 or e1 changed, our ciphertext is another', () => {
    const vector: ChunkVector = {
      coordinates: new Int32Array(p.coordinatesPerChunk),
      blinding: [1n, 2n, 3n],
    };
    const { result: theirs, entropy } = entropyOf(() => encryptor.encryptChunk(vector));
    const right = sealRandomness(entropy, ring.n);
    expect(Buffer.compare(ours(vector, right), theirs)).toBe(0);
    const u = right.u.with(5, right.u[5] === 1 ? 0 : 1);
    expect(Buffer.compare(ours(vector, { ...right, u }), theirs)).not.toBe(0);
    // Encryption divides most of an error away; an error that is off by the special prime shows, by one.
    for (const part of ['e0', 'e1'] as const) {
      const error = right[part].with(5, right[part][5]! + Number(p.specialPrime));
      expect(Buffer.compare(ours(vector, { ...right, [part]: error }), theirs)).not.toBe(0);
    }
  });
});
