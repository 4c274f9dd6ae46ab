// Joint decryption shares: which bad members can keep a sum from opening (none that leave t right shares),
// who is named, and what t - 1 members learn.

import { describe, expect, it, vi } from 'vitest';
import { pointTable } from '../../he/decrypt/points.ts';
import { Trial } from '../../he/decrypt/trial.ts';
import {
  createHe,
  DecryptionLog,
  digest,
  type JointContribution,
  type JointOpening,
  type JointSums,
  type KeyGroup,
  lackingFloodBits,
  openedNoiseBound,
} from '../../he/index.ts';
import { absentees, makerOf, sharingOf } from '../../he/keys/joint.ts';
import { setsHeld } from '../../he/keys/member.ts';
import { jointFloodingReach } from '../../he/parameters.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { jointKeys, subsets } from '../../he/sharing.ts';
import { centralKeyGroup } from '../../he/testing.ts';
import { decodeCiphertext, encodeCiphertext } from '../../he/wire/ciphertext.ts';
import { encodeMessage, packRows, u16 } from '../../he/wire/message.ts';
import { centre, expectError } from './support.ts';

const he = await createHe('tiny');
const p = he.params;
const ring = new Ring(p.ringDegree, [...p.primes, p.specialPrime]);
const Q = p.modulus;
const primes = [0, 1] as const;

/** The encryption of `value` everywhere. */
async function sumOf(group: KeyGroup, value = 5, weight = 1): Promise<Uint8Array> {
  const encryptor = await he.createEncryptor(group);
  const coordinates = new Int32Array(p.coordinatesPerChunk).fill(value);
  const fresh = encryptor.encryptChunk({ coordinates, blinding: [7n, 8n, 9n] });
  encryptor.close();
  return he.createAccumulator(group).add(fresh, weight).sum();
}

const two = centralKeyGroup(he, 2, 2);
const theSum = await sumOf(two.group, -127, 1023);
/** 2 c1 s and flooding, as two members open it. */
const valueAtZero = primes.map((prime) =>
  [0, 1].reduce((total, member) => {
    const request = { key: two.keys[member]!, sum: theSum, set: [0, 1], log: new DecryptionLog() };
    return ring.add(total, he.decodeDecryptionShare(he.decryptionShare(request)).rows[prime]!, prime);
  }, ring.zero()),
);

/** A group of any shape under the key of the two: shares are dealt here, from the value that they open to. */
const groupOf = (n: number, threshold: number): KeyGroup => ({
  ...two.group,
  threshold,
  members: Array.from({ length: n }, (_, index) => ({ ...two.group.members[0]!, index })),
});

/** A share's bytes, with the given rows. */
const written = (group: KeyGroup, sum: Uint8Array, member: number, rows: readonly Row[]): Uint8Array =>
  encodeMessage('jointShare', p, group.id, digest(sum), u16(member), packRows(ring, rows, [0, 1]));

/** Points of a random polynomial of degree t - 1 that is `valueAtZero` at 0: what right shares are. */
function rightShares(group: KeyGroup): JointContribution[] {
  const higher = Array.from({ length: group.threshold - 1 }, () =>
    primes.map((prime) => ring.uniformRow(systemStream, prime)),
  );
  return group.members.map(({ index: member }) => {
    const rows = primes.map((prime) =>
      [{ [prime]: valueAtZero[prime]! }, ...higher].reduceRight(
        (value, coefficient) => ring.scaleAdd(value, BigInt(member + 1), coefficient[prime]!, prime),
        ring.zero(),
      ),
    );
    return { member, shares: [written(group, theSum, member, rows)] };
  });
}

/** A contribution with every 53rd byte of its residues altered. */
function spoilt({ member, shares }: JointContribution): JointContribution {
  const altered = shares.map((share) => {
    const bytes = share.slice();
    for (let at = 110 + member; at < bytes.length; at += 53) bytes[at]! ^= 1;
    return bytes;
  });
  return { member, shares: altered };
}

/** Adds `delta` to coefficients of a contribution. */
function shifted(group: KeyGroup, { member, shares }: JointContribution, delta: bigint, at: number[]) {
  const { rows } = he.decodeJointShare(shares[0]!);
  for (const prime of primes)
    for (const i of at) {
      const q = p.primes[prime];
      rows[prime]![i] = (((rows[prime]![i]! + delta) % q) + q) % q;
    }
  return { member, shares: [written(group, theSum, member, rows)] };
}

/** The opening by the first set that opens the sums. */
const firstOf = async (joint: JointSums): Promise<JointOpening | undefined> =>
  (await he.jointOpenings(joint)[Symbol.asyncIterator]().next()).value;

/** Opens with some members' shares spoilt; the members that were named. */
async function openWithout(group: KeyGroup, right: readonly JointContribution[], bad: readonly number[]) {
  const contributions = right.map((each) => (bad.includes(each.member) ? spoilt(each) : each));
  const joint = { group, sums: [theSum], contributions };
  const opening = await firstOf(joint);
  if (!opening) return undefined;
  expect(opening.vectors[0]!.coordinates.every((value) => value === -127 * 1023)).toBe(true);
  return he.strayMembers(joint, opening.set);
}

/** A few of the sets of `size` of `n`: the first, the last, every other one, and some by chance, repeatable. */
function someSets(n: number, size: number): (readonly number[])[] {
  const all = Array.from({ length: n }, (_, index) => index);
  const byChance = [1, 2, 3].map((seed) => {
    const order = (index: number) => digest(Uint8Array.of(n, size, seed, index)).toString();
    return all
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      .slice(0, size)
      .sort((a, b) => a - b);
  });
  const alternating = [...all.filter((i) => i % 2 === 1), ...all.filter((i) => i % 2 === 0)].slice(0, size);
  return [all.slice(0, size), all.slice(n - size), alternating.sort((a, b) => a - b), ...byChance];
}

describe('a sum opens at once, and the bad members stray from the others', () => {
  const small = [2, 3, 4, 5, 6, 7].flatMap((n) =>
    Array.from({ length: n - 1 }, (_, i) => [n, i + 2] as [number, number]),
  );
  it.each(small)('of %i members, %i needed: for every choice of bad ones', async (n, t) => {
    const group = groupOf(n, t);
    const right = rightShares(group);
    for (let size = 0; size <= n - t; size++)
      for (const bad of subsets(n, size)) expect(await openWithout(group, right, bad)).toEqual(bad);
  });

  // Of larger groups it takes hours to search for every choice of bad ones. But whatever the choice, it leaves a set of
  // t right ones. Each set of t is among those that are tried, and each opens right shares to the same value.
  it.each([8, 9, 10, 11, 12, 13, 14, 15, 16])(
    'of %i members, for every choice of bad ones and every larger half needed: one of the sets that are tried',
    (n) => {
      const q = p.primes[0];
      const table = pointTable(q, n);
      for (let t = Math.floor(n / 2) + 1; t <= n; t++) {
        const coefficients = Array.from({ length: t }, (_, i) => (q / 3n) * BigInt(i + 1) ** 5n + 7n);
        const valueAt = (x: bigint) => coefficients.reduceRight((value, c) => (value * x + c) % q, 0n);
        const values = Array.from({ length: n }, (_, member) => valueAt(BigInt(member + 1)));
        const tried = new Set<number>();
        for (const set of subsets(n, t)) {
          const factors = table.lagrange(set, 0);
          const value = set.reduce((sum, member, k) => sum + factors[k]! * values[member]!, 0n) % q;
          if (value !== valueAt(0n)) expect.fail(`the set ${set.join()} opens to something else`);
          tried.add(set.reduce((bits, member) => bits | (1 << member), 0));
        }
        for (let bad = 0; bad < 1 << n; bad++) {
          const good = Array.from({ length: n }, (_, member) => member).filter(
            (member) => !((bad >> member) & 1),
          );
          if (good.length < t) continue;
          const first = good.slice(0, t).reduce((bits, member) => bits | (1 << member), 0);
          if (!tried.has(first)) expect.fail(`the set of members ${good.slice(0, t).join()} is not tried`);
        }
      }
    },
  );

  // Sets are tried in the order of the seats, so the worst choice is that of the first seats.
  const large = [8, 9, 10, 11, 12, 13, 14, 15, 16].flatMap((n) =>
    Array.from({ length: n - Math.floor(n / 2) }, (_, i) => [n, Math.floor(n / 2) + 1 + i] as const),
  );
  it.each(large)('of %i members, %i needed: the worst choices of bad ones, and some others', async (n, t) => {
    const group = groupOf(n, t);
    const right = rightShares(group);
    const choices = n - t > 5 ? someSets(n, n - t).slice(0, 3) : someSets(n, n - t);
    for (const bad of choices) expect(await openWithout(group, right, bad)).toEqual(bad);
  });

  it('at the first trial where those seen to be wrong come last', async () => {
    const group = groupOf(16, 9);
    const right = rightShares(group);
    const contributions = [...right.slice(7), ...right.slice(0, 7).map(spoilt)];
    const first = await firstOf({ group, sums: [theSum], contributions });
    expect(first!.set).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('whatever the shares of the bad are: of nobody, of others, for other sums, twice there, too long', async () => {
    const group = groupOf(5, 2);
    const right = rightShares(group);
    const other = await sumOf(group, 1);
    const contributions = [
      { member: 0, shares: [Uint8Array.of(1)] },
      { member: 1, shares: right[4]!.shares },
      { member: 2, shares: [written(group, other, 2, he.decodeJointShare(right[2]!.shares[0]!).rows)] },
      ...right.slice(3),
      { member: 9, shares: right[3]!.shares },
    ];
    const joint = { group, sums: [theSum], contributions };
    const opening = await firstOf(joint);
    expect(opening!.set).toEqual([3, 4]);
    expect(await he.strayMembers(joint, opening!.set)).toEqual([0, 1, 2, 9]);
  });

  it('if they are wrong in one coefficient only', async () => {
    const group = groupOf(7, 4);
    const right = rightShares(group);
    const bad = [0, 2, 3];
    const contributions = right.map((each) =>
      bad.includes(each.member)
        ? shifted(group, each, (Q / 1_000_003n) * BigInt(271_829 + each.member ** 5), [4000])
        : each,
    );
    const joint = { group, sums: [theSum], contributions };
    const opening = await firstOf(joint);
    expect(opening!.set).toEqual([1, 4, 5, 6]);
    expect(await he.strayMembers(joint, opening!.set)).toEqual(bad);
  });

  it('in few full decodings, though wrong shares fit in noise, in one coefficient of the last sum alone', async () => {
    const group = groupOf(12, 7);
    const decode = vi.spyOn(Ring.prototype, 'decode');
    const look = vi.spyOn(Trial.prototype, 'isLikely');
    const bad = [0, 1, 2, 3, 4];
    const contributions = rightShares(group).map((each) => {
      // Divisible by all that Lagrange coefficients of these points are divided by: noise is as it was.
      const delta = 27_720n * 3n ** BigInt(each.member) * (Q / p.plainModulus);
      const wrong = bad.includes(each.member) ? shifted(group, each, delta, [2000]) : each;
      return { member: each.member, shares: [...each.shares, ...wrong.shares] };
    });
    const opening = await firstOf({ group, sums: [theSum, theSum], contributions });
    expect(opening!.set).toEqual([5, 6, 7, 8, 9, 10, 11]);
    // Of 792 sets 791 open the first sum, and are wrong in the second.
    expect(decode.mock.calls.length).toBeLessThan(20);
    expect(look.mock.calls.length).toBeLessThan(900);
    vi.restoreAllMocks();
  });

  it('while all else goes on, though 11,440 sets are tried', async () => {
    const group = groupOf(16, 9);
    let turns = 0;
    const other = setInterval(() => turns++, 1);
    expect(await openWithout(group, rightShares(group), [0, 1, 2, 3, 4, 5, 6])).toHaveLength(7);
    clearInterval(other);
    expect(turns).toBeGreaterThan(2);
  });

  it('or the search ends with the phase', async () => {
    const group = groupOf(16, 9);
    const contributions = rightShares(group).map((each) => (each.member < 7 ? spoilt(each) : each));
    const joint = { group, sums: [theSum], contributions, signal: AbortSignal.timeout(1) };
    await expect(firstOf(joint)).rejects.toThrow(/timeout/);
  });

  it('off by multiples of Q / t, wrong shares make other sums; the right one is among them', async () => {
    const group = groupOf(5, 3);
    const right = rightShares(group);
    // Divisible by all that Lagrange coefficients of these points are divided by.
    const delta = 60n * (Q / p.plainModulus / 60n);
    const contributions = right.map((each) => (each.member < 2 ? shifted(group, each, delta, [5]) : each));
    const openings: JointOpening[] = [];
    for await (const opening of he.jointOpenings({ group, sums: [theSum], contributions }))
      openings.push(opening);
    expect(openings.length).toBeGreaterThan(1);
    const values = openings.map(({ vectors }) => vectors[0]!.coordinates[5]);
    expect(values.some((value) => value !== -127 * 1023)).toBe(true);
    expect(openings.at(-1)!.set).toEqual([2, 3, 4]);
    expect(values.at(-1)).toBe(-127 * 1023);
  });

  it('made to cancel at 0, a wrong share opens the sum and makes right ones look wrong: it is no evidence', async () => {
    const group = groupOf(5, 3);
    const right = rightShares(group);
    // Member 0's Lagrange coefficient among 0, 1 and 2 is 3.
    const contributions = [shifted(group, right[0]!, Q / 3n, [5]), ...right.slice(1)];
    const joint = { group, sums: [theSum], contributions };
    const opening = await firstOf(joint);
    expect(opening!.set).toEqual([0, 1, 2]);
    expect(opening!.vectors[0]!.coordinates[5]).toBe(-127 * 1023);
    expect(await he.strayMembers(joint, opening!.set)).toEqual([3, 4]);
  });

  it('not with t - 1 right shares, however many wrong ones there are', async () => {
    const group = groupOf(5, 3);
    expect(await openWithout(group, rightShares(group), [0, 1, 2])).toBeUndefined();
    expect(await openWithout(group, rightShares(group).slice(0, 2), [])).toBeUndefined();
  });
});

describe('whose fault it is that nothing opens', () => {
  const group = groupOf(7, 4);
  const right = rightShares(group);
  const agree = (contributions: readonly JointContribution[], sums = [theSum]) =>
    he.jointSharesAgree({ group, sums, contributions });

  it('is the ciphertexts’ where more than t shares fit together, whatever the author of one does with its own', async () => {
    expect(await agree(right)).toBe(true);
    expect(await agree([spoilt(right[0]!), spoilt(right[1]!), ...right.slice(2)])).toBe(true);
    expect(await agree(right.slice(2))).toBe(true);
  });

  it('is open where no more than t do: t shares fit together always', async () => {
    expect(await agree(right.slice(0, 4))).toBe(false);
    expect(await agree([...right.slice(0, 4), spoilt(right[4]!), spoilt(right[5]!)])).toBe(false);
  });

  it('one member alone cannot make it look so where too few right shares are there', async () => {
    // Three right shares and one of its choice lie on a polynomial, and so do three and another choice.
    for (const bad of [3, 4, 5, 6])
      expect(await agree([...right.slice(0, 3), spoilt(right[bad]!)])).toBe(false);
  });
});

describe('joint shares', () => {
  const made = centralKeyGroup(he, 5, 3);
  const { group, keys } = made;
  const rowsOf = (member: number, sum: Uint8Array, key = keys[member]!) =>
    he.decodeJointShare(he.jointShare({ key, sum })).rows;

  it.each([
    [2, 2],
    [5, 3],
    [5, 5],
    [9, 5],
    [13, 7],
    [64, 2],
  ] as const)('of %i members, %i needed, lie on one polynomial, and open the sum at Wmax', async (n, t) => {
    const of = centralKeyGroup(he, n, t);
    const sum = await sumOf(of.group, -127, 1023);
    const contributions = of.keys.slice(0, t + 2).map((key, member) => ({
      member,
      shares: [he.jointShare({ key, sum })],
    }));
    const joint = { group: of.group, sums: [sum], contributions };
    const opening = await firstOf(joint);
    expect(opening!.vectors[0]!.coordinates.every((value) => value === -127 * 1023)).toBe(true);
    expect(await he.strayMembers(joint, opening!.set)).toEqual([]);
  });

  it('are the same for a copy that differs in c0 or weight: else each would flood c1 s anew', async () => {
    const sum = await sumOf(group);
    const { rows } = decodeCiphertext({ params: p, ring }, group.id, sum);
    rows[0]![7] = (rows[0]![7]! + 1n) % p.primes[0];
    const copy = encodeCiphertext({ params: p, ring }, group.id, { weight: 9, rows });
    expect(rowsOf(0, copy)).toEqual(rowsOf(0, sum));
  });

  it('are flooded anew for every c1: else two openings differ by exact equations of the key', async () => {
    const bare = { ...keys[0]!, share: [ring.zero(), ring.zero()] };
    const [one, other] = [await sumOf(group), await sumOf(group)];
    expect(rowsOf(0, one, bare)).not.toEqual(rowsOf(0, other, bare));
  });

  it('are refused by a key of a group that is too large for them', async () => {
    const large = centralKeyGroup(he, 20, 11);
    const sum = await sumOf(large.group);
    expect(he.jointKeys(large.group)).toBe(0);
    expectError(() => he.jointShare({ key: large.keys[0]!, sum }), 'argument', /11 of 20 members/, /in sets/);
  });

  /** A row pair as integers modulo Q, centred. */
  const joined = ([low, high]: readonly Row[]) => {
    const [q0, q1] = p.primes;
    const over = modInverse(q0, q1);
    return Array.from(low!, (r, i) => centre(r + q0 * (((((high![i]! - r) % q1) + q1) * over) % q1), Q));
  };

  /** 2 c0 and what three shares are at 0, less the plaintext: noise and all floods. */
  const phaseOf = (sum: Uint8Array, set: readonly number[], given: readonly (readonly Row[])[]) => {
    const { rows } = decodeCiphertext({ params: p, ring }, group.id, sum);
    return primes.map((prime) => {
      const factors = pointTable(p.primes[prime], 5).lagrange(set, 0);
      const total = ring.add(rows[prime]!.slice(), rows[prime]!, prime);
      given.forEach((share, k) => {
        ring.add(total, ring.scaleAdd(share[prime]!.slice(), factors[k]!, ring.zero(), prime), prime);
      });
      return total;
    });
  };

  /** All floods at 0, as whoever had every key would know them: what shares are without the secret. */
  const allFloods = (sum: Uint8Array) => {
    const given = [0, 1, 2].map((member) =>
      rowsOf(member, sum, { ...keys[member]!, share: [ring.zero(), ring.zero()] }),
    );
    const { rows } = decodeCiphertext({ params: p, ring }, group.id, sum);
    return phaseOf(sum, [0, 1, 2], given).map((row, prime) =>
      ring.subtract(row, ring.add(rows[prime]!.slice(), rows[prime]!, prime), prime),
    );
  };

  /** The flood of one set: what its key makes of a share of a member that holds it, whose phi is divided out. */
  const floodOf = (absent: readonly number[], sum: Uint8Array) => {
    const holder = [0, 1, 2, 3, 4].find((index) => !absent.includes(index))!;
    const at = setsHeld(sharingOf(group), holder).findIndex((each) => each.join() === absent.join());
    const none = { ...keys[holder]!, share: [ring.zero(), ring.zero()] };
    const ofKey = (key: Uint8Array) =>
      rowsOf(holder, sum, { ...none, jointKeys: none.jointKeys.with(at, key) });
    const [mine, other] = [ofKey(none.jointKeys[at]!), ofKey(new Uint8Array(32))];
    return primes.map((prime) => {
      const q = p.primes[prime];
      const over = modInverse(pointTable(q, 5).vanishing(absent, holder), q);
      return ring.scaleAdd(
        ring.subtract(mine[prime]!.slice(), other[prime]!, prime),
        over,
        ring.zero(),
        prime,
      );
    });
  };

  it('flood the sum so that t - 1 members, who know all keys but one, face noise of the stated size', async () => {
    const sum = await sumOf(group, 0);
    const opened = joined(
      phaseOf(
        sum,
        [0, 1, 2],
        [0, 1, 2].map((member) => rowsOf(member, sum)),
      ),
    );
    const floods = joined(allFloods(sum));
    const count = jointKeys(sharingOf(group));
    const bound = Number(jointFloodingReach(p, 5, count));
    // With every key the ciphertext's own noise is bare: this is what a missing flood would show.
    const bare = opened.slice(0, 4000).map((value, i) => Number(centre(value - floods[i]!, Q)));
    expect(Math.max(...bare.map(Math.abs))).toBeLessThan(openedNoiseBound(p, 5, 1));
    // The flood that they lack is bell-shaped (here the difference of two such, of different keys).
    const lacked = joined(floodOf([1, 3], sum)).map((value) => Number(value) / bound);
    const spread = lacked.reduce((total, value) => total + value * value, 0) / lacked.length;
    expect(Math.max(...lacked.map(Math.abs))).toBeLessThan(2);
    expect(Math.abs(spread - 1 / 6)).toBeLessThan(0.02);
    // All ten floods: of four uniform variables each, so a variance of ten twelfths, and never beyond ten.
    const sizes = floods.map((value) => Number(value) / bound);
    expect(Math.max(...sizes.map(Math.abs))).toBeLessThan(10);
    const variance = sizes.reduce((total, value) => total + value * value, 0) / sizes.length;
    expect(Math.abs(variance - count / 12)).toBeLessThan(0.1);
    expect(Math.log2(bound / openedNoiseBound(p, 5, 1023))).toBeCloseTo(
      lackingFloodBits(p, { parties: 5, threshold: 3 }),
      3,
    );
  });

  it('of the others, t - 1 members can compute from what the sum opens to, so they show nothing more', async () => {
    const sum = await sumOf(group);
    const colluders = [1, 3];
    const atZero = primes.map((prime) => {
      const factors = pointTable(p.primes[prime], 5).lagrange([0, 2, 4], 0);
      return [0, 2, 4].reduce(
        (total, member, k) =>
          ring.add(
            total,
            ring.scaleAdd(rowsOf(member, sum)[prime]!.slice(), factors[k]!, ring.zero(), prime),
            prime,
          ),
        ring.zero(),
      );
    });
    const own = colluders.map((member) => rowsOf(member, sum));
    for (const other of [0, 2, 4])
      for (const prime of primes) {
        // Interpolation through 0 and the two colluders' points, at the other's point.
        const q = p.primes[prime];
        const xs = [0, 2, 4].map(BigInt);
        const x = BigInt(other + 1);
        const factors = xs.map((own_) =>
          xs.reduce(
            (f, k) => (k === own_ ? f : (((f * (x - k + q)) % q) * modInverse(own_ - k + q, q)) % q),
            1n,
          ),
        );
        const computed = [atZero[prime]!, own[0]![prime]!, own[1]![prime]!].reduce(
          (total, row, k) =>
            ring.add(total, ring.scaleAdd(row.slice(), factors[k]!, ring.zero(), prime), prime),
          ring.zero(),
        );
        expect(computed).toEqual(rowsOf(other, sum)[prime]!);
      }
  });

  it('fit the room though one member makes all of its keys the same: else it alone kept every sum closed', async () => {
    // Member 0 makes the keys of all sets that it is not in, 70 of 126. Floods that are all alike add up to
    // half of the plaintext's grid, and shares that are on one polynomial put the blame on the ciphertexts.
    const of = centralKeyGroup(he, 9, 5);
    const same = digest(Uint8Array.of(1));
    const sharing = sharingOf(of.group);
    const sum = await sumOf(of.group);
    const contributions = of.keys.slice(0, 5).map((key, member) => {
      const jointKeys = setsHeld(sharing, member).map((absent, at) =>
        makerOf(absent) === 0 ? same : key.jointKeys[at]!,
      );
      return { member, shares: [he.jointShare({ key: { ...key, jointKeys }, sum })] };
    });
    const opening = await firstOf({ group: of.group, sums: [sum], contributions });
    expect(opening!.vectors[0]!.coordinates.every((value) => value === 5)).toBe(true);
  });

  it('hang on each of the keys that their member holds', async () => {
    const sum = await sumOf(group);
    const plain = rowsOf(0, sum);
    expect(keys[0]!.jointKeys).toHaveLength(
      [...absentees(sharingOf(group))].filter((a) => !a.includes(0)).length,
    );
    for (const at of keys[0]!.jointKeys.keys()) {
      const jointKeysBut = keys[0]!.jointKeys.with(at, new Uint8Array(32));
      expect(rowsOf(0, sum, { ...keys[0]!, jointKeys: jointKeysBut })).not.toEqual(plain);
    }
  });
});

function modInverse(value: bigint, q: bigint): bigint {
  let [a, b, x, y] = [((value % q) + q) % q, q, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return ((x % q) + q) % q;
}
