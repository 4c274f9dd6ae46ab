// Opening a round's sums: which t trainers decrypt, what they publish, and how anyone combines it.
import { setImmediate } from 'node:timers/promises';
import { type ChunkVector, reasonOf } from '@murmuration/core';
import type { DecryptionLog, He, KeyGroup, MemberKey } from '@murmuration/he';
import type { Address, Hex } from 'viem';
import { NodeError } from '../errors.ts';
import { type Binding, decodeBundle, encodeBundle, encryptionBinding } from '../protocol/index.ts';
import type { ContentStore } from '../store/index.ts';
import { checkEncryptionOnce } from './held_proofs.ts';
import { isSomethingElse } from './reading.ts';

/** An accepted update or probe: its weight in the sum and the digests of its ciphertexts, one a chunk. */
export interface Accepted {
  readonly sender: Address;
  readonly weight: number;
  readonly digests: readonly Hex[];
}

/** Where ciphertexts are fetched, and under which key they were made. */
export interface OpeningContext {
  readonly he: He;
  readonly group: KeyGroup;
  readonly store: Pick<ContentStore, 'get'>;
  /** Ends the fetching. */
  readonly signal?: AbortSignal | undefined;
}

/** The ciphertexts of one submission in the content store. */
export interface StoredCiphertexts {
  /** One a chunk. */
  readonly digests: readonly Hex[];
  /** What their encryption proof must be bound to: an `encryptionBinding`. */
  readonly binding: Uint8Array;
}

/**
 * Fetches a submission's ciphertexts and checks their proof: fresh encryptions under this key, made for this
 * binding by somebody who knows what is in them. Without the check, one trainer could send a ciphertext that
 * cancels all others but one.
 * @throws HeError `proof` where the proof fails; what the store or the signal throws, as it is.
 */
export async function loadCiphertexts(
  { he, group, store, signal }: OpeningContext,
  { digests, binding }: StoredCiphertexts,
): Promise<Uint8Array[]> {
  const bundleBytes = he.ciphertextBytes + he.encryptionProofBytes(digests.length) + 12;
  const contents: Uint8Array[] = [];
  for (const [chunk, digest] of digests.entries()) {
    const maxBytes = chunk === 0 ? bundleBytes : he.ciphertextBytes;
    contents.push(await store.get(digest, { maxBytes, ...(signal && { signal }) }));
  }
  const [first, proof] = decodeBundle(contents[0]!, 2) as [Uint8Array, Uint8Array];
  const ciphertexts = [first, ...contents.slice(1)];
  checkEncryptionOnce(he, { group, ciphertexts, proof, binding });
  return ciphertexts;
}

/**
 * An accepted submission that is not ciphertexts, or whose encryption proof fails. The round's sums cannot be
 * opened; `sender` is at fault. Code `sum`.
 */
export class CiphertextError extends NodeError {
  readonly sender: Address;

  constructor(sender: Address, cause: unknown) {
    super('sum', `the ciphertexts of ${sender}: ${reasonOf(cause)}`, { cause });
    this.sender = sender;
  }
}

/** The addends of a sum. */
export interface Addends {
  /** Of the round; each addend's sender completes it. */
  readonly binding: Omit<Binding, 'sender'>;
  readonly accepted: readonly Accepted[];
  /** Chunks of every addend. */
  readonly chunks: number;
}

/**
 * The weighted sums of all chunks' ciphertexts, added here from the content store; memory does not grow with
 * the number of addends.
 * @throws CiphertextError for a submission that can never be added; whatever else fails, as it is.
 */
export async function addCiphertexts(
  context: OpeningContext,
  { binding, accepted, chunks }: Addends,
): Promise<Uint8Array[]> {
  const { he, group } = context;
  const sums = Array.from({ length: chunks }, () => he.createAccumulator(group));
  for (const { sender, weight, digests } of accepted) {
    try {
      const bound = encryptionBinding({ ...binding, sender });
      const ciphertexts = await loadCiphertexts(context, { digests, binding: bound });
      for (const [chunk, sum] of sums.entries()) sum.add(ciphertexts[chunk]!, weight);
    } catch (error) {
      // An outage, a fault of this machine or the end of a phase blames nobody: the content may still come.
      throw isSomethingElse(error) ? new CiphertextError(sender, error) : error;
    }
  }
  return sums.map((sum) => sum.sum());
}

/** A member that decrypts. */
export interface DecryptionContext {
  readonly he: He;
  readonly key: MemberKey;
  /** The sets for which the member has decrypted before. */
  readonly log: DecryptionLog;
}

/**
 * Ciphertexts of all sums that are due in a round, chunk by chunk and sum by sum as their numbers are; undefined
 * for one that the member does not decrypt. It gives no share for that, and an empty part stands in its place.
 */
export type SumCiphertexts = readonly (Uint8Array | undefined)[];

/** What is decrypted, with whom. */
export interface Decryption {
  readonly sums: SumCiphertexts;
  /** The t members that decrypt, ascending. */
  readonly set: readonly number[];
}

const noShare = new Uint8Array();

/** A member that decrypts jointly. */
export interface JointDecryptionContext {
  readonly he: Pick<He, 'jointShare'>;
  readonly key: MemberKey;
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A member's joint shares of all sums of a round, as one content. A share takes seconds in the largest groups that give
 * such, so all else has its turn between two of them; `signal` ends the work.
 */
export async function jointShareOf(
  { he, key, signal }: JointDecryptionContext,
  sums: SumCiphertexts,
): Promise<Uint8Array> {
  const shares: Uint8Array[] = [];
  for (const sum of sums) {
    await setImmediate();
    signal?.throwIfAborted();
    shares.push(sum ? he.jointShare({ key, sum }) : noShare);
  }
  return encodeBundle(shares);
}

/** A member's decryption shares of all sums of a round, for one set, as one content. */
export const shareOf = ({ he, key, log }: DecryptionContext, { sums, set }: Decryption): Uint8Array =>
  encodeBundle(sums.map((sum) => (sum ? he.decryptionShare({ key, sum, set, log }) : noShare)));

/** A published content of decryption shares, read. */
export interface PublishedShares {
  readonly member: number;
  /** Ascending; empty for joint shares, which are for everyone. */
  readonly set: readonly number[];
  /** Undefined where the member gave none. */
  readonly shares: readonly (Uint8Array | undefined)[];
}

/** @throws NodeError or HeError `wire` when the content is not `count` joint shares of one member. */
export function readJointShares(he: He, bytes: Uint8Array, count: number): PublishedShares {
  const shares = partsOf(bytes, count);
  const [first, ...rest] = given(shares).map((share) => he.decodeJointShare(share).index);
  if (first === undefined || !rest.every((index) => index === first))
    throw new NodeError('wire', 'decryption shares: of several members in one content');
  return { member: first, set: [], shares };
}

/** @throws NodeError or HeError `wire` when the content is not `count` shares of one member for one set. */
export function readShares(he: He, bytes: Uint8Array, count: number): PublishedShares {
  const shares = partsOf(bytes, count);
  const [first, ...rest] = given(shares).map((share) => he.decodeDecryptionShare(share));
  const same = ({ index, set }: { index: number; set: readonly number[] }) =>
    index === first!.index &&
    set.length === first!.set.length &&
    set.every((member, at) => member === first!.set[at]);
  if (!first || !rest.every(same))
    throw new NodeError('wire', 'decryption shares: of several members or sets in one content');
  return { member: first.index, set: first.set, shares };
}

const partsOf = (bytes: Uint8Array, count: number): (Uint8Array | undefined)[] =>
  decodeBundle(bytes, count).map((part) => (part.length > 0 ? part : undefined));

const given = (shares: readonly (Uint8Array | undefined)[]): Uint8Array[] =>
  shares.filter((share) => share !== undefined);

/**
 * The sets of which every member has published, each with its members' contents; the latest content of a
 * member counts.
 */
export function completeSets<Content extends Pick<PublishedShares, 'member' | 'set'>>(
  published: readonly Content[],
  threshold: number,
): Content[][] {
  const bySet = new Map<string, Map<number, Content>>();
  for (const content of published) {
    // A set of fewer members opens nothing, and one that names its author alone would be tried again and
    // again.
    if (content.set.length !== threshold) continue;
    const name = content.set.join();
    const members = bySet.get(name) ?? new Map<number, Content>();
    bySet.set(name, members.set(content.member, content));
  }
  return [...bySet.values()]
    .filter((members) => members.size === threshold)
    .map((members) => [...members.values()]);
}

/** Sums and the shares that open them. */
export interface Sharing {
  /** Ciphertexts of the sums, one a chunk. */
  readonly sums: readonly Uint8Array[];
  /** The contents of a complete set, of the shares of these sums. */
  readonly complete: readonly PublishedShares[];
}

/**
 * Opens sums with a complete set.
 * @throws HeError naming what is wrong; NodeError `sum` where a member gave no share for a sum.
 */
export function openSums(
  { he, group }: Pick<OpeningContext, 'he' | 'group'>,
  { sums, complete }: Sharing,
): ChunkVector[] {
  const { set } = complete[0]!;
  return sums.map((sum, at) => {
    const shares = given(complete.map((content) => content.shares[at]));
    if (shares.length < complete.length)
      throw new NodeError('sum', 'decryption shares: a member of the set gave none for this sum');
    return he.combineDecryptionShares({ group, sum, set, shares });
  });
}
