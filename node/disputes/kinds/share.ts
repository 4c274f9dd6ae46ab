// A wrong joint share. Right ones are points of one polynomial of degree t - 1. Where 2t - 1 shares of others lie on
// one, t of them are right, since fewer than t members collude (what privacy rests on, too): so it is the
// polynomial of the right shares, and a share of the same sum beside it is wrong. Fewer agreeing shares convict
// nobody: two liars could make the right share of a third member look wrong.
import type { JointContribution, KeyGroup } from '@murmuration/he';
import type { Address, Hex } from 'viem';
import { addendsOf, type RoundEntry, sumsDue } from '../../chain/index.ts';
import { addCiphertexts, isSomethingElse, readJointShares } from '../../cryptography/index.ts';
import { digestOf, subjectOf, topicOf } from '../../protocol/index.ts';
import { mayStillCome } from '../../store/index.ts';
import { type Court, clears, convicts, type Ruling } from '../court.ts';
import type { EvidenceOf } from '../evidence.ts';

/** Shares of others that must agree before one beside them is wrong. @param threshold t. */
export const agreeing = (threshold: number): number => 2 * threshold - 1;

/** Most openings of a sum that are looked at in search of agreeing shares: all but the first few are liars'. */
const mostOpenings = 64;

/** Shares as a member announced them. */
export interface AnnouncedShare {
  readonly member: Address;
  /** Digest of the content. */
  readonly share: Hex;
}

/** One sum of a round, and what decrypts it. */
interface SharedSum {
  readonly entry: RoundEntry;
  readonly sum: number;
  readonly group: KeyGroup;
  /** Its ciphertexts, one a chunk, added here. */
  readonly sums: readonly Uint8Array[];
}

/** Judges evidence of a wrong decryption share. */
export async function judgeShare(
  court: Court,
  entry: RoundEntry,
  { sum, culprit, share, others }: EvidenceOf<'share'>,
): Promise<Ruling> {
  const { he } = court;
  const { group, trainers } = await court.key();
  if (he.jointKeys(group) === 0)
    return clears('this key decrypts in sets, which tell no wrong share from right ones');
  const needed = agreeing(group.threshold);
  if (others.length < needed)
    return clears(`${others.length} other shares are named, but ${needed} must agree`);
  const all = [{ member: culprit, share }, ...others];
  const members = all.map(({ member }) => trainers.indexOf(member));
  if (members.includes(-1) || new Set(members).size < all.length)
    return clears('the shares are not those of different members of the key');
  const unknown = all.find((each) => !isAnnounced(court, entry, each));
  if (unknown) return clears(`${unknown.member} announced no content ${unknown.share} as its shares`);
  if (!sumsDue(entry).includes(sum)) return clears(`sum ${sum} of round ${entry.number} is not opened`);
  const of = await sharedSum(court, entry, sum);
  const contributions: JointContribution[] = [];
  for (const [at, each] of all.entries()) {
    const shares = await sharesIn(court, of, { ...each, index: members[at]! });
    if (!shares) return clears(`content ${each.share} has no share of this sum by ${each.member}`);
    contributions.push({ member: members[at]!, shares });
  }
  const [accused, ...rest] = members;
  const stray = await he.strayMembers(
    { group, sums: of.sums, contributions },
    rest.slice(0, group.threshold),
  );
  if (stray.some((member) => member !== accused)) return clears('the other shares do not agree');
  return stray.length > 0 ? convicts : clears('the share agrees with the others');
}

/** Of announced shares, those that are wrong, each with as many others as it takes to show it. */
export async function wrongShares(
  court: Court,
  {
    entry,
    sum,
    announced,
  }: Pick<SharedSum, 'entry' | 'sum'> & { readonly announced: readonly AnnouncedShare[] },
): Promise<readonly Pick<EvidenceOf<'share'>, 'culprit' | 'share' | 'others'>[]> {
  const { he } = court;
  const { group, trainers } = await court.key();
  const needed = agreeing(group.threshold);
  if (he.jointKeys(group) === 0 || announced.length <= needed) return [];
  const of = await sharedSum(court, entry, sum);
  const given: (AnnouncedShare & { readonly index: number; readonly shares: readonly Uint8Array[] })[] = [];
  for (const each of announced) {
    const index = trainers.indexOf(each.member);
    const shares = index < 0 ? undefined : await sharesIn(court, of, { ...each, index }).catch(passing);
    if (shares) given.push({ ...each, index, shares });
  }
  const joint = {
    group,
    sums: of.sums,
    contributions: given.map(({ index, shares }) => ({ member: index, shares })),
    signal: court.signal,
  };
  let looked = 0;
  for await (const { set } of he.jointOpenings(joint)) {
    const stray = await he.strayMembers(joint, set);
    const others = given
      .filter(({ index }) => !stray.includes(index))
      .slice(0, needed)
      .map(({ member, share }) => ({ member, share }));
    if (others.length === needed)
      return given
        .filter(({ index }) => stray.includes(index))
        .map(({ member, share }) => ({ culprit: member, share, others }));
    looked += 1;
    if (looked === mostOpenings) break;
  }
  return [];
}

const isAnnounced = (
  { journal }: Court,
  { number }: RoundEntry,
  { member, share }: AnnouncedShare,
): boolean => {
  const topic = topicOf('decryption', number);
  return journal.announcements.some(
    (post) => post.topic === topic && post.sender === member && post.digest === share,
  );
};

/** The sum's ciphertexts, added from those that the round accepted. */
async function sharedSum(court: Court, entry: RoundEntry, sum: number): Promise<SharedSum> {
  const { domain, task, he, store, signal, chunks } = court;
  const { group } = await court.key();
  const binding = { subject: subjectOf(sum), ...domain, task, round: entry.number };
  const accepted = addendsOf(entry, sum);
  return {
    entry,
    sum,
    group,
    sums: await addCiphertexts({ he, group, store, signal }, { binding, accepted, chunks }),
  };
}

/**
 * The member's shares of a sum in a content, chunk by chunk; undefined where it has none, or is none.
 * @throws StoreError where it may still come.
 */
async function sharesIn(
  { he, store, signal, chunks }: Court,
  { entry, sum, group, sums }: SharedSum,
  { share, index }: Pick<AnnouncedShare, 'share'> & { readonly index: number },
): Promise<readonly Uint8Array[] | undefined> {
  const due = sumsDue(entry);
  const count = due.length * chunks;
  try {
    const content = await store.get(share, {
      maxBytes: 64 + count * he.ciphertextBytes,
      ...(signal && { signal }),
    });
    const { shares } = readJointShares(he, content, count);
    const from = due.indexOf(sum) * chunks;
    const own = shares.slice(from, from + chunks).filter((each) => each !== undefined);
    const fits = own.map((each) => he.decodeJointShare(each));
    const isOwn = fits.every(
      (each, chunk) =>
        each.index === index &&
        Buffer.compare(each.groupId, group.id) === 0 &&
        Buffer.compare(each.ciphertext, Buffer.from(digestOf(sums[chunk]!).slice(2), 'hex')) === 0,
    );
    return isOwn && own.length === chunks ? own : undefined;
  } catch (error) {
    if (isSomethingElse(error)) return undefined;
    throw error;
  }
}

/** A share that cannot be had now speaks neither for nor against anybody. */
function passing(error: unknown): undefined {
  if (!mayStillCome(error)) throw error;
}
