// Encryption proofs: what happens without them, and what they refuse.

import { describe, expect, it } from 'vitest';
import { checkParameters, createHe, digest, noiseBound, type PresetName, presets } from '../../he/index.ts';
import { keyPrimes, secretRows } from '../../he/keys/party.ts';
import { inverse } from '../../he/ring/primes.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { encryptWithWitness } from '../../he/wellformed/encrypt.ts';
import { encodeProof, proveEncryption, respond, splitBits } from '../../he/wellformed/prove.ts';
import {
  challengeNorm,
  challengeSeed,
  commitmentRows,
  expandChallenge,
  maskBounds,
  parts,
  witnessBounds,
} from '../../he/wellformed/relation.ts';
import { encryptionProofBytes } from '../../he/wellformed/verify.ts';
import { decodeCiphertext, encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { centre, expectError, type MadeGroup, makeGroup, openSum, sharesOf } from './support.ts';

const binding = new TextEncoder().encode('chain 1, task 2, round 3, trainer 4, chunk 5');

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
  /** (0, 2^18 Q / t): decrypts to 2^18 s, far above every honest sum. */
  const malformed = (() => {
    const delta = (p.modulus / p.plainModulus) << 18n;
    const rows = [0, 1, 0, 1].map(() => ring.zero());
    for (const prime of [0, 1]) rows[2 + prime]![0] = delta % ring.primes[prime]!;
    return encodeCiphertext(context, group.id, { weight: 1, rows });
  })();

  it('without proofs it makes the members decrypt their own key, along with an honest sum', () => {
    const honest = Int32Array.from({ length: 4048 }, (_, j) => (j % 255) - 127);
    const { ciphertext } = he.encryptProven({
      group,
      vector: { coordinates: honest, blinding: [1n, 2n, 3n] },
      binding,
    });
    const sum = he.createAccumulator(group).add(ciphertext).add(malformed).sum();
    expectError(() => openSum(he, made, sum, [0, 1]), 'plaintext');
    // The error comes too late: the shares are public, and anyone may decode them without its checks.
    const { rows } = decodeCiphertext(context, group.id, sum);
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
    const f = new Float64Array(ring.n);
    f[0] = 4;
    const rows = [0, 1, 0, 1].map(() => ring.zero());
    for (const prime of [0, 1]) {
      const q = ring.primes[prime]!;
      rows[2 + prime]![0] = (4n * inverse(p.specialPrime, q)) % q;
    }
    const ciphertext = encodeCiphertext(context, group.id, { weight: 1, rows });
    const witness = { u: new Float64Array(ring.n), f, g: new Float64Array(ring.n) };
    const proof = proveEncryption(context, { group, ciphertext, witness, binding, stream: systemStream });
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
    expectError(() => he.checkEncryption({ group, ciphertext, proof, binding }), 'proof', /does not hold/);
  });

  it('nothing that is at hand proves it', () => {
    const other = he.encryptProven({
      group,
      vector: { coordinates: new Int32Array(4048), blinding: [0n, 0n, 0n] },
      binding,
    });
    expectError(
      () => he.checkEncryption({ group, ciphertext: malformed, proof: other.proof, binding }),
      'proof',
      /does not hold/,
    );
  });
});

describe.each(['base', 'wide'] as PresetName[])('%s: an encryption proof', async (name) => {
  const all = await setting(name);
  const { he, p, ring, context, made } = all;
  const { group } = made;
  const u = Int32Array.from({ length: p.coordinatesPerChunk }, (_, j) => (j % 255) - 127);
  const { ciphertext, proof } = he.encryptProven({
    group,
    vector: { coordinates: u, blinding: [2n ** 250n, 7n, 9n] },
    binding,
  });

  it('holds for what it was made for, and the ciphertext opens exactly', () => {
    he.checkEncryption({ group, ciphertext, proof, binding });
    expect(proof.length).toBe(encryptionProofBytes(p));
    const { coordinates, blinding } = openSum(he, made, ciphertext, [1, 3]);
    expect(coordinates).toEqual(u);
    expect(blinding).toEqual([2n ** 250n, 7n, 9n]);
  });

  it('does not hold for another binding, ciphertext, key group or weight, nor after any change', () => {
    const refuse = (c: Uint8Array, z: Uint8Array, b: Uint8Array, code: 'proof' | 'wire' | 'mismatch') =>
      expectError(() => he.checkEncryption({ group, ciphertext: c, proof: z, binding: b }), code);
    refuse(ciphertext, proof, binding.slice(1), 'proof');
    refuse(ciphertext, proof, binding.with(0, binding[0]! ^ 1), 'proof');
    const other = he.encryptProven({
      group,
      vector: { coordinates: u, blinding: [2n ** 250n, 7n, 9n] },
      binding,
    });
    refuse(other.ciphertext, proof, binding, 'proof');
    refuse(he.createAccumulator(group).add(ciphertext, 2).sum(), proof, binding, 'proof');
    refuse(ciphertext, proof.slice(1), binding, 'wire');
    for (const at of [69, 101, 20_000, 40_000, proof.length - 5000]) {
      const altered = proof.slice();
      altered[at]! ^= 1;
      refuse(ciphertext, altered, binding, 'proof');
    }
    const negated = decodeCiphertext(context, group.id, ciphertext);
    for (const [row, prime] of [0, 1, 0, 1].entries())
      negated.rows[row]!.set(ring.subtract(ring.zero(), negated.rows[row]!, prime));
    refuse(encodeCiphertext(context, group.id, negated), proof, binding, 'proof');
    const elsewhere: MadeGroup = makeGroup(he, 2, 2);
    expectError(
      () => he.checkEncryption({ group: elsewhere.group, ciphertext, proof, binding }),
      'mismatch',
      /group/,
    );
  });

  it('of a ciphertext that says it weighs more than one is refused, whoever proves it', () => {
    const { rows, witness } = encryptWithWitness(context, {
      group,
      plain: new Uint32Array(ring.n),
      stream: systemStream,
    });
    const heavy = encodeCiphertext(context, group.id, { weight: 2, rows });
    const own = proveEncryption(context, {
      group,
      ciphertext: heavy,
      witness,
      binding,
      stream: systemStream,
    });
    expectError(
      () => he.checkEncryption({ group, ciphertext: heavy, proof: own, binding }),
      'proof',
      /weight .* is 2,/,
    );
  });

  it('cannot be made first and the ciphertext to fit it: the challenge depends on the ciphertext', () => {
    // From w = 0 and z_f = P, with the challenge known, c1 = 1 / c satisfies what is verified; opened, it
    // shows s / c.
    const nothing = Array.from({ length: 6 }, () => ring.zero());
    const seed = challengeSeed(context, { groupId: group.id, ciphertext, binding, commitment: nothing });
    const signs = new Int32Array(ring.n);
    for (const { place, sign } of expandChallenge(p, seed)) signs[place] = sign;
    const inverses = [0, 1].map((prime) => {
      const q = ring.primes[prime]!;
      const row = ring.forward(ring.fromSigned(signs, prime), prime).map((value) => inverse(value, q));
      return ring.inverse(row, prime);
    });
    const fitting = encodeCiphertext(context, group.id, {
      weight: 1,
      rows: [ring.zero(), ring.zero(), inverses[0]!, inverses[1]!],
    });
    const { u, f, g } = maskBounds(p);
    const responses = {
      u: ring.zero().fill(u.response),
      f: ring.zero().fill(f.response),
      g: ring.zero().fill(g.response),
    };
    responses.f[0]! += p.specialPrime;
    const claim = {
      challenge: expandChallenge(p, seed),
      rows: [ring.zero(), ring.zero(), inverses[0]!, inverses[1]!],
    };
    const offsets = { u: u.response, f: f.response, g: g.response };
    expect(
      commitmentRows(context, { publicKey: group.publicKey, values: responses, offsets, claim }),
    ).toEqual(nothing);
    const forged = encodeProof(context, { groupId: group.id, seed, responses });
    expectError(
      () => he.checkEncryption({ group, ciphertext: fitting, proof: forged, binding }),
      'proof',
      /does not hold/,
    );
  });

  it.each(parts)('with a response z_%s beyond its bound is refused: long responses prove nothing', (part) => {
    const bounds = maskBounds(p);
    const bytes = (bits: number) => (ring.n * bits) / 8;
    // The first word of the part is made as large as its bits allow; z_g's upper bits come after all its
    // lower 32.
    const first = {
      u: [0, bounds.u.bits],
      f: [bytes(bounds.u.bits), bounds.f.bits],
      g: [bytes(bounds.u.bits + bounds.f.bits + splitBits), bounds.g.bits - splitBits],
    }[part] as [number, number];
    const altered = proof.slice();
    for (let bit = 0; bit < first[1]; bit++) altered[69 + 32 + first[0] + (bit >> 3)]! |= 1 << (bit & 7);
    expectError(
      () => he.checkEncryption({ group, ciphertext, proof: altered, binding }),
      'proof',
      new RegExp(`z_${part} .* too large`),
    );
  });

  it('every attempt is fresh: two proofs share neither ciphertext nor responses', () => {
    const again = he.encryptProven({
      group,
      vector: { coordinates: u, blinding: [2n ** 250n, 7n, 9n] },
      binding,
    });
    expect(again.ciphertext).not.toEqual(ciphertext);
    expect(again.proof.slice(69)).not.toEqual(proof.slice(69));
  });

  it('the witness keeps its bounds and satisfies the relation', () => {
    const plain = Uint32Array.from({ length: ring.n }, (_, j) => (j * 7919) % 2 ** p.plainBits);
    const { rows, witness } = encryptWithWitness(context, { group, plain, stream: systemStream });
    const bounds = witnessBounds(p);
    for (const part of parts)
      expect(witness[part].every((value) => Number.isInteger(value) && Math.abs(value) <= bounds[part])).toBe(
        true,
      );
    for (const prime of [0, 1]) {
      const q = ring.primes[prime]!;
      const residues = (part: 'u' | 'f' | 'g') =>
        BigUint64Array.from(witness[part], (value) => ((BigInt(value) % q) + q) % q);
      const product = (half: number) =>
        ring.inverse(
          ring.multiply(ring.forward(residues('u'), prime), group.publicKey[3 * half + prime]!, prime),
          prime,
        );
      expect(ring.scaleAdd(product(1), 1n, residues('f'), prime)).toEqual(
        ring.scaleAdd(rows[2 + prime]!.slice(), p.specialPrime, ring.zero(), prime),
      );
      expect(ring.scaleAdd(product(0), p.plainModulus, residues('g'), prime)).toEqual(
        ring.scaleAdd(rows[prime]!.slice(), (p.specialPrime * p.plainModulus) % q, ring.zero(), prime),
      );
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
        he.encryptProven({ group, vector: { coordinates: zeros, blinding: [0n, 0n, 0n] }, binding })
          .ciphertext,
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

  const challenges = Array.from({ length: 4000 }, (_, tag) =>
    expandChallenge(p, digest(Uint8Array.of(tag, tag >> 8))),
  );

  it('has at most 36 signs among its first 64 coefficients, 6 above them, and follows from its seed', () => {
    for (const challenge of challenges) {
      const places = challenge.map(({ place }) => place);
      expect(new Set(places).size).toBe(places.length);
      expect(places.filter((place) => place < 64).length).toBeLessThanOrEqual(36);
      expect(places.filter((place) => place >= 64 && place < 4096).length).toBe(6);
      expect(places.length).toBeLessThanOrEqual(challengeNorm);
    }
    expect(expandChallenge(p, new Uint8Array(32))).toEqual(expandChallenge(p, new Uint8Array(32)));
  });

  it('falls into no class modulo (2, (1 + X)^8) much more often than once in 256', () => {
    // An answer to all of one class buys a cheater 8 parities of the key.
    // Modulo 2, (1 + X)^8 = 1 + X^8: a class is given by the parities of the eight residue classes of places.
    const counts = new Map<number, number>();
    for (const challenge of challenges) {
      const parities = challenge.reduce((bits, { place }) => bits ^ (1 << (place % 8)), 0);
      counts.set(parities, (counts.get(parities) ?? 0) + 1);
    }
    const expected = challenges.length / 256;
    // Sixteen signs at random places would fall into the class 0 twice as often as here, and into half of all
    // never.
    expect(counts.size).toBe(256);
    expect(Math.max(...counts.values())).toBeLessThan(expected + 6 * Math.sqrt(expected));
  });

  it('has signs and zeros in front as often as it should: parity 1/2, mean 0', () => {
    for (let place = 0; place < 64; place++) {
      const signs = challenges.flatMap((challenge) => challenge.filter((each) => each.place === place));
      // The limit of 36 leaves 31.02 of 64.
      expect(Math.abs(signs.length / challenges.length - 0.4847)).toBeLessThan(
        3 / Math.sqrt(challenges.length),
      );
      expect(Math.abs(signs.reduce((sum, { sign }) => sum + sign, 0))).toBeLessThan(
        6 * Math.sqrt(signs.length),
      );
    }
  });

  it('parameters for whose proofs the kernel is too small are refused, not cut to 64 bits', async () => {
    const large = checkParameters({ ...presets.wide, name: 'large', specialPrime: 786433n });
    await expect(createHe(large)).rejects.toMatchObject({
      code: 'parameter',
      mend: expect.stringMatching(/Take a smaller prime/),
    });
  });

  it('bounds fit the kernel: below 2^62, split words of at most 50 bits', async () => {
    for (const name of ['base', 'wide'] as const) {
      const bounds = maskBounds((await setting(name)).p);
      for (const part of parts) expect(bounds[part].mask < 1n << 62n).toBe(true);
      expect(bounds.f.bits).toBeLessThanOrEqual(50);
      expect(bounds.g.bits - 32).toBeLessThanOrEqual(50);
    }
  });
});

describe('responses', async () => {
  const { he, p, ring, made } = await setting('tiny');

  it('a response within its bound comes of exactly one mask, whatever the witness', () => {
    const bounds = maskBounds(p).u;
    const most = challengeNorm * witnessBounds(p).u;
    for (const shift of [-most, 0, most]) {
      const reached = new Uint8Array(Number(2n * bounds.response) + 1);
      for (let mask = 0; mask <= 2 * Number(bounds.mask); mask++) {
        const word = respond(BigUint64Array.of(BigInt(mask)), Float64Array.of(shift), bounds);
        if (word) reached[Number(word[0])]!++;
      }
      expect(reached.every((times) => times === 1)).toBe(true);
    }
  });

  it.each(parts)('a mask of z_%s is longer than a response by all that a challenge can shift it', (part) => {
    const { mask, response } = maskBounds(p)[part];
    const most = Math.ceil(witnessBounds(p)[part]);
    expect(mask - response).toBeGreaterThanOrEqual(BigInt(challengeNorm * most));
    // Both ends of the range are reached from both ends of the shift.
    for (const shift of [-challengeNorm * most, challengeNorm * most])
      for (const end of [-response, response]) {
        const word = BigUint64Array.of(end - BigInt(shift) + mask);
        expect(respond(word, Float64Array.of(shift), { mask, response })).toEqual(
          BigUint64Array.of(end + response),
        );
      }
  });

  it('one coefficient beyond the bound discards the attempt', () => {
    const { mask, response } = maskBounds(p).u;
    const words = (z: bigint) => BigUint64Array.of(mask, z + mask, mask);
    const none = new Float64Array(3);
    expect(respond(words(response), none, { mask, response })).toBeDefined();
    for (const z of [response + 1n, -response - 1n])
      expect(respond(words(z), none, { mask, response })).toBeUndefined();
  });

  it('of whole proofs have the mean and variance of a uniform variable: z_u over proofs of one chunk', () => {
    const { u } = maskBounds(p);
    const range = Number(u.response);
    const values: number[] = [];
    for (let run = 0; run < 4; run++) {
      const { proof } = he.encryptProven({
        group: made.group,
        vector: { coordinates: new Int32Array(96), blinding: [0n, 0n, 0n] },
        binding,
      });
      const words = ring.unpackWords(proof.slice(101, 101 + (ring.n * u.bits) / 8), ring.n, u.bits);
      values.push(...Array.from(words, (word) => (Number(word) - range) / range));
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(1 / 3 / values.length));
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(6 * Math.sqrt(4 / 45 / values.length));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
  });
});
