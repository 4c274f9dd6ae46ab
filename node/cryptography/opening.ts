// Opening a round's sums: which t trainers decrypt, what they publish, and how anyone combines it.

import type { DecryptionLog, He, KeyGroup, MemberKey } from '@murmuration/he';
import type { Address, Hex } from 'viem';
import { decodeBundle, encodeBundle } from '../protocol/bundle.ts';
import type { ChunkSum } from '../protocol/sum_file.ts';
import { type ContentStore, mayStillCome } from '../store/index.ts';
import { type Place, placeOf } from './submission.ts';

/** An accepted update or probe: its weight in the sum and the digests of its ciphertexts, one a chunk. */
export interface Accepted {
  readonly sender: Address;
  readonly weight: number;
  readonly digests: readonly Hex[];
}

/**
 * The trainers that decrypt: the `threshold` candidates with the fewest faults, and of equals the first. Nobody is left out for
 * good, since silence may have been the network's, and of a set that failed some have done no wrong.
 * @param candidates indices in the key group of trainers in good standing.
 * @param faults how often each one kept silent when it was asked, or was in a set whose shares did not open the sums.
 * @returns ascending; undefined when there are fewer than `threshold` candidates at all.
 */
export function decryptionSet(
  candidates: readonly number[],
  threshold: number,
  faults: ReadonlyMap<number, number>,
): number[] | undefined {
  if (candidates.length < threshold) return undefined;
  const of = (index: number) => faults.get(index) ?? 0;
  return candidates
    .toSorted((a, b) => of(a) - of(b) || a - b)
    .slice(0, threshold)
    .sort((a, b) => a - b);
}

/**
 * A ciphertext from the content store, with its proof checked: a fresh encryption under this key by somebody who knows what is
 * in it and made it for this place. Without that, one trainer could send what cancels all others but one.
 * @throws HeError `proof` for one that is not.
 */
export async function loadCiphertext(
  he: He,
  group: KeyGroup,
  store: ContentStore,
  digest: Hex,
  place: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const content = await store.get(digest, { maxBytes: maxCiphertextContent(he), ...(signal && { signal }) });
  const [ciphertext, proof] = decodeBundle(content, 2) as [Uint8Array, Uint8Array];
  he.checkEncryption({ group, ciphertext, proof, binding: place });
  return ciphertext;
}

/** Bytes of a ciphertext with its proof, at most: a proof is smaller than its ciphertext. */
const maxCiphertextContent = (he: He): number => 2 * he.ciphertextBytes + 64;

/** An accepted ciphertext that is none, or whose proof fails: no sum of the round can be opened, and this is whose fault it is. */
export class CiphertextError extends Error {
  override name = 'CiphertextError';
  readonly sender: Address;

  constructor(sender: Address, chunk: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`chunk ${chunk} of ${sender}: ${reason}`, { cause });
    this.sender = sender;
  }
}

/**
 * The weighted sum of one chunk's ciphertexts, added here from the content store; memory does not grow with their number.
 * @throws CiphertextError for one that can never be added; what the store or the signal throws, as it is.
 */
export async function addCiphertexts(
  he: He,
  group: KeyGroup,
  store: ContentStore,
  binding: Omit<Place, 'sender'>,
  accepted: readonly Accepted[],
  chunk: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const sum = he.createAccumulator(group);
  for (const { sender, weight, digests } of accepted) {
    const place = placeOf({ ...binding, sender }, chunk);
    try {
      sum.add(await loadCiphertext(he, group, store, digests[chunk]!, place, signal), weight);
    } catch (error) {
      const passing = signal?.aborted || mayStillCome(error);
      throw passing ? error : new CiphertextError(sender, chunk, error);
    }
  }
  return sum.sum();
}

/** A member's decryption shares of all sums of a round, for one set, as one content. */
export function shareOf(
  he: He,
  key: MemberKey,
  sums: readonly Uint8Array[],
  set: readonly number[],
  log: DecryptionLog,
): Uint8Array {
  return encodeBundle(sums.map((sum) => he.decryptionShare({ key, sum, set, log })));
}

/** A published content of decryption shares, read. */
export interface PublishedShares {
  readonly member: number;
  readonly set: readonly number[];
  readonly shares: readonly Uint8Array[];
}

/** @throws when the content is not `count` shares of one member for one set. */
export function readShares(he: He, bytes: Uint8Array, count: number): PublishedShares {
  const shares = decodeBundle(bytes, count);
  const [first, ...rest] = shares.map((share) => he.decodeDecryptionShare(share));
  const same = ({ index, set }: { index: number; set: readonly number[] }) =>
    index === first!.index &&
    set.length === first!.set.length &&
    set.every((member, at) => member === first!.set[at]);
  if (!first || !rest.every(same))
    throw new RangeError('decryption shares: of several members or sets in one content');
  return { member: first.index, set: first.set, shares };
}

/** The sets of `threshold` members of which every one has published, each with its members' contents; the latest of each counts. */
export function completeSets<Content extends Pick<PublishedShares, 'member' | 'set'>>(
  published: readonly Content[],
  threshold: number,
): Content[][] {
  const bySet = new Map<string, Map<number, Content>>();
  for (const content of published) {
    // A set of fewer opens nothing, and whoever names it alone would have it tried again and again.
    if (content.set.length !== threshold) continue;
    const name = content.set.join();
    const members = bySet.get(name) ?? new Map<number, Content>();
    bySet.set(name, members.set(content.member, content));
  }
  return [...bySet.values()]
    .filter((members) => members.size === threshold)
    .map((members) => [...members.values()]);
}

/** Opens the sums with a complete set. @throws HeError naming what is wrong. */
export function openSums(
  he: He,
  group: KeyGroup,
  sums: readonly Uint8Array[],
  complete: readonly PublishedShares[],
): ChunkSum[] {
  const { set } = complete[0]!;
  return sums.map((sum, at) => {
    const shares = complete.map(({ shares }) => shares[at]!);
    const { coordinates, blinding } = he.combineDecryptionShares({ group, sum, set, shares });
    return { lanes: coordinates, blinding };
  });
}
