// Encryption proofs: what happens without them, and what they refuse. test/he/forgery.test.ts has the forgers.

import { describe, expect, it } from 'vitest';
import {
  checkParameters,
  createHe,
  digest,
  noiseBound,
  type PresetName,
  preset,
  presets,
} from '../../he/index.ts';
import { secretRows } from '../../he/keys/party.ts';
import { inverse } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { cellsOf, type halves, type Values } from '../../he/wellformed/cells.ts';
import { beginHash, expandChallenge } from '../../he/wellformed/challenge.ts';
import { encryptWithWitness } from '../../he/wellformed/encrypt.ts';
import { proveEncryption, respond } from '../../he/wellformed/prove.ts';
import { unpackResponse } from '../../he/wellformed/response.ts';
import { maxCiphertexts, proofShape, repetitions } from '../../he/wellformed/shape.ts';
import { encryptionProofBytes } from '../../he/wellformed/verify.ts';
import { decodeCiphertext, encodeCiphertext, keyPrimes } from '../../he/wire/ciphertext.ts';
import { centre, expectError, type MadeGroup, makeGroup, openSum, sharesOf } from './support.ts';

const binding = new TextEncoder().encode('chain 1, task 2, round 3, trainer 4');

async function setting(name: PresetName) {
  const he = await createHe(name);
  const p = he.params;
  const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
  return { he, p, ring, context: { params: p, ring }, made: makeGroup(he, 4, 2) };
}

/** The collective secret, which only a test knows: in NTT form. */
function collectiveSecret({ ring, context, made }: Awaited<ReturnType<typeof setting>>): Row[] {
  return keyPrimes.map((prime) => {
    const sum = ring.zero();
    for (const party of made.parties) ring.add(sum, secretRows(context, party, keyPrimes)[prime]!, prime);
    return sum;
  });
}

describe('why: one malformed ciphertext', async () => {
  const all = await setting('base');
  const { he, p, ring, context, made } = all;
  const { group } = made;
  /** (0, 2^17 Q / t), doubled before it is decrypted: to 2^18 s, far above every honest sum. */
  const malformed = (() => {
    const delta = (p.modulus / p.plainModulus) << 17n;
    const rows = [0, 1, 0, 1].map(() => ring.zero());
    for (const prime of [0, 1]) rows[2 + prime]![0] = delta % ring.primes[prime]!;
    return encodeCiphertext(context, group.id, { weight: 1, rows });
  })();

  it('without proofs it makes the members decrypt their own key, along with an honest sum', () => {
    const honest = Int32Array.from({ length: 4048 }, (_, j) => (j % 255) - 127);
    const { ciphertexts } = he.encryptProven({
      group,
      vectors: [{ coordinates: honest, blinding: [1n, 2n, 3n] }],
      binding,
    });
    const sum = he.createAccumulator(group).add(ciphertexts[0]!).add(malformed).sum();
    expectError(() => openSum(he, made, sum, [0, 1]), 'plaintext');
    // The error comes too late: the shares are public, and anyone may decode them without its checks.
    const { rows } = decodeCiphertext(context, group.id, sum);
    for (const prime of [0, 1]) ring.add(rows[prime]!, rows[prime]!.slice(), prime);
    for (const share of sharesOf(he, made, sum, [0, 1]).map((bytes) => he.decodeDecryptionShare(bytes)))
      for (const prime of [0, 1]) ring.add(rows[prime]!, share.rows[prime]!, prime);
    const { values } = ring.decode([rows[0]!, rows[1]!], p.plainModulus);
    const found = Array.from(
      values.subarray(0, 4048),
      (value) => ((((value + (1 << 17)) >> 18) + 128) % 256) - 128,
    );
    const secret = ring.inverse(collectiveSecret(all)[0]!, 0);
    expect(found).toEqual(Array.from(secret.subarray(0, 4048), (s) => Number(centre(s, ring.primes[0]!))));
  });

  it('nor does a fraction of one, made of numbers as small as an honest witness: (0, 2^j / P)', () => {
    // P c1 = f modulo Q alone holds for f = 4 and c1 = 4 / P; the phase is then s times a multiple of Q / P.
    // Only that a u + f is 0 modulo P, too, makes the division by P exact and the phase a multiple of Q / t.
    const residual = new Int32Array(ring.n);
    residual[0] = 4;
    const rows = [0, 1, 0, 1].map(() => ring.zero());
    for (const prime of [0, 1]) {
      const q = ring.primes[prime]!;
      rows[2 + prime]![0] = (4n * inverse(p.specialPrime, q)) % q;
    }
    const ciphertext = encodeCiphertext(context, group.id, { weight: 1, rows });
    const none = new Int32Array(ring.n);
    const witness = { u: none, residuals: [none, residual] as const, rounding: none };
    const proof = proveEncryption(context, {
      group,
      ciphertexts: [ciphertext],
      witnesses: [witness],
      binding,
      stream: systemStream,
    });
    // What it would give away: opened alone, each coefficient of the collective key.
    const phase = rows.slice(0, 2) as [Row, Row];
    for (const share of sharesOf(he, made, ciphertext, [0, 1]).map((bytes) =>
      he.decodeDecryptionShare(bytes),
    ))
      for (const prime of [0, 1]) ring.add(phase[prime]!, share.rows[prime]!, prime);
    const { values } = ring.decode(phase, p.plainModulus);
    const secret = ring.inverse(collectiveSecret(all)[0]!, 0);
    const meanings = new Map<number, Set<bigint>>();
    for (const [index, value] of values.entries())
      meanings.set(value, (meanings.get(value) ?? new Set()).add(centre(secret[index]!, ring.primes[0]!)));
    expect(meanings.size).toBeGreaterThan(5);
    expect([...meanings.values()].every((secrets) => secrets.size === 1)).toBe(true);
    expectError(
      () => he.checkEncryption({ group, ciphertexts: [ciphertext], proof, binding }),
      'proof',
      /does not hold/,
    );
  });

  it('nothing that is at hand proves it', () => {
    const other = he.encryptProven({
      group,
      vectors: [{ coordinates: new Int32Array(4048), blinding: [0n, 0n, 0n] }],
      binding,
    });
    expectError(
      () => he.checkEncryption({ group, ciphertexts: [malformed], proof: other.proof, binding }),
      'proof',
      /does not hold/,
    );
  });
});

describe.each(['base', 'wide'] as PresetName[])('%s: an encryption proof', async (name) => {
  const all = await setting(name);
  const { he, p, ring, context, made } = all;
  const { group } = made;
  const blinding = [2n ** 250n, 7n, 9n] as const;
  const vectorOf = (factor: number) => ({
    coordinates: Int32Array.from({ length: p.coordinatesPerChunk }, (_, j) => ((j * factor) % 255) - 127),
    blinding,
  });
  const one = he.encryptProven({ group, vectors: [vectorOf(1)], binding });
  const three = he.encryptProven({ group, vectors: [1, 3, 7].map(vectorOf), binding });

  it('holds for what it was made for, and the ciphertexts open exactly', () => {
    for (const { ciphertexts, proof } of [one, three]) {
      he.checkEncryption({ group, ciphertexts, proof, binding });
      expect(proof.length).toBe(encryptionProofBytes(p, ciphertexts.length));
    }
    for (const [at, factor] of [1, 3, 7].entries())
      expect(openSum(he, made, three.ciphertexts[at]!, [1, 3])).toEqual(vectorOf(factor));
  });

  it('does not hold for another binding, ciphertext, order, key group or weight, nor after any change', () => {
    const refuse = (
      ciphertexts: readonly Uint8Array[],
      proof: Uint8Array,
      to: Uint8Array,
      code: 'proof' | 'wire' | 'mismatch',
    ) => expectError(() => he.checkEncryption({ group, ciphertexts, proof, binding: to }), code);
    const { ciphertexts, proof } = one;
    refuse(ciphertexts, proof, binding.slice(1), 'proof');
    refuse(ciphertexts, proof, binding.with(0, binding[0]! ^ 1), 'proof');
    const other = he.encryptProven({ group, vectors: [vectorOf(1)], binding });
    refuse(other.ciphertexts, proof, binding, 'proof');
    refuse([he.createAccumulator(group).add(ciphertexts[0]!, 2).sum()], proof, binding, 'proof');
    refuse(ciphertexts, proof.slice(1), binding, 'wire');
    refuse([], proof, binding, 'proof');
    refuse(Array(33).fill(ciphertexts[0]), proof, binding, 'proof');
    for (const at of [69, 101, 20_000, 60_000, proof.length - 5000]) {
      const altered = proof.slice();
      altered[at]! ^= 1;
      refuse(ciphertexts, altered, binding, 'proof');
    }
    const [first, second, third] = three.ciphertexts as [Uint8Array, Uint8Array, Uint8Array];
    refuse([second, first, third], three.proof, binding, 'proof');
    refuse([first, second, ciphertexts[0]!], three.proof, binding, 'proof');
    refuse([first, second], three.proof, binding, 'wire');
    const negated = decodeCiphertext(context, group.id, ciphertexts[0]!);
    for (const [row, prime] of [0, 1, 0, 1].entries())
      negated.rows[row]!.set(ring.subtract(ring.zero(), negated.rows[row]!, prime));
    refuse([encodeCiphertext(context, group.id, negated)], proof, binding, 'proof');
    const elsewhere: MadeGroup = makeGroup(he, 2, 2);
    expectError(
      () => he.checkEncryption({ group: elsewhere.group, ciphertexts, proof, binding }),
      'mismatch',
      /group/,
    );
  });

  it('does not hold after a change of any row of any of its ciphertexts, however small', () => {
    for (const chunk of [0, 2])
      for (const row of [0, 1, 2, 3]) {
        const altered = decodeCiphertext(context, group.id, three.ciphertexts[chunk]!);
        const half = row < 2 ? [0, 1] : [2, 3];
        // By one unit in c0 it stays in its cell nearly always: the ciphertext's hash is in the challenge.
        for (const at of half) altered.rows[at]![5] = (altered.rows[at]![5]! + 1n) % ring.primes[at % 2]!;
        const ciphertexts = three.ciphertexts.with(chunk, encodeCiphertext(context, group.id, altered));
        expectError(
          () => he.checkEncryption({ group, ciphertexts, proof: three.proof, binding }),
          'proof',
          /does not hold/,
        );
      }
  });

  it('of a ciphertext that says it weighs more than one is refused, whoever proves it', () => {
    const plain = new Uint32Array(ring.n);
    const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
    const heavy = encodeCiphertext(context, group.id, { weight: 2, rows });
    const proof = proveEncryption(context, {
      group,
      ciphertexts: [heavy],
      witnesses: [witness],
      binding,
      stream: systemStream,
    });
    expectError(
      () => he.checkEncryption({ group, ciphertexts: [heavy], proof, binding }),
      'proof',
      /weight 2/,
    );
  });

  it('cannot be made first and the challenge to fit it: any ciphertext has responses to exponents known before', () => {
    // Zeros everywhere: to a challenge that is chosen, the cells of any response are a commitment.
    const nothing = encodeCiphertext(context, group.id, {
      weight: 1,
      rows: [0, 1, 0, 1].map(() => ring.zero().fill(12345n)),
    });
    const proof = one.proof.slice();
    proof.fill(7, 69, 101);
    expectError(
      () => he.checkEncryption({ group, ciphertexts: [nothing], proof, binding }),
      'proof',
      /does not hold/,
    );
  });

  it('with a response out of its range is refused: long responses prove nothing', () => {
    const { maskBits } = proofShape(p, 1);
    for (const repetition of [0, repetitions - 1])
      for (const fill of [0x00, 0xff]) {
        const altered = one.proof.slice();
        const at = 101 + (repetition * ring.n * maskBits) / 8;
        altered.fill(fill, at, at + 8);
        expectError(
          () => he.checkEncryption({ group, ciphertexts: one.ciphertexts, proof: altered, binding }),
          'proof',
          new RegExp(`response of repetition ${repetition + 1} is out of range`),
        );
      }
  });

  it('every attempt is fresh: two proofs share neither ciphertexts nor responses', () => {
    const again = he.encryptProven({ group, vectors: [vectorOf(1)], binding });
    expect(again.ciphertexts[0]).not.toEqual(one.ciphertexts[0]);
    expect(again.proof.slice(69)).not.toEqual(one.proof.slice(69));
  });

  it('is refused for no chunk and for more than 32', () => {
    for (const count of [0, maxCiphertexts + 1])
      expectError(
        () => he.encryptProven({ group, vectors: Array(count).fill(vectorOf(1)), binding }),
        'argument',
        /1 to 32/,
      );
  });

  it('the witness keeps its bounds and satisfies the relation', () => {
    const plain = Uint32Array.from({ length: ring.n }, (_, j) => (j * 7919) % 2 ** p.plainBits);
    const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
    const T = p.encodingModulus;
    const within = (values: Int32Array, bound: number) => values.every((value) => Math.abs(value) <= bound);
    expect(within(witness.u, 1)).toBe(true);
    for (const residual of witness.residuals)
      expect(within(residual, Number(p.specialPrime) / 2 + 21)).toBe(true);
    expect(within(witness.rounding, Number(T) / 2)).toBe(true);
    for (const prime of [0, 1]) {
      const q = ring.primes[prime]!;
      const product = (half: number) =>
        ring.inverse(
          ring.multiply(
            ring.forward(ring.fromSigned(witness.u, prime), prime),
            group.publicKey[3 * half + prime]!,
            prime,
          ),
          prime,
        );
      const scaled = (row: Row, factor: bigint) => ring.scaleAdd(row.slice(), factor % q, ring.zero(), prime);
      // P c1 = a u + d1
      expect(ring.add(product(1), ring.fromSigned(witness.residuals[1], prime), prime)).toEqual(
        scaled(rows[2 + prime]!, p.specialPrime),
      );
      // T P c0 = T (b u + d0) - P [Q m]_T
      const left = ring.add(product(0), ring.fromSigned(witness.residuals[0], prime), prime);
      expect(
        ring.subtract(
          scaled(left, T),
          scaled(ring.fromSigned(witness.rounding, prime), p.specialPrime),
          prime,
        ),
      ).toEqual(scaled(rows[prime]!, T * p.specialPrime));
    }
  });

  it('leaves every value a whole shift inside its cell: closer ones would tell how far the witness moved them', () => {
    // Two values in seven lie closer in a proof whose prover does not look.
    for (const { ciphertexts, proof } of Array.from({ length: 12 }, () =>
      he.encryptProven({ group, vectors: [vectorOf(1)], binding }),
    )) {
      const shape = proofShape(p, 1);
      const cells = cellsOf(context, group);
      const tables = ciphertexts.map((bytes: Uint8Array) =>
        cells.shiftTable(decodeCiphertext(context, group.id, bytes).rows),
      );
      const challenge = expandChallenge(p, proof.slice(69, 101), 1);
      const hash = beginHash(p, { groupId: group.id, ciphertexts, binding });
      const size = (ring.n * shape.maskBits) / 8;
      const close: string[] = [];
      const look = (half: (typeof halves)[number], { k0, k1 }: Values) => {
        const [cell, whole, shift] =
          half === 1
            ? [1n << BigInt(shape.cellBits), p.primes[0], BigInt(shape.shift1)]
            : [p.primes[0] << BigInt(shape.upperBits), p.modulus, shape.shift0];
        for (let j = 0; j < ring.n; j++) {
          const value = half === 1 ? k0[j]! : k0[j]! + p.primes[0] * k1[j]!;
          const inCell = value % cell;
          if (inCell < shift || inCell >= cell - shift || value >= whole - shift) close.push(`${half} ${j}`);
        }
      };
      for (const [l, exponents] of challenge.entries()) {
        const words = unpackResponse(ring, proof.slice(101 + l * size, 101 + (l + 1) * size), shape.maskBits);
        cells.hash(shape, { words, hash, claim: { tables, exponents }, visit: look });
      }
      expect(close).toEqual([]);
      expect(hash.digest()).toEqual(Buffer.from(proof.slice(69, 101)));
    }
  });

  it("the noise is that of noiseBound's derivation, for SEAL's encryption and for ours", async () => {
    const secret = collectiveSecret(all);
    const encryptor = await he.createEncryptor(group);
    const zeros = new Int32Array(p.coordinatesPerChunk);
    const [q0, q1] = p.primes;
    for (const encrypt of [
      () => encryptor.encryptChunk({ coordinates: zeros, blinding: [0n, 0n, 0n] }),
      () =>
        he.encryptProven({ group, vectors: [{ coordinates: zeros, blinding: [0n, 0n, 0n] }], binding })
          .ciphertexts[0]!,
    ]) {
      const noises: number[] = [];
      for (let run = 0; run < 6; run++) {
        const { rows } = decodeCiphertext(context, group.id, encrypt());
        const phase = [0, 1].map((prime) =>
          ring.add(
            ring.inverse(ring.multiply(ring.forward(rows[2 + prime]!, prime), secret[prime]!, prime), prime),
            rows[prime]!,
            prime,
          ),
        );
        noises.push(
          ...Array.from(phase[0]!, (low, i) => {
            const k = ((((phase[1]![i]! - low) % q1) + q1) * inverse(q0, q1)) % q1;
            return Number(centre(low + q0 * k, p.modulus));
          }),
        );
      }
      const n = made.parties.length;
      const special = Number(p.specialPrime);
      const predicted = (14 * n * ring.n + 10.5) / special ** 2 + (1 + (ring.n * n * 2) / 3) / 12;
      const variance = noises.reduce((sum, x) => sum + x * x, 0) / noises.length;
      expect(variance / predicted).toBeGreaterThan(0.8);
      expect(variance / predicted).toBeLessThan(1.2);
      expect(Math.max(...noises.map(Math.abs))).toBeLessThan(noiseBound(p, n, 1));
    }
    encryptor.close();
  });
});

describe('the challenge', async () => {
  const { p } = await setting('tiny');

  it('is one exponent in [0, 2N) a repetition and ciphertext, uniform, and follows from its seed', () => {
    const drawn = Array.from({ length: 400 }, (_, tag) =>
      expandChallenge(p, digest(Uint8Array.of(tag, tag >> 8)), 3),
    );
    for (const challenge of drawn) {
      expect(challenge.length).toBe(repetitions);
      expect(challenge.every((exponents) => exponents.length === 3)).toBe(true);
    }
    const all = drawn.flat(2);
    expect(all.every((i) => Number.isInteger(i) && i >= 0 && i < 2 * p.ringDegree)).toBe(true);
    // Each of its 13 bits is set as often as not, in every place.
    for (let place = 0; place < 3; place++)
      for (let bit = 0; bit < 13; bit++) {
        const values = drawn.flatMap((challenge) =>
          challenge.map((exponents) => (exponents[place]! >> bit) & 1),
        );
        const set = values.reduce((sum: number, value) => sum + value, 0);
        expect(Math.abs(set - values.length / 2)).toBeLessThan(3 * Math.sqrt(values.length));
      }
    expect(expandChallenge(p, new Uint8Array(32), 3)).toEqual(expandChallenge(p, new Uint8Array(32), 3));
  });

  it('depends on everything that a proof is about', () => {
    const claim = {
      groupId: new Uint8Array(32),
      ciphertexts: [Uint8Array.of(1), Uint8Array.of(2)],
      binding: Uint8Array.of(3),
    };
    const hashes = [
      claim,
      { ...claim, groupId: new Uint8Array(32).fill(1) },
      { ...claim, ciphertexts: [Uint8Array.of(2), Uint8Array.of(1)] },
      { ...claim, ciphertexts: [Uint8Array.of(1)] },
      { ...claim, binding: Uint8Array.of(4) },
      { ...claim, binding: new Uint8Array() },
    ].map((each) => beginHash(p, each).digest('hex'));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('parameters', () => {
  it('for whose proofs the kernel is too small are refused at the door', async () => {
    const short = checkParameters({
      ...presets.base,
      name: 'short',
      coordinatesPerChunk: 96,
      ringDegree: 8192,
      primes: [1125899905744897n, 1125899906629633n],
      specialPrime: 114689n,
      plainBits: 30,
      maxWeight: 1,
    });
    expect(proofShape(short, maxCiphertexts).maskBits).toBe(23);
    const narrow = { ...short, primes: [2n ** 33n, 2n ** 34n] as const };
    expectError(() => proofShape(narrow, maxCiphertexts), 'parameter', /no room for the cells/);
  });
});

describe('responses', async () => {
  it('come of one mask each, whatever the witness: the range that is sent can be reached from every u', () => {
    const shape = proofShape(preset('base'), 2);
    const top = 2 ** shape.maskBits - 1;
    const near = [...Array.from({ length: 6 }, (_, w) => w), ...Array.from({ length: 6 }, (_, w) => top - w)];
    // Two chunks shift a response by -2 to 2.
    for (const [first, second] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b] as const))) {
      const us = [first, second].map((value) => new Int32Array(8).fill(value));
      const sent = near.flatMap((word) => {
        const mask = new Uint32Array(8).fill(word);
        const words = respond(mask, { us, exponents: [0, 0], shape });
        return words ? [words[0]!] : [];
      });
      const reached = near
        .map((word) => word + first + second)
        .filter((word) => word >= 2 && word <= top - 2);
      expect(sent).toEqual(reached);
      for (const end of [2, 3, top - 3, top - 2]) expect(sent.filter((word) => word === end)).toEqual([end]);
    }
  });

  const { he, p, ring, made } = await setting('tiny');

  it('are uniform: mean and variance over proofs', () => {
    const { maskBits } = proofShape(p, 1);
    const range = 2 ** (maskBits - 1);
    const values: number[] = [];
    for (let run = 0; run < 4; run++) {
      const vectors = [{ coordinates: new Int32Array(96), blinding: [0n, 0n, 0n] as const }];
      const { proof } = he.encryptProven({ group: made.group, vectors, binding });
      const size = (ring.n * maskBits) / 8;
      for (let l = 0; l < repetitions; l++) {
        const words = unpackResponse(ring, proof.slice(101 + l * size, 101 + (l + 1) * size), maskBits);
        values.push(...Array.from(words, (word) => (word - range + 1) / range));
      }
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(1 / 3 / values.length));
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(6 * Math.sqrt(4 / 45 / values.length));
  });
});
