// Interoperation with plain SEAL, both ways, and its memory: bounded over ten thousand encryptions.

import { afterAll, describe, expect, it } from 'vitest';
import { type ChunkVector, createHe, type PresetName } from '../../he/index.ts';
import { secretRows } from '../../he/keys/party.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { sealContext } from '../../he/seal/context.ts';
import { sealPair, sealPairWords, sealPlain } from '../../he/seal/wire.ts';
import { ciphertextPrimes, decodeCiphertext, encodeCiphertext, keyPrimes } from '../../he/wire/ciphertext.ts';
import { expectError, makeGroup, openSum } from './support.ts';

const flatten = (rows: readonly Row[]): BigUint64Array<ArrayBuffer> => {
  const words = new BigUint64Array(rows.length * rows[0]!.length);
  for (const [index, row] of rows.entries()) words.set(row, index * row.length);
  return words;
};

describe.each(['base', 'wide'] as PresetName[])('%s and plain SEAL', async (name) => {
  const he = await createHe(name);
  const p = he.params;
  const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
  const context = { params: p, ring };
  const made = makeGroup(he, 3, 2);
  const id = made.group.id;
  const { seal, context: sealed, keyParmsId, dataParmsId } = await sealContext(p);
  const form = { parmsId: dataParmsId, nttForm: false, ringDegree: ring.n };
  const u = Int32Array.from({ length: p.coordinatesPerChunk }, (_, j) => (j % 255) - 127);

  const vector: ChunkVector = { coordinates: u, blinding: [1n, 2n ** 200n, 3n] };
  const encryptor = await he.createEncryptor(made.group);
  afterAll(() => encryptor.close());
  const encryptions = [
    ['SEAL', () => encryptor.encryptChunk(vector)],
    ['us', () => he.encryptProven({ group: made.group, vectors: [vector], binding: id }).ciphertexts[0]!],
  ] as const;

  it.each(encryptions)("of an encryption by %s: SEAL's own Decryptor agrees with t members", (_, encrypt) => {
    const secret = keyPrimes.map((prime) => {
      const sum = ring.zero();
      for (const party of made.parties) ring.add(sum, secretRows(context, party, keyPrimes)[prime]!, prime);
      return sum;
    });
    const sum = he.createAccumulator(made.group).add(encrypt(), 1000).sum();
    using key = new seal.SecretKey();
    key.loadFromArray(sealed, sealPlain(flatten(secret), keyParmsId));
    using decryptor = new seal.Decryptor(sealed, key);
    using ciphertext = new seal.Ciphertext();
    ciphertext.loadFromArray(sealed, sealPair(form, flatten(decodeCiphertext(context, id, sum).rows)));
    using plain = new seal.Plaintext();
    decryptor.decrypt(ciphertext, plain);
    const saved: Uint8Array = plain.saveToArray(seal.ComprModeType.none);
    const words = new BigUint64Array(saved.slice(88).buffer as ArrayBuffer);
    const t = Number(p.encodingModulus);
    const theirs = Int32Array.from(u, (_, j) => {
      const value = Number(words[j] ?? 0n);
      return value >= t / 2 ? value - t : value;
    });
    expect(theirs).toEqual(u.map((value) => 1000 * value));
    expect(openSum(he, made, sum, [0, 2]).coordinates).toEqual(theirs);
  });

  it("our weighted sum is, bit for bit, that of SEAL's Evaluator", () => {
    const [a, b] = [
      encryptor.encryptChunk({ coordinates: u, blinding: [1n, 2n, 3n] }),
      encryptor.encryptChunk({ coordinates: u, blinding: [4n, 5n, 6n] }),
    ];
    using evaluator = new seal.Evaluator(sealed);
    const load = (bytes: Uint8Array) => {
      const loaded = new seal.Ciphertext();
      loaded.loadFromArray(sealed, sealPair(form, flatten(decodeCiphertext(context, id, bytes).rows)));
      return loaded;
    };
    using first = load(a);
    using second = load(b);
    using seven = new seal.Plaintext();
    seven.loadFromArray(sealed, sealPlain(BigUint64Array.of(7n)));
    evaluator.multiplyPlainInplace(first, seven);
    evaluator.addInplace(first, second);
    const saved: Uint8Array = first.saveToArray(seal.ComprModeType.none);
    const words = sealPairWords(saved, form, 2);
    const rows = ciphertextPrimes.map((_, row) => words.slice(row * ring.n, (row + 1) * ring.n));
    const theirs = encodeCiphertext(context, id, { weight: 8, rows });
    expect(he.createAccumulator(made.group).add(a, 7).add(b).sum()).toEqual(theirs);
  });

  it('a serialisation that is not the expected one is refused, not misread', () => {
    const bytes = sealPair(form, new BigUint64Array(4 * ring.n));
    expect(sealPairWords(bytes, form, 2).length).toBe(4 * ring.n);
    bytes[48] = 1;
    expectError(() => sealPairWords(bytes, form, 2), 'wire', /serialisation/, /node-seal/);
  });
});

describe('memory', () => {
  it('10,000 encryptions and additions run in a bounded heap', { timeout: 600_000 }, async () => {
    const he = await createHe('tiny');
    const made = makeGroup(he, 2, 2);
    const encryptor = await he.createEncryptor(made.group);
    const chunk = new Int32Array(he.params.coordinatesPerChunk).fill(1);
    let accumulator = he.createAccumulator(made.group);
    const run = (count: number) => {
      for (let i = 0; i < count; i++) {
        if (accumulator.weight === he.params.maxAddends) accumulator = he.createAccumulator(made.group);
        accumulator.add(encryptor.encryptChunk({ coordinates: chunk, blinding: [1n, 1n, 1n] }));
      }
    };
    // A leak of one ciphertext (128 KiB) an encryption would be 1.2 GiB; what remains after the first
    // thousand is allocator slack and garbage not yet collected.
    run(1000);
    const before = process.memoryUsage().rss;
    run(9000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    const { coordinates } = openSum(he, made, accumulator.sum(), [0, 1]);
    expect(coordinates[0]).toBe(accumulator.weight);
    encryptor.close();
    expectError(
      () => encryptor.encryptChunk({ coordinates: chunk, blinding: [1n, 1n, 1n] }),
      'argument',
      /closed/,
    );
  });
});
