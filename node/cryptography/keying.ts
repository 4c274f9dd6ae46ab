// How trainers come to a key that nobody holds: announce, show, deal, test. Each step follows from the seed
// and from public content, so it can be repeated after a crash; only the party's secret has to be kept.
import {
  DecryptionLog,
  digest,
  type He,
  type KeyGroup,
  type MemberKey,
  type PartySecret,
} from '@murmuration/he';
import { type Address, concat, type Hex, hexToBytes } from 'viem';
import { NodeError } from '../errors.ts';
import { decodeBundle, encodeBundle } from '../protocol/index.ts';
import { type ContentStore, fetchAndPin } from '../store/index.ts';

/** Where key shares and dealings are fetched. */
export interface KeyingContext {
  readonly he: He;
  readonly store: Pick<ContentStore, 'get'>;
  /** Ends the fetching. */
  readonly signal?: AbortSignal | undefined;
}

/** The key group that tests its key. */
export interface SelfTestContext {
  readonly he: He;
  readonly group: KeyGroup;
}

/** Who makes a key: what all of it is bound to, and the trainers in the order of their seats. */
export interface KeyingPlan {
  /** An `epochId`. */
  readonly epoch: Uint8Array;
  readonly threshold: number;
  readonly trainers: readonly Address[];
  /** Digests of the key shares as registered on chain before any was shown, in the same order. */
  readonly keyShares: readonly Hex[];
}

/** Most bytes of a key share, which has three rows where a ciphertext has four, and a proof. */
export const maxKeyShare = (he: He): number => he.ciphertextBytes + he.encryptionProofBytes(1);

/**
 * Most bytes of a content of `parts` decryption shares, or of sealed shares with at most `keys` keys each:
 * without the keys each is smaller than a ciphertext.
 */
const maxContent = (he: He, parts: number, keys = 0): number => 64 + parts * (he.ciphertextBytes + 32 * keys);

/** Most bytes of a dealing to `members` trainers, whatever joint keys it carries. */
export const maxDealing = (he: He, members: number): number => maxContent(he, members, mostJointKeys);

/** Keys of a joint flood, at most: `He.jointKeys`. */
const mostJointKeys = 12_870;

/** A trainer's identity in its key group: the bytes of its address. */
export const identityOf = (account: Address): Uint8Array => hexToBytes(account);

/**
 * Combines the key shares that were shown.
 * @throws StoreError while a share is not in the store yet; HeError for shares that make no key.
 */
export async function loadKeyGroup(
  { he, store, signal }: KeyingContext,
  plan: KeyingPlan,
): Promise<KeyGroup> {
  const keyShares: Uint8Array[] = [];
  for (const share of plan.keyShares)
    keyShares.push(await store.get(share, { maxBytes: maxKeyShare(he), ...(signal && { signal }) }));
  return he.formKeyGroup({
    epoch: plan.epoch,
    threshold: plan.threshold,
    members: plan.trainers.map((account, index) => ({
      identity: identityOf(account),
      digest: hexToBytes(plan.keyShares[index]!),
    })),
    keyShares,
  });
}

/** A trainer's dealing: a sealed share of its secret for each trainer. */
export const deal = (he: He, party: PartySecret, group: KeyGroup): Uint8Array =>
  encodeBundle(he.dealShares(party, group));

/** Keeps the key shares, without which a trainer that starts again could neither seal nor open anything. */
export async function keepKeyShares(
  { he, store }: Pick<KeyingContext, 'he'> & { readonly store: ContentStore },
  plan: KeyingPlan,
): Promise<void> {
  for (const share of plan.keyShares) await fetchAndPin(store, share, { maxBytes: maxKeyShare(he) });
}

/** The part of a dealing that is sealed to the member `own`. */
export const sealedTo = (group: KeyGroup, own: number, dealing: Uint8Array): Uint8Array =>
  decodeBundle(dealing, group.members.length)[own]!;

/**
 * What the self-test is drawn from: the digests of all dealings, in the order of the members. No dealer can
 * know it beforehand.
 */
const dealtDigest = (dealings: readonly Hex[]): Uint8Array => digest(hexToBytes(concat(dealings)));

/** A member's part in the self-test. */
export interface SelfTest {
  /** The digests of all dealings, in the order of the members. */
  readonly dealings: readonly Hex[];
  readonly key: MemberKey;
}

/**
 * A member's decryption shares of the self-test's sums: a joint one of the first sum, or one for each set of
 * `selfTestSets` that it is in. Every member makes those sums itself, from public numbers: a sum that others
 * sent could be made to open the key.
 */
export function selfTestShares({ he, group }: SelfTestContext, { dealings, key }: SelfTest): Uint8Array {
  const log = new DecryptionLog();
  const dealt = dealtDigest(dealings);
  if (he.jointKeys(group) > 0)
    return encodeBundle([he.jointShare({ key, sum: he.selfTestSum({ group, dealt, which: 0 }) })]);
  return encodeBundle(
    he
      .selfTestSets(group)
      .flatMap((set, which) =>
        set.includes(key.index)
          ? [he.decryptionShare({ key, sum: he.selfTestSum({ group, dealt, which }), set, log })]
          : [],
      ),
  );
}

/** What all members published of the self-test. */
export interface SelfTestResult {
  /** The digests of all dealings, in the order of the members. */
  readonly dealings: readonly Hex[];
  /** What each member published, in the order of the members: {@link selfTestShares}. */
  readonly shares: readonly Uint8Array[];
}

/**
 * Opens the self-test: with all joint shares, which must lie on one polynomial, or with every set.
 * @throws HeError or NodeError `key` where they do not open to what all members know.
 */
export async function checkSelfTest(context: SelfTestContext, result: SelfTestResult): Promise<void> {
  if (context.he.jointKeys(context.group) > 0) await checkJointly(context, result);
  else checkInSets(context, result);
}

/**
 * Shares of all members on one polynomial show that every t of them can decrypt, and that all who should hold
 * a key of the joint flood hold the same: the sum's randomness is drawn after everything was dealt.
 */
async function checkJointly(
  { he, group }: SelfTestContext,
  { dealings, shares }: SelfTestResult,
): Promise<void> {
  const sum = he.selfTestSum({ group, dealt: dealtDigest(dealings), which: 0 });
  const contributions = shares.map((bytes, member) => ({ member, shares: decodeBundle(bytes, 1) }));
  const joint = { group, sums: [sum], contributions };
  const { value: opening } = await he.jointOpenings(joint)[Symbol.asyncIterator]().next();
  const stray = opening ? await he.strayMembers(joint, opening.set) : group.members.map(({ index }) => index);
  if (!opening || stray.length > 0)
    throw new NodeError(
      'key',
      `self-test: the shares of members ${stray.join(', ')} do not fit those of the others`,
      { mend: 'Generate the key again, with a new epoch.' },
    );
  const members = group.members.map(({ index }) => index);
  he.checkSelfTest({ group, members, opened: opening.vectors[0]! });
}

function checkInSets({ he, group }: SelfTestContext, { dealings, shares }: SelfTestResult): void {
  const dealt = dealtDigest(dealings);
  const sets = he.selfTestSets(group);
  const bySet = sets.map((): Uint8Array[] => []);
  shares.forEach((bytes, member) => {
    const mine = sets.flatMap((set, at) => (set.includes(member) ? [at] : []));
    for (const [i, share] of decodeBundle(bytes, mine.length).entries()) bySet[mine[i]!]!.push(share);
  });
  const everyone = group.members.map(({ index }) => index);
  sets.forEach((set, which) => {
    const sum = he.selfTestSum({ group, dealt, which });
    const opened = he.combineDecryptionShares({ group, sum, set, shares: bySet[which]! });
    he.checkSelfTest({ group, members: everyone, opened });
  });
}

/**
 * Fetches a dealing, or a member's shares of the self-test: neither has more parts than there are members.
 */
export const fetchKeying = (
  { he, store, group }: KeyingContext & SelfTestContext,
  digest: Hex,
): Promise<Uint8Array> =>
  store.get(digest, { maxBytes: maxContent(he, group.members.length, he.jointKeys(group)) });
