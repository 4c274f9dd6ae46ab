// The judge convicts who did wrong and nobody else: of each kind evidence that is true, forged, replayed, of another
// task, cut short, and all that could be alleged against an honest member.
import { bytesToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ring } from '../../../he/ring/ring.ts';
import { encodeMessage, packRows, u16 } from '../../../he/wire/message.ts';
import { addendsOf } from '../../../node/chain/index.ts';
import {
  type Court,
  decodeEvidence,
  type Evidence,
  type EvidenceOf,
  encodeEvidence,
  judge,
  wrongHop,
  wrongShares,
} from '../../../node/disputes/index.ts';
import {
  decodeBundle,
  digestOf,
  encodeBundle,
  encodeSum,
  topicOf,
  updateSum,
} from '../../../node/protocol/index.ts';
import { signHop } from '../../../node/ring/hop.ts';
import {
  type Chain,
  ciphertextShape,
  encodeChain,
  planDigest,
  residuesOf,
  roundPlan,
} from '../../../node/ring/index.ts';
import { addendsOf as carriedBy, segmentRange, senderOf } from '../../../node/ring/plan.ts';
import { addResidues, encodePart, sliceRange } from '../../../node/ring/residues.ts';
import { createCourt } from '../../../node/roles/dispute/court_of.ts';
import { evidenceOf } from '../../../node/roles/dispute/evidence_of.ts';
import { RoundSums } from '../../../node/roles/round/sums.ts';
import { makeRound, type TestRound } from '../roles/support/round.ts';

let round: TestRound;
let court: Court;
const signers = [1, 2, 3, 4].map((i) => privateKeyToAccount(`0x${String(i).padStart(64, '0')}`));

beforeAll(async () => {
  round = await makeRound({ shape: { members: 4, threshold: 2 } });
  court = createCourt(round.context({ member: 0 }), 1)();
});
afterAll(() => round.stop());

const rule = async (evidence: Evidence, of: Court = court) => judge(of, encodeEvidence(evidence));
const about = <Kind extends string>(kind: Kind, culprit: number) =>
  ({ kind, version: 1, ...court.domain, task: 1n, round: 1, culprit: round.accounts[culprit]! }) as const;

/** What holds for evidence of every kind that convicts. */
async function checkBound(evidence: Evidence) {
  expect(await rule(evidence)).toEqual({ ruling: 'convicts' });
  const others: Evidence[] = [
    { ...evidence, chainId: 1 },
    { ...evidence, task: 2n },
    { ...evidence, contract: round.accounts[0]! },
    { ...evidence, culprit: round.accounts[(round.accounts.indexOf(evidence.culprit) + 1) % 4]! },
  ];
  for (const other of others) expect((await rule(other)).ruling).toBe('clears');
  expect((await rule({ ...evidence, round: 7 })).ruling).toBe('open');
  const content = encodeEvidence(evidence);
  expect(decodeEvidence(content)).toEqual(evidence);
  for (const bytes of [
    content.slice(0, -1),
    content.slice(1),
    Uint8Array.of(...content, 10),
    new Uint8Array(),
  ])
    expect((await judge(court, bytes)).ruling).toBe('clears');
  const spaced = new TextEncoder().encode(
    JSON.stringify(JSON.parse(new TextDecoder().decode(content)), null, 1),
  );
  expect(await judge(court, spaced)).toMatchObject({ reason: expect.stringContaining('one encoding') });
}

/** Judged where nothing can be fetched. */
const nowhere = (): Court => ({
  ...court,
  store: { get: (name) => round.store.get(digestOf(Buffer.from(name)), { maxBytes: 1 }) },
});

describe('evidence of a wrong hop', () => {
  const liar = 2;
  let evidence: EvidenceOf<'hop'>;

  /** The chain of segment 0 around the ring; the liars add one where they should not. */
  async function chainOf(liars: readonly number[], number = 1): Promise<Chain> {
    const { he } = court;
    const { group } = await court.key();
    const entry = round.journal.rounds.find((each) => each.number === number)!;
    const addends = addendsOf(entry, updateSum);
    const members = entry.submitted.update.map(({ sender }) => sender);
    const shape = ciphertextShape(he, 1);
    const plan = roundPlan({
      domain: court.domain,
      task: 1n,
      round: number,
      sum: 0,
      members,
      addends,
      shape,
    });
    const range = segmentRange(plan, 0, members.length);
    let part: BigUint64Array = new BigUint64Array((range.to - range.from) * shape.moduli.length);
    let chain: Chain = { ring: planDigest(plan), absent: 0n, segment: 0, links: [] };
    for (let step = 0; step < members.length; step++) {
      const sender = plan.members[senderOf(0, step, members.length)]!;
      for (const addend of carriedBy(plan, 0n).get(sender)!) {
        const content = await round.store.get(addends[addend]!.digests[0]!, { maxBytes: 2 ** 22 });
        const vector = residuesOf({ he, group }, [decodeBundle(content, 2)[0]!]);
        part = addResidues(shape, part, sliceRange(shape, vector, range));
      }
      if (liars.includes(round.accounts.indexOf(sender))) part[0] = (part[0]! + 1n) % shape.moduli[0]!;
      const signer = signers.find(({ address }) => address === sender)!;
      chain = await signHop({ plan, signer }, chain, digestOf(encodePart(shape, part)));
    }
    return chain;
  }

  beforeAll(async () => {
    const chains = [await chainOf([]), await chainOf([liar])];
    const fault = await wrongHop(court, { entry: round.entry, sum: updateSum, chains });
    expect(fault?.culprit).toBe(round.accounts[liar]);
    evidence = { ...about('hop', liar), sum: updateSum, chain: bytesToHex(encodeChain(fault!.chain)) };
  });

  it('convicts its sender, for this task and round alone', () => checkBound(evidence));

  it('is what a suspicion of the ring comes to, where a hop is wrong', async () => {
    const suspicion = { kind: 'ring', entry: round.entry, sum: updateSum } as const;
    const [honest, wrong] = [await chainOf([]), await chainOf([liar])];
    const [found, ...more] = await evidenceOf(court, { ...suspicion, chains: [honest, wrong] });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ ...about('hop', liar), sum: updateSum });
    expect(await rule(found!)).toEqual({ ruling: 'convicts' });
    for (const chains of [[honest], []])
      expect(await evidenceOf(court, { ...suspicion, chains })).toEqual([]);
  });

  it('clears all others, and everyone where every hop is right', async () => {
    const honest = bytesToHex(encodeChain(await chainOf([])));
    for (const culprit of [0, 1, 2, 3])
      expect((await rule({ ...about('hop', culprit), sum: updateSum, chain: honest })).ruling).toBe('clears');
    for (const culprit of [0, 1, 3])
      expect((await rule({ ...evidence, culprit: round.accounts[culprit]! })).ruling).toBe('clears');
  });

  it('is none where it was cut short, signed by another, or is of another sum or round', async () => {
    const bytes = Buffer.from(evidence.chain.slice(2), 'hex');
    const forged = Uint8Array.from(bytes);
    forged[bytes.length - 70]! ^= 1;
    for (const chain of [bytes.subarray(0, -1), bytes.subarray(0, 40), forged, new Uint8Array()])
      expect((await rule({ ...evidence, chain: bytesToHex(chain) })).ruling).toBe('clears');
    expect((await rule({ ...evidence, sum: 1 })).ruling).toBe('clears');
    const later = await makeRound({ shape: { members: 4, threshold: 2 } });
    try {
      await later.next();
      const of = createCourt(later.context({ member: 0 }), 1)();
      const replayed = await rule({ ...evidence, round: 2 }, of);
      expect(replayed).toMatchObject({ reason: expect.stringContaining('chain of ring') });
      expect(await rule(evidence, of)).toEqual({ ruling: 'convicts' });
    } finally {
      await later.stop();
    }
  });

  it('stays open while a ciphertext is missing', async () => {
    expect((await rule(evidence, nowhere())).ruling).toBe('open');
  });
});

/** The contents that members announced first as their shares. */
const announcedIn = ({ journal }: TestRound) =>
  journal.announcements.map(({ sender, digest: share }) => ({ member: sender, share }));

describe('evidence of a wrong decryption share', () => {
  const liar = 3;
  let evidence: EvidenceOf<'share'>;

  beforeAll(async () => {
    const keys = round.keys as unknown[];
    const right = round.keys[liar]!;
    keys[liar] = { ...right, share: round.keys[0]!.share };
    for (const member of [2, liar, 0, 1]) await round.announceShares({ member, set: [] });
    keys[liar] = right;
    const announced = announcedIn(round);
    const found = await wrongShares(court, { entry: round.entry, sum: updateSum, announced });
    expect(found.map(({ culprit }) => culprit)).toEqual([round.accounts[liar]]);
    evidence = { ...about('share', liar), sum: updateSum, ...found[0]!, others: [...found[0]!.others] };
  });

  it('convicts its author, for this task and round alone', () => checkBound(evidence));

  it('is what a suspicion of shares comes to, by what each member announced first in that round', async () => {
    const { announcements } = round.journal;
    const before = [...announcements];
    const post = (member: number, number: number, digest: `0x${string}`) =>
      ({ sender: round.accounts[member]!, topic: topicOf('decryption', number), digest, block: 1n }) as const;
    // Of another round, and, second thoughts: what the liar should have announced.
    announcements.unshift(post(0, 2, await round.store.put(Uint8Array.of(4, 5, 6))));
    announcements.push(post(liar, 1, await round.store.put(await round.jointShares(liar))));
    const suspicion = { kind: 'shares', entry: round.entry, sum: updateSum } as const;
    const found = await evidenceOf(court, suspicion);
    announcements.splice(
      0,
      announcements.length,
      ...before.filter(({ sender }) => sender !== evidence.culprit),
    );
    const without = await evidenceOf(court, suspicion);
    announcements.splice(0, announcements.length, ...before);
    expect(found).toEqual([evidence]);
    expect(without).toEqual([]);
  });

  it('clears all whose shares are right, whichever others it names', async () => {
    const announced = announcedIn(round);
    for (const { member, share } of announced.filter((each) => each.member !== evidence.culprit)) {
      const others = announced.filter((each) => each.member !== member);
      expect((await rule({ ...evidence, culprit: member, share, others })).ruling).toBe('clears');
    }
  });

  it('is none with too few others, one of them twice, or contents that were not announced as theirs', async () => {
    const { others, share } = evidence;
    const few = [
      others.slice(1),
      [others[0]!, others[0]!, others[1]!],
      [...others, { member: evidence.culprit, share }],
    ];
    for (const named of few) expect((await rule({ ...evidence, others: named })).ruling).toBe('clears');
    const moved = others.map(({ member }, at) => ({
      member,
      share: others[(at + 1) % others.length]!.share,
    }));
    expect((await rule({ ...evidence, others: moved })).ruling).toBe('clears');
    const unsaid = await round.store.put(encodeBundle([Uint8Array.of(1), Uint8Array.of(2)]));
    expect((await rule({ ...evidence, share: unsaid })).ruling).toBe('clears');
    expect((await rule({ ...evidence, sum: 5 })).ruling).toBe('clears');
  });

  it('of a content without a share of the sum clears: to say nothing is no lie', async () => {
    await round.announceContent({ member: liar, content: Uint8Array.of(1, 2, 3) });
    const { digest: share } = round.journal.announcements.pop()!;
    round.journal.announcements.push({
      sender: evidence.culprit,
      topic: topicOf('decryption', 1),
      digest: share,
      block: 1n,
    });
    expect(await rule({ ...evidence, share })).toMatchObject({
      reason: expect.stringContaining('has no share'),
    });
    round.journal.announcements.pop();
  });

  it('stays open while a share is missing', async () => {
    expect((await rule(evidence, nowhere())).ruling).toBe('open');
  });
});

describe('t - 1 members that agree on wrong shares', () => {
  it('make a right share stray from the sum that they open, and have nobody convicted', async () => {
    // Of six members with t = 3 the liars 4 and 5 add a polynomial that is 0 for members 0 and 1, and small at 0:
    // four shares fit together and open the sum, and those of members 2 and 3 do not fit.
    const framed = await makeRound({ shape: { members: 6, threshold: 3 } });
    try {
      const of = createCourt(framed.context({ member: 0 }), 1)();
      const { he } = of;
      const { group } = await of.key();
      const ring = new Ring(he.params.ringDegree, [...he.params.primes, he.params.specialPrime]);
      for (const member of [0, 1, 4, 5, 2, 3]) {
        const content = await framed.jointShares(member);
        const parts = decodeBundle(content, 2).map((part) => {
          const { rows, ciphertext } = he.decodeJointShare(part);
          const point = BigInt(member + 1);
          for (const prime of [0, 1]) {
            const q = he.params.primes[prime]!;
            if (member > 3) rows[prime]![0] = (rows[prime]![0]! + (point - 1n) * (point - 2n)) % q;
          }
          return encodeMessage(
            'jointShare',
            he.params,
            group.id,
            ciphertext,
            u16(member),
            packRows(ring, rows, [0, 1]),
          );
        });
        if (member < 4) expect(encodeBundle(parts)).toEqual(content);
        await framed.announceContent({ member, content: encodeBundle(parts) });
      }
      const announced = announcedIn(framed);
      const { entry } = framed;
      const sums = await new RoundSums(framed.context({ member: 0 }), 1).ciphertexts(entry, updateSum);
      const contributions = await Promise.all(
        announced.map(async ({ member, share }) => ({
          member: framed.accounts.indexOf(member),
          shares: decodeBundle(await framed.store.get(share, { maxBytes: 2 ** 22 }), 2).slice(0, 1),
        })),
      );
      const joint = { group, sums, contributions };
      const { value: opening } = await he.jointOpenings(joint)[Symbol.asyncIterator]().next();
      expect(opening!.set).toEqual([0, 1, 4]);
      expect(await he.strayMembers(joint, opening!.set)).toEqual([2, 3]);

      expect(await wrongShares(of, { entry, sum: updateSum, announced })).toEqual([]);
      const by = (member: number) => announced.find((each) => each.member === framed.accounts[member])!;
      const base = { kind: 'share', version: 1, ...of.domain, task: 1n, round: 1, sum: updateSum } as const;
      for (const culprit of [2, 3]) {
        const { member, share } = by(culprit);
        const others = [0, 1, 4, 5, 5 - culprit].map(by);
        for (const named of [others, others.slice(0, 4)])
          expect((await rule({ ...base, culprit: member, share, others: named }, of)).ruling).toBe('clears');
      }
    } finally {
      await framed.stop();
    }
  });
});

describe('evidence of wrong ciphertexts', () => {
  const culprit = 1;

  /** Judges while a member's update has these digests. */
  async function withDigests<T>(digests: `0x${string}`[], act: () => Promise<T>): Promise<T> {
    const submitted = round.entry.submitted.update[culprit]!;
    const { digests: own } = submitted;
    submitted.digests = digests;
    try {
      return await act();
    } finally {
      submitted.digests = own;
    }
  }

  it('convicts whose proof fails, who copied another, and who sent something else', async () => {
    const { digests } = round.entry.submitted.update[culprit]!;
    const [ciphertext, proof] = decodeBundle(await round.store.get(digests[0]!, { maxBytes: 2 ** 22 }), 2);
    const spoilt = proof!.slice();
    spoilt[spoilt.length - 9]! ^= 1;
    const bad = await round.store.put(encodeBundle([ciphertext!, spoilt]));
    await withDigests([bad], () => checkBound(about('ciphertext', culprit)));
    const rest = [
      await round.store.put(Uint8Array.of(7)),
      await round.store.put(new Uint8Array(2 ** 19)),
      round.entry.submitted.update[0]!.digests[0]!,
      round.entry.submitted.probe[culprit]!.digests[0]!,
    ];
    for (const digest of rest)
      expect(await withDigests([digest], () => rule(about('ciphertext', culprit)))).toEqual({
        ruling: 'convicts',
      });
  });

  it('is what a suspicion of them comes to, of their sender', async () => {
    const sender = round.accounts[culprit]!;
    expect(await evidenceOf(court, { kind: 'ciphertext', entry: round.entry, sender })).toEqual([
      about('ciphertext', culprit),
    ]);
  });

  it('clears everybody whose proof holds, and who sent nothing', async () => {
    for (const member of [0, 1, 2, 3])
      expect((await rule(about('ciphertext', member))).ruling).toBe('clears');
    const stranger = { ...about('ciphertext', 0), culprit: court.domain.contract };
    expect((await rule(stranger)).ruling).toBe('clears');
  });

  it('stays open while the content is missing', async () => {
    const missing = digestOf(Uint8Array.of(99));
    expect((await withDigests([missing], () => rule(about('ciphertext', culprit)))).ruling).toBe('open');
  });
});

describe("evidence of a proven sum's wrong files", () => {
  it('convicts its prover where they are there and another sum, and nobody else', async () => {
    const { prover } = court;
    const [chunk] = (await new RoundSums(round.context({ member: 0 }), 1).fromShares(
      round.entry,
      updateSum,
    ))!;
    const { h } = await prover.commit('aggregate', chunk!);
    const other = {
      ...chunk!,
      coordinates: chunk!.coordinates.map((value, j) => (j === 3 ? value + 1 : value)),
    };
    const named = async (content: Uint8Array) => {
      const digests = [await round.store.put(content)];
      round.entry.sums.set(updateSum, { prover: round.accounts[0]!, digests, h: [h] });
    };
    const evidence = { ...about('sum', 0), sum: updateSum };
    const suspected = () => evidenceOf(court, { kind: 'files', entry: round.entry, sum: updateSum });
    expect(await suspected()).toEqual([]);
    try {
      await named(encodeSum(chunk!));
      expect(await suspected()).toEqual([evidence]);
      expect((await rule(evidence)).ruling).toBe('clears');
      for (const content of [Uint8Array.of(1), new Uint8Array(2 ** 19), encodeSum(other)]) {
        await named(content);
        expect(await rule(evidence)).toEqual({ ruling: 'convicts' });
      }
      await checkBound(evidence);
      expect((await rule(evidence, nowhere())).ruling).toBe('open');
    } finally {
      round.entry.sums.clear();
    }
    expect((await rule(evidence)).ruling).toBe('clears');
  });
});
