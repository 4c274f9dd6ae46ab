// How trainers come to a key that nobody holds: announce, show, deal, test. Each step follows from the seed and from public
// content, so any of them can be repeated after a crash; only the party's secret has to be kept.

import {
  DecryptionLog,
  digest,
  type He,
  type KeyGroup,
  type MemberKey,
  type PartySecret,
} from '@murmuration/he';
import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
} from 'viem';
import { decodeBundle, encodeBundle } from '../protocol/bundle.ts';
import { type ContentStore, fetchAndPin } from '../store/index.ts';

/** Most bytes of a content of `parts` key shares, sealed shares or decryption shares: each is smaller than a ciphertext. */
const maxContent = (he: He, parts: number): number => 64 + parts * he.ciphertextBytes;

/** Who makes a key: what all of it is bound to, and the trainers in the order of their seats. */
export interface KeyingPlan {
  readonly epoch: Uint8Array;
  readonly threshold: number;
  readonly trainers: readonly Address[];
  /** Digests of the key shares as registered on chain before any was shown, in the same order. */
  readonly keyShares: readonly Hex[];
}

/** The 32 bytes that name one key generation: chain, marketplace, task and attempt. */
export function epochOf(chainId: number, marketplace: Address, task: bigint, epoch: number): Uint8Array {
  const layout = parseAbiParameters('uint256, address, uint256, uint256');
  return hexToBytes(
    keccak256(encodeAbiParameters(layout, [BigInt(chainId), marketplace, task, BigInt(epoch)])),
  );
}

/** A trainer's identity in the key group. */
export const identityOf = (account: Address): Uint8Array => hexToBytes(account);

/** Combines the shown key shares; rejects while one is not in the store yet. */
export async function loadKeyGroup(
  he: He,
  store: ContentStore,
  plan: KeyingPlan,
  signal?: AbortSignal,
): Promise<KeyGroup> {
  const keyShares: Uint8Array[] = [];
  for (const digest of plan.keyShares)
    keyShares.push(await store.get(digest, { maxBytes: maxContent(he, 1), ...(signal && { signal }) }));
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

/** Keeps the key shares, without which nobody who starts again could seal or open anything. */
export async function keepKeyShares(he: He, store: ContentStore, plan: KeyingPlan): Promise<void> {
  for (const digest of plan.keyShares) await fetchAndPin(store, digest, { maxBytes: maxContent(he, 1) });
}

/** What a dealing holds for the member `own`. */
export const sealedTo = (group: KeyGroup, own: number, dealing: Uint8Array): Uint8Array =>
  decodeBundle(dealing, group.members.length)[own]!;

/** What the self-test is drawn from: the digests of all dealings, in the order of the members. Whoever deals cannot know it. */
const dealtDigest = (dealings: readonly Hex[]): Uint8Array => digest(hexToBytes(concat(dealings)));

/**
 * A member's decryption shares of the self-test's sums, one for each set of `selfTestSets` that it is in. Every member makes those
 * sums itself, from public numbers: one that others sent could be made to open the key.
 * @param dealings the digests of all dealings, in the order of the members.
 */
export function selfTestShares(
  he: He,
  group: KeyGroup,
  dealings: readonly Hex[],
  key: MemberKey,
): Uint8Array {
  const log = new DecryptionLog();
  const dealt = dealtDigest(dealings);
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

/** Opens the self-test with every set. @throws HeError when one does not open to what all members know. */
export function checkSelfTest(
  he: He,
  group: KeyGroup,
  dealings: readonly Hex[],
  shares: readonly Uint8Array[],
): void {
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

/** Fetches a dealing, or a member's shares of the self-test: neither has more parts than there are members. */
export const fetchKeying = (
  he: He,
  store: ContentStore,
  { members }: KeyGroup,
  digest: Hex,
): Promise<Uint8Array> => store.get(digest, { maxBytes: maxContent(he, members.length) });
