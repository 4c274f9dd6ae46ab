// The sums of a round: what was published is held against the added commitments, and opened again from the
// decryption shares.
import { type ChunkVector, reasonOf } from '@murmuration/core';
import type { JointContribution } from '@murmuration/he';
import type { G1Point } from '@murmuration/prover';
import { type Address, getAddress, type Hex } from 'viem';
import { addendsOf, type RoundEntry, sumsDue } from '../../chain/index.ts';
import {
  addCiphertexts,
  completeSets,
  isSomethingElse,
  openSums,
  type PublishedShares,
  readJointShares,
  readShares,
  spongesChecker,
  totalsChecker,
} from '../../cryptography/index.ts';
import { type Court, wrongShares } from '../../disputes/index.ts';
import { decodeSum, subjectOf, sumBytes, sumName, topicOf } from '../../protocol/index.ts';
import { boundTo, type FormedKey, type Setting } from './setting.ts';

/** A round's sums, and the commitments of each, added by the audit. */
export interface RoundTotals {
  readonly entry: RoundEntry;
  readonly totals: ReadonlyMap<number, readonly G1Point[]>;
  /** Senders whose ciphertexts cannot be used: sums with them are not opened again. */
  readonly unusable: ReadonlySet<Address>;
}

/** Of a round's sums those that are known, by their numbers. */
export type OpenedSums = ReadonlyMap<number, readonly ChunkVector[]>;

/** Checks every sum that a round was to open. */
export async function auditSums(
  setting: Setting,
  key: FormedKey | undefined,
  round: RoundTotals,
): Promise<OpenedSums> {
  const opened = new Map<number, readonly ChunkVector[]>();
  for (const sum of sumsDue(round.entry)) {
    const published = await readPublished(setting, round, sum);
    const fromShares = key && (await openAgain(setting, key, { ...round, sum }));
    const known = published ?? fromShares;
    if (known) opened.set(sum, known);
  }
  return opened;
}

/** The files of a proven sum. @returns undefined where there are none, or they are not the sum. */
async function readPublished(
  { checks, contents, he, prover }: Setting,
  { entry, totals }: RoundTotals,
  sum: number,
): Promise<ChunkVector[] | undefined> {
  const proven = entry.sums.get(sum);
  if (!proven) return undefined;
  const subject = `published sum of ${sumName(sum)}`;
  const about = { kind: 'sum', subject, round: entry.number, artifact: proven.digests[0] } as const;
  const size = he.params.coordinatesPerChunk;
  try {
    const files: ChunkVector[] = [];
    for (const digest of proven.digests)
      files.push(decodeSum(await contents.of('sum').get(digest, { maxBytes: sumBytes(size) }), size));
    await spongesChecker(prover, proven.h)(files);
    await totalsChecker(prover, totals.get(sum) ?? [])(files);
    checks.pass('sum');
    return files;
  } catch (error) {
    if (!isSomethingElse(error)) checks.leave(about, reasonOf(error));
    else {
      // The proof is of the sum, not of the files that its prover names: the sum stays what it is.
      checks.fail(about, reasonOf(error));
      const text = `proved the sum of ${sumName(sum)} and named files beside it that are something else`;
      const { prover: account, digests } = proven;
      checks.name({ account, round: entry.number, what: 'false-sum-file', text, shownBy: digests[0]! });
    }
    return undefined;
  }
}

interface SumOfRound extends RoundTotals {
  readonly sum: number;
}

/** Adds a sum's ciphertexts and opens them from the shares. @returns undefined where they do not open it. */
async function openAgain(
  setting: Setting,
  key: FormedKey,
  round: SumOfRound,
): Promise<readonly ChunkVector[] | undefined> {
  const { checks, prover } = setting;
  const { entry, sum, totals, unusable } = round;
  const about = {
    kind: 'sum',
    subject: `ciphertexts of ${sumName(sum)}, added`,
    round: entry.number,
  } as const;
  const addends = addendsOf(entry, sum);
  if (addends.some(({ sender }) => unusable.has(sender))) {
    checks.leave(about, 'a ciphertext of it cannot be had, or is none');
    return undefined;
  }
  const check = totalsChecker(prover, totals.get(sum) ?? []);
  const { opened, agree, shares } = await openFromShares(setting, key, { ...round, check });
  if (opened) {
    checks.pass('sum');
    await nameWrongShares(setting, key, round);
    return opened;
  }
  if (!agree) {
    const reason =
      shares < key.group.threshold
        ? `${shares} readable decryption shares were announced, and it takes ${key.group.threshold}`
        : `${shares} readable decryption shares open it to nothing that the commitments are of`;
    checks.leave(about, reason);
    return undefined;
  }
  const senders = addends.map(({ sender }) => sender).join(', ');
  checks.fail(
    about,
    'the decryption shares agree, and the ciphertexts are of another vector than the commitments: one of these sent it, and nothing published tells which: ' +
      senders,
  );
  return undefined;
}

async function openFromShares(
  setting: Setting,
  { group, trainers }: FormedKey,
  { entry, sum, check }: SumOfRound & { readonly check: (sums: readonly ChunkVector[]) => Promise<void> },
): Promise<{
  readonly opened: readonly ChunkVector[] | undefined;
  readonly agree: boolean;
  readonly shares: number;
}> {
  const { he, contents, description } = setting;
  const { chunks } = description.compression;
  const binding = boundTo(setting, subjectOf(sum), entry.number);
  const store = contents.of('ciphertext');
  const accepted = addendsOf(entry, sum);
  const sums = await addCiphertexts({ he, group, store }, { binding, accepted, chunks });
  const from = sumsDue(entry).indexOf(sum) * chunks;
  const published = await readAnnounced(setting, { entry, trainers, isJoint: he.jointKeys(group) > 0 });
  const ofSum = published.map((each) => ({ ...each, shares: each.shares.slice(from, from + chunks) }));
  const whole = ofSum.filter(({ shares }) => shares.every((share) => share !== undefined));
  if (he.jointKeys(group) === 0) {
    for (const complete of completeSets(whole, group.threshold)) {
      const opened = tryTo(() => openSums({ he, group }, { sums, complete }));
      if (opened && (await holds(check, opened))) return { opened, agree: true, shares: whole.length };
    }
    // Of a set that fails nobody can tell which share is wrong.
    return { opened: undefined, agree: false, shares: whole.length };
  }
  const contributions = firstOfEach(whole) as JointContribution[];
  const joint = { group, sums, contributions };
  if (contributions.length >= group.threshold)
    for await (const { vectors } of he.jointOpenings(joint))
      if (await holds(check, vectors)) return { opened: vectors, agree: true, shares: contributions.length };
  const agree = contributions.length > group.threshold && (await he.jointSharesAgree(joint));
  return { opened: undefined, agree, shares: contributions.length };
}

/** The first readable content of each member counts. */
const firstOfEach = (published: readonly PublishedShares[]): PublishedShares[] =>
  published.filter(({ member }, at) => published.findIndex((of) => of.member === member) === at);

async function readAnnounced(
  { contents, description, he, journal }: Setting,
  {
    entry,
    trainers,
    isJoint,
  }: { readonly entry: RoundEntry; readonly trainers: readonly Address[]; readonly isJoint: boolean },
): Promise<PublishedShares[]> {
  const count = sumsDue(entry).length * description.compression.chunks;
  const maxBytes = 64 + count * he.ciphertextBytes;
  const found: PublishedShares[] = [];
  for (const { sender, digest } of announcedShares(journal, entry)) {
    const member = trainers.indexOf(getAddress(sender));
    if (member < 0) continue;
    try {
      const bytes = await contents.of('decryption shares').get(digest, { maxBytes });
      const read = isJoint ? readJointShares(he, bytes, count) : readShares(he, bytes, count);
      if (read.member === member) found.push(read);
    } catch (error) {
      // A content that is no shares opens nothing; one that is missing is noted where it was asked for.
      if (!(error instanceof Error)) throw error;
    }
  }
  return found;
}

const announcedShares = (
  { announcements }: Setting['journal'],
  { number }: RoundEntry,
): { readonly sender: Address; readonly digest: Hex }[] => {
  const topic = topicOf('decryption', number);
  return announcements.filter((post) => post.topic === topic);
};

/** Where 2t - 1 others agree, a share that does not fit them is wrong. */
async function nameWrongShares(setting: Setting, key: FormedKey, { entry, sum }: SumOfRound): Promise<void> {
  const { journal, checks, contents } = setting;
  const announced = new Map<Address, Hex>();
  for (const { sender, digest } of announcedShares(journal, entry))
    if (!announced.has(sender)) announced.set(sender, digest);
  const shares = [...announced].map(([member, share]) => ({ member: getAddress(member), share }));
  const court = courtOf(setting, key, contents.of('decryption shares'));
  const wrong = await wrongShares(court, { entry, sum, announced: shares }).catch(() => []);
  for (const { culprit, share } of wrong) {
    const text = `gave a decryption share of the sum of ${sumName(sum)} that does not fit those of ${2 * key.group.threshold - 1} others`;
    checks.name({ account: culprit, round: entry.number, what: 'false-share', text, shownBy: share });
  }
}

/** What evidence is judged by, as validators judge it. */
export const courtOf = (
  { deployment, description, he, journal, prover, task }: Setting,
  key: FormedKey,
  store: Court['store'],
): Court => ({
  domain: { chainId: deployment.chainId, contract: getAddress(deployment.rounds) },
  task,
  journal,
  he,
  prover,
  store,
  chunks: description.compression.chunks,
  key: () => Promise.resolve(key),
});

const holds = (check: (sums: readonly ChunkVector[]) => Promise<void>, sums: readonly ChunkVector[]) =>
  check(sums).then(
    () => true,
    () => false,
  );

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
