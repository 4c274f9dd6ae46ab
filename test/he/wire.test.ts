// The wire form: pinned, canonical, and nothing else is accepted. Segments, which travel round the ring.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHe, digest } from '../../he/index.ts';
import { Ring } from '../../he/ring/ring.ts';
import { publicStream } from '../../he/sampling/stream.ts';
import { ciphertextPrimes, encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { expectError, makeGroup, openSum, sharesOf } from './support.ts';

const he = await createHe('base');
const ring = new Ring(he.params.ringDegree, [...he.params.primes, he.params.specialPrime]);
const made = makeGroup(he, 3, 2, true);
const { group } = made;
const hashOf = (bytes: Uint8Array) => Buffer.from(digest(bytes)).toString('hex').slice(0, 16);

/** A ciphertext of public random residues: what it holds does not matter to its form. */
function anyCiphertext(tag: number): Uint8Array<ArrayBuffer> {
  const stream = publicStream(Uint8Array.of(tag));
  const rows = ciphertextPrimes.map((prime) => ring.uniformRow(stream, prime));
  return encodeCiphertext({ params: he.params, ring }, group.id, { weight: 1, rows });
}

describe('wire form', () => {
  it('is pinned: the hash of every kind of message from fixed secrets', () => {
    const ciphertext = anyCiphertext(1);
    expect({
      parameters: Buffer.from(he.params.id).toString('hex').slice(0, 16),
      group: Buffer.from(group.id).toString('hex').slice(0, 16),
      party: hashOf(he.encodeParty(made.parties[0]!)),
      keyShare: hashOf(made.keyShares[0]!),
      sealedShare: hashOf(made.dealt[0]![1]!),
      receipt: hashOf(he.acceptShare({ party: made.parties[1]!, group, sealed: made.dealt[0]![1]! })),
      memberKey: hashOf(he.encodeMemberKey(made.keys[0]!)),
      ciphertext: hashOf(ciphertext),
      segment: hashOf(
        he.encodeSegment(group, he.takeSegment({ group, ciphertext, range: { from: 8, to: 64 }, weight: 3 })),
      ),
      decryptionShare: hashOf(sharesOf(he, made, ciphertext, [0, 2])[0]!),
      jointShare: hashOf(he.jointShare({ key: made.keys[0]!, sum: ciphertext })),
    }).toMatchInlineSnapshot(`
      {
        "ciphertext": "224361fe5cfb2f9e",
        "decryptionShare": "6fae265e003ed6d7",
        "group": "9c7338fae416352f",
        "jointShare": "be7ea60b2d2f6305",
        "keyShare": "7bb4afb477903e7c",
        "memberKey": "93f9945ea3ec02ab",
        "parameters": "dba350646104c023",
        "party": "5acfe01fa2f82999",
        "receipt": "1fa3755ee9270fd5",
        "sealedShare": "3b1cb143319548ec",
        "segment": "77541af17ce918a7",
      }
    `);
  });

  it('sizes are those of the residues at their bit length, and a short header', () => {
    expect(he.ciphertextBytes).toBe(92_160 + 71);
    expect(anyCiphertext(1).length).toBe(he.ciphertextBytes);
    expect(sharesOf(he, made, anyCiphertext(1), [0, 1])[0]!.length).toBe(46_080 + 111);
  });

  it('refuses other sizes, versions, kinds, parameters, key groups, weights and residues', async () => {
    const good = anyCiphertext(2);
    const edit = (at: number, ...bytes: number[]) => {
      const copy = good.slice();
      copy.set(bytes, at);
      return copy;
    };
    expect(he.checkCiphertext(group, good)).toEqual({ weight: 1 });
    const refused = (bytes: Uint8Array, code: 'wire' | 'mismatch', message: RegExp) =>
      expectError(() => he.checkCiphertext(group, bytes), code, message);
    refused(new Uint8Array(0), 'wire', /of 0 bytes, but it has exactly 92231/);
    refused(good.slice(0, -1), 'wire', /92230 bytes/);
    refused(Buffer.concat([good, Uint8Array.of(0)]), 'wire', /92232 bytes/);
    refused(edit(3, 1), 'wire', /magic of version 2/);
    refused(edit(4, 5), 'wire', /kind byte .* is 5,/);
    refused(edit(5, good[5]! ^ 1), 'mismatch', /made for parameters/);
    refused(edit(37, good[37]! ^ 1), 'mismatch', /made for key group/);
    refused(edit(69, 0, 0), 'wire', /weight .* is 0,/);
    refused(edit(69, 0, 4), 'wire', /weight .* is 1024,/);
    expect(he.checkCiphertext(group, edit(69, 255, 3))).toEqual({ weight: 1023 });
    refused(
      edit(71, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f),
      'wire',
      /a ciphertext is not canonical: .*not below the prime/,
    );
    const quick = await createHe('quick');
    expectError(() => quick.checkCiphertext(group, good), 'mismatch', /these are 'quick'/);
  });

  it('random bytes never pass and never throw anything but an HeError', () => {
    const parsers = [
      (bytes: Uint8Array) => he.checkCiphertext(group, bytes),
      (bytes: Uint8Array) => he.decodeSegment(group, bytes),
      (bytes: Uint8Array) => he.decodeDecryptionShare(bytes),
      (bytes: Uint8Array) => he.decodeKeyShare(bytes),
      (bytes: Uint8Array) => he.decodeMemberKey(bytes),
      (bytes: Uint8Array) => he.decodeParty(bytes),
      (bytes: Uint8Array) => he.acceptShare({ party: made.parties[0]!, group, sealed: bytes }),
    ];
    const prefix = anyCiphertext(1).slice(0, 69);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(8), fc.boolean(), (bytes, kind, framed) => {
        const message = framed ? Buffer.concat([prefix, bytes]) : bytes;
        if (framed) message[4] = kind;
        for (const [index, parse] of parsers.entries()) {
          // A party's secret is any 32 bytes and a name: the one kind that random fields can form.
          if (index === 5 && framed && kind === 7 && bytes.length > 32 && bytes.length <= 96) continue;
          expect(() => parse(message)).toThrow(expect.objectContaining({ name: 'HeError' }));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('segments', () => {
  it('the ring all-reduce over segments gives the bytes of the plain sum, for any number of parties', () => {
    const ciphertexts = [1, 2, 3].map(anyCiphertext);
    const weights = [1, 500, 22];
    const accumulator = he.createAccumulator(group);
    for (const [index, ciphertext] of ciphertexts.entries()) accumulator.add(ciphertext, weights[index]!);
    for (const parts of [1, 3, 7, 64]) {
      const ranges = he.segmentRanges(parts);
      expect(ranges.length).toBe(parts);
      const lengths = ranges.map(({ from, to }) => to - from);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(8);
      const summed = ranges.map((range) =>
        ciphertexts
          .map((ciphertext, index) => he.takeSegment({ group, ciphertext, range, weight: weights[index]! }))
          .reduce((sum, segment) =>
            he.decodeSegment(group, he.encodeSegment(group, he.addSegments(sum, segment))),
          ),
      );
      expect(he.assembleSegments(group, summed)).toEqual(accumulator.sum());
    }
  });

  it('a sum that went round the ring opens', async () => {
    const encryptor = await he.createEncryptor(group);
    const u = Int32Array.from({ length: 4048 }, (_, j) => (j % 255) - 127);
    const ciphertexts = [1, 2].map(() => encryptor.encryptChunk({ coordinates: u, blinding: [5n, 6n, 7n] }));
    encryptor.close();
    const segments = he.segmentRanges(3).map((range) => {
      const [a, b] = ciphertexts.map((ciphertext) => he.takeSegment({ group, ciphertext, range, weight: 2 }));
      return he.addSegments(a!, b!);
    });
    const { coordinates, blinding } = openSum(he, made, he.assembleSegments(group, segments), [0, 1]);
    expect(coordinates).toEqual(u.map((value) => 4 * value));
    expect(blinding).toEqual([20n, 24n, 28n]);
  });

  it('refuses bad ranges, unequal weights, holes and non-canonical bytes', () => {
    const ciphertext = anyCiphertext(1);
    for (const range of [
      { from: 0, to: 0 },
      { from: 4, to: 16 },
      { from: 0, to: 4104 },
      { from: -8, to: 8 },
    ])
      expectError(() => he.takeSegment({ group, ciphertext, range }), 'argument', /in steps of 8/);
    for (const parts of [0, 513, 1.5]) expectError(() => he.segmentRanges(parts), 'argument', /parts/);
    const [a, b] = he.segmentRanges(2).map((range) => he.takeSegment({ group, ciphertext, range }));
    expectError(() => he.addSegments(a!, b!), 'argument', /equal ranges/);
    expectError(() => he.addSegments({ ...a!, weight: 1023 }, a!), 'argument', /Wmax/);
    expectError(() => he.assembleSegments(group, [a!]), 'argument', /end at 2048/);
    expectError(() => he.assembleSegments(group, [b!, a!]), 'argument', /starts at 2048/);
    expectError(() => he.assembleSegments(group, [a!, { ...b!, weight: 2 }]), 'argument', /weights 1 and 2/);
    expectError(() => he.assembleSegments(group, []), 'argument', /end at 0/);
    const bytes = he.encodeSegment(group, a!);
    expectError(
      () => he.decodeSegment(group, Buffer.concat([bytes, Uint8Array.of(0)])),
      'wire',
      /1 bytes after/,
    );
    expectError(() => he.decodeSegment(group, bytes.slice(0, -1)), 'wire', /middle of a field/);
    const crooked = bytes.slice();
    crooked[71] = 4;
    expectError(() => he.decodeSegment(group, crooked), 'wire', /coefficients 4/);
    const large = bytes.slice();
    large.fill(0xff, 75, 81);
    expectError(() => he.decodeSegment(group, large), 'wire', /not below the prime/);
  });
});
