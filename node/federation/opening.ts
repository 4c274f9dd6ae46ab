// Opening a round's sums: which t trainers decrypt, what they publish, and how anyone combines it.
import type { Hex } from 'viem';
import type { DecryptionLog, Federation, He, MemberKey } from '../../he/index.ts';
import type { ContentStore } from '../store/index.ts';
import { decodeBundle, encodeBundle } from './bundle.ts';
import type { ChunkSum } from './sum_file.ts';

/** An accepted update or probe: its weight in the sum and the digests of its ciphertexts, one a chunk. */
export interface Accepted {
  readonly weight: number;
  readonly digests: readonly Hex[];
}

/**
 * The trainers that decrypt: the first `threshold` of the candidates that have not kept silent when they were asked.
 * When too few are left, silence is forgiven, since it may have been the network's.
 * @param candidates indices in the federation of trainers in good standing, ascending.
 * @returns undefined when there are fewer than `threshold` candidates at all.
 */
export function decryptionSet(
  candidates: readonly number[],
  threshold: number,
  silent: ReadonlySet<number>,
): number[] | undefined {
  if (candidates.length < threshold) return undefined;
  const talking = candidates.filter((index) => !silent.has(index));
  return (talking.length >= threshold ? talking : [...candidates]).slice(0, threshold);
}

/**
 * Whoever sees a ciphertext can make others of it. So none is shown before all digests of a round are on chain, and nobody
 * decrypts a round in which one is named twice: a copy with a large weight would stand out of the sum.
 * @throws RangeError naming the digest.
 */
export function checkDistinct(accepted: readonly Accepted[]): void {
  const seen = new Set<Hex>();
  for (const digest of accepted.flatMap(({ digests }) => digests)) {
    if (seen.has(digest))
      throw new RangeError(`ciphertext ${digest}: two members sent it; its round must not be decrypted`);
    seen.add(digest);
  }
}

/**
 * The weighted sum of one chunk's ciphertexts, added here from the content store; memory does not grow with their number.
 * @throws HeError for one that is malformed, RangeError for one that claims to be a sum itself.
 */
export async function addCiphertexts(
  he: He,
  federation: Federation,
  store: ContentStore,
  accepted: readonly Accepted[],
  chunk: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const sum = he.createAccumulator(federation.id);
  for (const { weight, digests } of accepted) {
    sum.add(
      await store.get(digests[chunk]!, { maxBytes: he.ciphertextBytes, ...(signal && { signal }) }),
      weight,
    );
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
  return encodeBundle(sums.map((sum) => he.decryptionShare(key, sum, set, log)));
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

/** The sets of which every member has published, each with its members' contents. */
export function completeSets(published: readonly PublishedShares[]): PublishedShares[][] {
  const bySet = new Map<string, Map<number, PublishedShares>>();
  for (const content of published) {
    const name = content.set.join();
    const members = bySet.get(name) ?? new Map<number, PublishedShares>();
    bySet.set(name, members.set(content.member, content));
  }
  return [...bySet.values()]
    .filter((members) => members.size === members.values().next().value!.set.length)
    .map((members) => [...members.values()]);
}

/** Opens the sums with a complete set. @throws HeError naming what is wrong. */
export function openSums(
  he: He,
  federation: Federation,
  sums: readonly Uint8Array[],
  complete: readonly PublishedShares[],
): ChunkSum[] {
  const { set } = complete[0]!;
  return sums.map((sum, at) => {
    const shares = complete.map(({ shares }) => shares[at]!);
    const { coefficients, R } = he.combineDecryptionShares(federation, sum, set, shares);
    return { lanes: coefficients, blinding: R };
  });
}
