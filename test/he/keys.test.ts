// Key generation: what binds a contribution, what a dealt share is worth, what is refused.

import { describe, expect, it } from 'vitest';
import { createHe, digest, type KeyGroup, type KeyGroupInput } from '../../he/index.ts';
import { openShare } from '../../he/keys/dealing.ts';
import { absentees, sharingOf } from '../../he/keys/joint.ts';
import { setsHeld } from '../../he/keys/member.ts';
import { decodeKeyShare, secretRows } from '../../he/keys/party.ts';
import { inverse } from '../../he/ring/primes.ts';
import { lagrangeAtZero, Ring } from '../../he/ring/ring.ts';
import { jointKeys, subsets } from '../../he/sharing.ts';
import { decodeCiphertext } from '../../he/wire/ciphertext.ts';
import { hex, packRows } from '../../he/wire/message.ts';
import { expectError, identity, type MadeGroup, makeGroup, openSum } from './support.ts';

const he = await createHe('tiny');
const ring = new Ring(he.params.ringDegree, [...he.params.primes, he.params.specialPrime]);
const made = makeGroup(he, 4, 3);
const input = (): KeyGroupInput => ({
  epoch: made.group.epoch,
  threshold: 3,
  members: made.group.members,
  keyShares: made.keyShares,
});
const replace = <T>(items: readonly T[], index: number, item: T) =>
  items.map((old, at) => (at === index ? item : old));

describe('collective key', () => {
  it('is the sum of the shares over the common polynomial, and follows from public data alone', () => {
    const again = he.formKeyGroup(input());
    expect(again.id).toEqual(made.group.id);
    expect(again.publicKey).toEqual(made.group.publicKey);
  });

  it('a key share is the same at every call: a party that restarts contradicts nothing', () => {
    const restored = he.decodeParty(he.encodeParty(made.parties[1]!));
    expect(restored).toEqual(made.parties[1]);
    expect(he.keyShare(restored)).toEqual(made.keyShares[1]);
    expect(he.dealShares(restored, made.group)).toEqual(made.dealt[1]);
  });

  it('one seed in two epochs makes two secrets', () => {
    const context = { params: he.params, ring };
    const renewed = { ...made.parties[1]!, epoch: digest(Uint8Array.of(1)) };
    expect(secretRows(context, renewed, [0])).not.toEqual(secretRows(context, made.parties[1]!, [0]));
  });

  it('what was read does not follow the bytes that it was read from', () => {
    const bytes = Buffer.from(he.encodeParty(made.parties[1]!));
    const party = he.decodeParty(bytes);
    bytes.fill(0);
    expect(party).toEqual(made.parties[1]);
  });

  it('the id binds threshold, order and members', () => {
    const ids = [input(), { ...input(), threshold: 2 }, reversed()].map((each) =>
      Buffer.from(he.formKeyGroup(each).id).toString('hex'),
    );
    expect(new Set(ids).size).toBe(3);
    function reversed(): KeyGroupInput {
      return {
        ...input(),
        members: [...input().members].reverse(),
        keyShares: [...made.keyShares].reverse(),
      };
    }
  });

  it('refuses a share of another epoch, party, parameters or size', async () => {
    const swap = (share: Uint8Array, of = 2): KeyGroupInput => ({
      ...input(),
      members: replace(input().members, of, { ...input().members[of]!, digest: digest(share) }),
      keyShares: replace(made.keyShares, of, share),
    });
    const other = he.createParty(digest(Uint8Array.of(1)), identity(2));
    expectError(() => he.formKeyGroup(swap(he.keyShare(other))), 'mismatch', /member 2 .* epoch/);
    const stranger = he.createParty(made.group.epoch, identity(9));
    expectError(() => he.formKeyGroup(swap(he.keyShare(stranger))), 'mismatch', /of party a009/);
    const quick = await createHe('quick');
    const elsewhere = quick.keyShare(quick.createParty(made.group.epoch, identity(2)));
    expectError(() => he.formKeyGroup(swap(elsewhere)), 'mismatch', /made for parameters/);
    expectError(() => he.formKeyGroup(swap(made.keyShares[2]!.slice(0, -1))), 'wire', /ends after/);
    expectError(
      () => he.formKeyGroup(swap(Buffer.concat([made.keyShares[2]!, Uint8Array.of(0)]))),
      'wire',
      /1 bytes after/,
    );
    const oversized = made.keyShares[2]!.slice();
    oversized.fill(0xff, -20 - he.encryptionProofBytes(1), -he.encryptionProofBytes(1));
    expectError(() => he.formKeyGroup(swap(oversized)), 'wire', /not below the prime/);
  });

  it('refuses bad thresholds and rosters', () => {
    for (const threshold of [0, 1, 5, 2.5])
      expectError(() => he.formKeyGroup({ ...input(), threshold }), 'argument', /threshold/);
    expectError(
      () => he.formKeyGroup({ ...input(), keyShares: made.keyShares.slice(1) }),
      'argument',
      /3 for 4/,
    );
    expectError(
      () => he.formKeyGroup({ ...input(), members: [], keyShares: [] }),
      'argument',
      /takes 2 to 64/,
    );
    const twice = {
      ...input(),
      members: replace(input().members, 1, input().members[0]!),
      keyShares: replace(made.keyShares, 1, made.keyShares[0]!),
    };
    expectError(() => he.formKeyGroup(twice), 'mismatch', /identity occurs twice/);
    // Identities take two bytes here; the sealing key follows them.
    const [from, to] = [69 + 1 + 2, 69 + 1 + 2 + 32];
    const copied = made.keyShares[1]!.slice();
    copied.set(made.keyShares[0]!.slice(from, to), from);
    const sameKey = {
      ...input(),
      members: replace(input().members, 1, { ...input().members[1]!, digest: digest(copied) }),
      keyShares: replace(made.keyShares, 1, copied),
    };
    expectError(() => he.formKeyGroup(sameKey), 'mismatch', /sealing key occurs twice/);
  });
});

describe('a rushing party', () => {
  /** A share whose b cancels the others', so that the collective key is that of the attacker's own secret. */
  function cancellingShare(): { share: Uint8Array<ArrayBuffer>; own: bigint[] } {
    const attacker = made.keyShares[3]!;
    const read = made.keyShares.map((bytes) => decodeKeyShare({ params: he.params, ring }, bytes));
    const b = [0, 1, 2].map((prime) => {
      const row = read[3]!.b[prime]!.slice();
      for (const other of read.slice(0, 3)) ring.subtract(row, other.b[prime]!, prime);
      return row;
    });
    const packed = Buffer.concat(b.map((row, prime) => ring.pack(row, prime)));
    const share = attacker.slice();
    share.set(packed, share.length - he.encryptionProofBytes(1) - packed.length);
    return { share, own: [...read[3]!.b[0]!] };
  }

  it('would own the key where shares are shown unannounced and unproven, and has no proof', () => {
    const { share, own } = cancellingShare();
    const keyShares = replace(made.keyShares, 3, share);
    const sum = ring.zero();
    for (const bytes of keyShares) ring.add(sum, decodeKeyShare({ params: he.params, ring }, bytes).b[0]!, 0);
    expect([...sum]).toEqual(own);
    const members = replace(input().members, 3, { ...input().members[3]!, digest: digest(share) });
    expectError(() => he.formKeyGroup({ ...input(), members, keyShares }), 'proof', /member 3/);
  });

  it('is refused by itself, before the others show theirs; so is a share of another epoch or party', () => {
    const { share } = cancellingShare();
    const { epoch } = input();
    const { identity } = input().members[3]!;
    he.checkKeyShare({ epoch, identity, keyShare: made.keyShares[3]! });
    expectError(() => he.checkKeyShare({ epoch, identity, keyShare: share }), 'proof', /does not hold/);
    const another = { epoch: epoch.map((byte) => byte ^ 1), identity, keyShare: made.keyShares[3]! };
    expectError(() => he.checkKeyShare(another), 'mismatch', /of epoch/);
    const stranger = { epoch, identity, keyShare: made.keyShares[2]! };
    expectError(() => he.checkKeyShare(stranger), 'mismatch', /of party/);
  });

  it('is refused before that, since its share is not the one that it announced', () => {
    const { share } = cancellingShare();
    expectError(
      () => he.formKeyGroup({ ...input(), keyShares: replace(made.keyShares, 3, share) }),
      'mismatch',
      /member 3 .* announced/,
    );
  });
});

describe('dealing', () => {
  const [alice, bob] = [made.parties[0]!, made.parties[1]!];
  const sealed = made.dealt[0]![1]!;

  it('a receipt convinces the dealer, for exactly what was sealed', () => {
    const receipt = he.acceptShare({ party: bob, group: made.group, sealed });
    he.checkReceipt({ party: alice, group: made.group, to: 1, sealed, receipt });
    expectError(
      () => he.checkReceipt({ party: alice, group: made.group, to: 2, sealed, receipt }),
      'mismatch',
      /member 2/,
    );
    expectError(
      () => he.checkReceipt({ party: alice, group: made.group, to: 1, sealed: made.dealt[0]![2]!, receipt }),
      'mismatch',
    );
    const forged = receipt.slice();
    forged[forged.length - 1]! ^= 1;
    expectError(
      () => he.checkReceipt({ party: alice, group: made.group, to: 1, sealed, receipt: forged }),
      'mismatch',
    );
    expectError(
      () => he.checkReceipt({ party: alice, group: made.group, to: 1, sealed, receipt: receipt.slice(1) }),
      'mismatch',
    );
    expectError(
      () => he.checkReceipt({ party: alice, group: made.group, to: 7, sealed, receipt }),
      'argument',
      /to is 7/,
    );
  });

  it.each([2, 3, 4])('shares lie on a polynomial of all %i coefficients, and of no more', (threshold) => {
    const members = 5;
    const { keys } = makeGroup(he, members, threshold);
    const [q] = he.params.primes;
    const slots = [0, 1, 2, 3];
    // Newton's divided differences at the members' points, and from them the coefficients, lowest first.
    const coefficients = slots.map((slot) => {
      const differences = keys.map(({ share }) => share[0]![slot]!);
      for (let order = 1; order < members; order++)
        for (let at = members - 1; at >= order; at--)
          differences[at] = ((differences[at]! - differences[at - 1]! + q) * inverse(BigInt(order), q)) % q;
      let found: bigint[] = [];
      for (let at = members - 1; at >= 0; at--) {
        const point = BigInt(at + 1);
        const moved = found.map((c) => (c * point) % q);
        found = Array.from({ length: members - at }, (_, k) => {
          const raised = k === 0 ? differences[at]! : found[k - 1]!;
          return (raised - (moved[k] ?? 0n) + q) % q;
        });
      }
      return found;
    });
    const sizes = coefficients.map((column) => column.map((c) => c !== 0n));
    const expected = Array.from({ length: members }, (_, k) => k < threshold);
    expect(sizes).toEqual(slots.map(() => expected));
  });

  it('two members seal to each other under two keys: under one, envelopes differ by their contents', () => {
    const context = { params: he.params, ring };
    const plain = (from: number, to: number) => {
      const envelope = made.dealt[from]![to]!;
      const { share } = openShare(context, {
        party: made.parties[to]!,
        group: made.group,
        own: to,
        sealed: envelope,
      });
      const open = packRows(ring, share, [0, 1]);
      return { open, closed: envelope.slice(69 + 4, 69 + 4 + open.length) };
    };
    const [there, back] = [plain(0, 1), plain(1, 0)];
    const exclusiveOr = (a: Uint8Array, b: Uint8Array) => a.map((byte, at) => byte ^ b[at]!);
    expect(there.open.length).toBe(there.closed.length);
    expect(exclusiveOr(there.closed, back.closed)).not.toEqual(exclusiveOr(there.open, back.open));
  });

  it('refuses a share that is for another, altered, or of another key group', () => {
    expectError(
      () => he.acceptShare({ party: bob, group: made.group, sealed: made.dealt[0]![2]! }),
      'mismatch',
      /for member 2/,
    );
    for (const at of [69, 80, sealed.length - 1]) {
      const altered = sealed.slice();
      altered[at]! ^= 2;
      expectError(() => he.acceptShare({ party: bob, group: made.group, sealed: altered }), 'mismatch');
    }
    expectError(
      () => he.acceptShare({ party: bob, group: made.group, sealed: sealed.slice(1) }),
      'wire',
      /does not start with the magic/,
    );
    const other = he.formKeyGroup({ ...input(), threshold: 2 });
    expectError(() => he.acceptShare({ party: bob, group: other, sealed }), 'mismatch', /group/);
  });

  it('a stranger with the right identity but another secret is no member', () => {
    const impostor = he.createParty(made.group.epoch, identity(1));
    expectError(
      () => he.acceptShare({ party: impostor, group: made.group, sealed }),
      'mismatch',
      /no key share/,
    );
    expectError(() => he.dealShares(impostor, made.group), 'mismatch', /no key share/);
  });

  it('a sealing key of small order is named', () => {
    const members = replace(made.group.members, 2, {
      ...made.group.members[2]!,
      sealingKey: new Uint8Array(32),
    });
    const weak: KeyGroup = { ...made.group, members };
    expectError(() => he.dealShares(alice, weak), 'mismatch', /member 2 .* small order/, /Exclude/);
  });

  it('every key group gets its own polynomial: else other seats give colluders a second point of it', () => {
    const seats = [...input().members].reverse();
    const other = he.formKeyGroup({
      ...input(),
      members: seats,
      keyShares: [...made.keyShares].reverse(),
    });
    const context = { params: he.params, ring };
    const points = (party: number, group: KeyGroup) => {
      const own = group.members.findIndex(({ digest: d }) => hex(d) === hex(input().members[party]!.digest));
      const dealer = he.dealShares(made.parties[0]!, group);
      return {
        x: own + 1,
        rows: openShare(context, { party: made.parties[party]!, group, own, sealed: dealer[own]! }).share,
      };
    };
    // Member 3 has the points 4 and, in the other seats, 1.
    const known = [points(1, made.group), points(2, made.group), points(3, other)];
    expect(known.map(({ x }) => x)).toEqual([2, 3, 1]);
    const secret = secretRows(context, made.parties[0]!, [0])[0]!;
    const interpolated = (from: typeof known) =>
      from.reduce((sum, { x, rows }) => {
        const lambda = lagrangeAtZero(
          x,
          from.map((point) => point.x),
          ring.primes[0]!,
        );
        return ring.scaleAdd(rows[0]!.slice(), lambda, sum, 0);
      }, ring.zero());
    expect(interpolated([...known.slice(0, 2), points(3, made.group)])).toEqual(secret);
    expect(interpolated(known)).not.toEqual(secret);
  });

  it('a key is finished with one share from every member, no more, no fewer', () => {
    const mine = made.dealt.map((shares) => shares[1]!);
    expectError(
      () => he.finishKey({ party: bob, group: made.group, sealed: mine.slice(1) }),
      'mismatch',
      /no share from member 0/,
    );
    expectError(
      () => he.finishKey({ party: bob, group: made.group, sealed: [...mine, mine[2]!] }),
      'mismatch',
      /two shares from member 2/,
    );
  });

  it('every set of t - 1 has a joint key that all others hold, the same, and that it lacks', () => {
    const shape = sharingOf(made.group);
    const sets = [...absentees(shape)];
    expect(sets).toEqual([...subsets(4, 2)]);
    expect(sets).toHaveLength(6);
    const all = new Set<string>();
    for (const absent of sets) {
      const holders = [0, 1, 2, 3].filter((index) => !absent.includes(index));
      const held = holders.map((index) => {
        const at = setsHeld(shape, index).findIndex((set) => set.join() === absent.join());
        return hex(made.keys[index]!.jointKeys[at]!);
      });
      expect(new Set(held).size).toBe(1);
      for (const index of absent) expect(made.keys[index]!.jointKeys.map(hex)).not.toContain(held[0]);
      all.add(held[0]!);
    }
    expect(all.size).toBe(6);
    // Nor is it in anything that was sealed to a member of the set.
    for (const [from, dealt] of made.dealt.entries())
      for (const [to, sealed] of dealt.entries())
        for (const absent of openShare(
          { params: he.params, ring },
          {
            party: made.parties[to]!,
            group: made.group,
            own: to,
            sealed,
          },
        ).jointKeys.keys()) {
          expect(absent.split(',')).not.toContain(`${to}`);
          expect(absent.split(',')).not.toContain(`${from}`);
        }
  });

  it('there are joint keys for every group of up to 16 members, and for others near the ends', () => {
    for (let parties = 2; parties <= 16; parties++)
      for (let threshold = 2; threshold <= parties; threshold++) {
        const count = [...absentees({ parties, threshold })].length;
        expect(jointKeys({ parties, threshold })).toBe(count);
        expect(count).toBeGreaterThan(0);
      }
    expect(jointKeys({ parties: 17, threshold: 9 })).toBe(0);
    expect(jointKeys({ parties: 64, threshold: 33 })).toBe(0);
    expect(jointKeys({ parties: 64, threshold: 2 })).toBe(64);
    expect(jointKeys({ parties: 64, threshold: 63 })).toBe(2016);
  });

  it('a member key survives being stored', () => {
    const bytes = he.encodeMemberKey(made.keys[1]!);
    expect(he.decodeMemberKey(bytes)).toEqual(made.keys[1]);
    expectError(() => he.decodeMemberKey(bytes.slice(0, -1)), 'wire');
    expectError(() => he.decodeMemberKey(made.keyShares[0]!), 'wire', /kind byte .* is 1/);
  });

  it('a member key of no key group is refused: each number has its bounds', () => {
    const key = made.keys[1]!;
    const stored = (change: Partial<typeof key>) =>
      he.decodeMemberKey(he.encodeMemberKey({ ...key, ...change }));
    const members = made.keys.length;
    for (const no of [{ index: members }, { threshold: 1 }, { threshold: members + 1 }])
      expectError(() => stored(no), 'wire', /which no key group has/);
  });
});

describe('self-test', () => {
  const members = made.group.members.map((member) => member.index);
  const dealt = digest(Uint8Array.of(1));
  /** Opens each sum with its set; the sets that do not open. */
  const failing = (of: Pick<MadeGroup, 'keys' | 'group'>, after = dealt) =>
    he.selfTestSets(of.group).filter((set, which) => {
      try {
        he.checkSelfTest({
          group: of.group,
          members,
          opened: openSum(he, of, he.selfTestSum({ group: of.group, dealt: after, which }), set),
        });
        return false;
      } catch (error) {
        expect(error).toMatchObject({ name: 'HeError', code: 'set' });
        return true;
      }
    });

  it('opens the known sums with every run of t neighbours, from public data alone', () => {
    const again = he.formKeyGroup(input());
    expect(he.selfTestSum({ group: again, dealt, which: 1 })).toEqual(
      he.selfTestSum({ group: made.group, dealt, which: 1 }),
    );
    expect(he.selfTestSum({ group: again, dealt, which: 1 })).not.toEqual(
      he.selfTestSum({ group: made.group, dealt, which: 0 }),
    );
    expect(he.selfTestSets(made.group)).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(failing(made)).toEqual([]);
    const opened = openSum(he, made, he.selfTestSum({ group: made.group, dealt, which: 0 }), [0, 1, 2]);
    opened.coordinates[3]! += 1;
    expectError(
      () => he.checkSelfTest({ group: made.group, members, opened }),
      'set',
      /other values/,
      /Generate the key again/,
    );
  });

  it('notices a dealer who gave a member a share of another polynomial', () => {
    const wrong = { ...made.keys[3]!, share: made.keys[2]!.share };
    expect(failing({ ...made, keys: replace(made.keys, 3, wrong) })).toEqual([[1, 2, 3]]);
  });

  it('shares that are off by 1 / c1 open the sum whose c1 the dealer knew, and no other', () => {
    // What run k opens to is off by lambda times its deviation times c1, which is made to be 1: far less than
    // the flooding.
    const off = he.selfTestSets(made.group).map((set, which) => {
      const { rows } = decodeCiphertext(
        { params: he.params, ring },
        made.group.id,
        he.selfTestSum({ group: made.group, dealt, which }),
      );
      // Members 0 and 3 are in one run each.
      const member = 3 * which;
      const share = made.keys[member]!.share.map((row, prime) => {
        const q = ring.primes[prime]!;
        const points = set.map((index) => index + 1);
        const c1 = ring.forward(rows[2 + prime]!, prime);
        const lambda = lagrangeAtZero(member + 1, points, q);
        return row.map((x, slot) => (x + inverse(lambda * c1[slot]!, q)) % q);
      });
      return { ...made.keys[member]!, share };
    });
    const cheated = { ...made, keys: [off[0]!, made.keys[1]!, made.keys[2]!, off[1]!] };
    expect(failing(cheated)).toEqual([]);
    const { ciphertexts } = he.encryptProven({
      group: made.group,
      vectors: [{ coordinates: new Int32Array(96), blinding: [1n, 2n, 3n] }],
      binding: identity(0),
    });
    expectError(
      () => openSum(he, cheated, ciphertexts[0]!, [0, 1, 2]),
      'set',
      /open to noise/,
      /bad member is in every set/,
    );
    // Drawn from what was dealt, which is fixed only when all have dealt, the sums are others.
    expect(failing(cheated, digest(Uint8Array.of(2)))).toEqual(he.selfTestSets(made.group));
  });

  it('notices deviations that cancel in some sets, which testing every member once does not', () => {
    // Five members, t = 3: what dealt shares are off by is made to vanish for the sets 0 1 2 and 2 3 4, which
    // need everyone.
    const five = makeGroup(he, 5, 3);
    const everyone = [0, 1, 2, 3, 4];
    const off = [0, 1].map((prime) => {
      const q = ring.primes[prime]!;
      const lambda = (index: number, set: number[]) =>
        lagrangeAtZero(
          index + 1,
          set.map((i) => i + 1),
          q,
        );
      const cancel = (index: number, by: number, set: number[]) =>
        ((q - lambda(by, set)) * inverse(lambda(index, set), q)) % q;
      return [
        1n,
        cancel(0, 1, [0, 1, 2]) && inverse(cancel(0, 1, [0, 1, 2]), q),
        0n,
        1n,
        cancel(4, 3, [2, 3, 4]),
      ];
    });
    const keys = five.keys.map((key, index) => ({
      ...key,
      share: key.share.map((row, prime) => row.map((x) => (x + off[prime]![index]!) % ring.primes[prime]!)),
    }));
    const cheated = { group: five.group, keys };
    const opens = (set: number[]) => {
      const sum = he.selfTestSum({ group: five.group, dealt, which: 0 });
      he.checkSelfTest({ group: five.group, members: everyone, opened: openSum(he, cheated, sum, set) });
    };
    opens([0, 1, 2]);
    opens([2, 3, 4]);
    expectError(() => opens([0, 2, 4]), 'set', /open to noise/, /bad member is in every set/);
    expectError(() => opens([1, 2, 3]), 'set', /open to noise/, /bad member is in every set/);
    expect(he.selfTestSets(five.group)).toContainEqual([1, 2, 3]);
  });
});
