// Reads a round's sums without trusting anyone. A sum counts only if it has the sponges that were proven, opens
// the contract's total of commitments (current round) or gives the recorded model (closed round).
import { type ChunkVector, reasonOf } from '@murmuration/core';
import type { JointContribution, KeyGroup } from '@murmuration/he';
import type { G1Point } from '@murmuration/prover';
import { addendsOf, type RoundEntry, sumsDue } from '../../chain/index.ts';
import {
  addCiphertexts,
  CiphertextError,
  completeSets,
  isSomethingElse,
  openSums,
  type PublishedShares,
  type SumsChecker,
  spongesChecker,
  totalsChecker,
} from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { decodeSum, encodeSum, subjectOf, sumBytes, sumName, updateSum } from '../../protocol/index.ts';
import { runningKeyGroup } from '../key/keying.ts';
import { bindingOf, oneLook, type RoleContext, step } from '../runtime/context.ts';
import { type AnnouncedShares, ShareReader } from './shares.ts';

/** A reader's findings about a round; it keeps those of one round at a time. */
interface Findings {
  /** The round and its submissions: after a reorganisation, a round of the same number may have others. */
  readonly name: string;
  readonly ciphertexts: Map<number, Promise<Uint8Array[]>>;
  readonly opened: Map<number, ChunkVector[]>;
  /** Sets of shares that did not open a sum: they never will. */
  readonly failed: Set<string>;
  /** Sums of which more than t joint shares fit together and open nothing. */
  readonly atFault: Set<number>;
  /** Sums that opened while a member's joint shares did not fit. */
  readonly strayed: Set<number>;
}

/**
 * Gives a checker for a round's sums. The checker throws a NodeError `sum` if they are not the round's. `SumCheck`
 * itself rejects, or the checker throws anything else, if that cannot be decided yet.
 */
export type SumCheck = (entry: RoundEntry, sum: number) => Promise<SumsChecker>;

/** What is needed to read sums. */
export type SumContext = Omit<RoleContext, 'storage' | 'prover'>;

/** Reads sums; `check` decides whether they are the round's. */
export class SumReader {
  readonly shares: ShareReader;
  /** How often a member's joint shares did not fit those that opened a sum: such are tried late. */
  readonly stray = new Map<number, number>();
  readonly #context: SumContext;
  readonly #chunks: number;
  readonly #check: SumCheck;
  #group: Promise<KeyGroup> | undefined;
  #findings: Findings = findings('');

  constructor(context: SumContext, chunks: number, check: SumCheck) {
    this.#context = context;
    this.#chunks = chunks;
    this.#check = check;
    this.shares = new ShareReader(context, chunks, () => this.isJoint());
  }

  /** A sum of which nothing is decrypted, chunk by chunk. */
  get nothing(): undefined[] {
    return Array.from({ length: this.#chunks }, () => undefined);
  }

  /** The key group whose key the task runs under. */
  group(): Promise<KeyGroup> {
    this.#group ??= runningKeyGroup(this.#context);
    const group = this.#group;
    group.catch(() => {
      this.#group = undefined;
    });
    return group;
  }

  /** Whether the members decrypt jointly: no set is asked for then, and any t right shares open the sums. */
  async isJoint(): Promise<boolean> {
    return this.#context.he.jointKeys(await this.group()) > 0;
  }

  /**
   * The sum's ciphertexts, chunk by chunk, added here from those that were accepted, each with its proof
   * checked.
   */
  ciphertexts(entry: RoundEntry, sum: number, signal?: AbortSignal): Promise<Uint8Array[]> {
    const { ciphertexts } = this.#of(entry);
    let added = ciphertexts.get(sum);
    if (!added) {
      added = this.#add(entry, sum, signal);
      // A missing ciphertext may still come; a wrong one stays wrong, and is not looked at again and again.
      added.catch((error) => {
        if (!(error instanceof CiphertextError)) return ciphertexts.delete(sum);
        return this.#context.suspect?.({ kind: 'ciphertext', entry, sender: error.sender });
      });
      ciphertexts.set(sum, added);
    }
    return added;
  }

  /**
   * A sum that has been proven. The proof covers the sum, not the file that the prover names: if that file is
   * missing or holds something else, the sum is opened once more from the shares.
   * @throws StoreError or NodeError `sum` where neither gives it.
   */
  async proven(entry: RoundEntry, sum: number, signal?: AbortSignal): Promise<ChunkVector[]> {
    const { opened } = this.#of(entry);
    const known = opened.get(sum);
    if (known) return known;
    try {
      const check = await this.#check(entry, sum);
      const chunks = await this.#files(entry, sum);
      await check(chunks);
      opened.set(sum, chunks);
      return chunks;
    } catch (error) {
      if (isSomethingElse(error)) this.#context.suspect?.({ kind: 'files', entry, sum });
      const chunks = await this.fromShares(entry, sum, signal);
      if (!chunks) throw error;
      step(this.#context, `opens the sum of ${sumName(sum)} itself: ${reasonOf(error)}`);
      return chunks;
    }
  }

  /** A sum opened with the first set of shares that is complete and right; undefined while there is none. */
  async fromShares(entry: RoundEntry, sum: number, signal?: AbortSignal): Promise<ChunkVector[] | undefined> {
    const { opened } = this.#of(entry);
    const known = opened.get(sum);
    if (known) return known;
    const { threshold } = await this.group();
    const announced = await this.shares.of(entry, signal);
    if (await this.isJoint()) return this.#openJointly(entry, sum, { announced, signal });
    for (const set of completeSets(announced, threshold)) {
      const chunks = await this.#open(entry, sum, set, signal);
      if (chunks) return chunks;
    }
    return undefined;
  }

  /**
   * Whether the shares that were read so far say that the sum's ciphertexts are at fault: more than t joint
   * shares lie on one polynomial, and no set of t opens the sum. One wrong share alone cannot look like that,
   * and an author of a wrong ciphertext cannot hide it by its own share.
   */
  isAtFault(entry: RoundEntry, sum: number): boolean {
    const { atFault, opened } = this.#of(entry);
    return atFault.has(sum) && !opened.has(sum);
  }

  /** Whether a sum of the round opened while a member's joint shares did not fit. */
  hasStray(entry: RoundEntry): boolean {
    return this.#of(entry).strayed.size > 0;
  }

  /** The sum that some set of t of the joint shares opens; a member's first readable content counts. */
  async #openJointly(
    entry: RoundEntry,
    sum: number,
    {
      announced,
      signal,
    }: { readonly announced: readonly AnnouncedShares[]; readonly signal?: AbortSignal | undefined },
  ): Promise<ChunkVector[] | undefined> {
    const { he, store } = this.#context;
    const { failed, opened, atFault, strayed } = this.#of(entry);
    const group = await this.group();
    const first = announced.filter(
      ({ member }, at) => announced.findIndex((of) => of.member === member) === at,
    );
    const name = `${sum}/${first.map(({ digest }) => digest).join()}`;
    if (first.length < group.threshold || failed.has(name)) return undefined;
    const sums = await this.ciphertexts(entry, sum, signal);
    const check = await this.#check(entry, sum);
    const contributions = await this.#contributions(entry, sum, first);
    const joint = { group, sums, contributions, signal };
    for await (const { set, vectors } of he.jointOpenings(joint)) {
      try {
        await check(vectors);
      } catch (error) {
        // What is undecided must not be taken for a sum that its senders' ciphertexts keep closed.
        if (!isSomethingElse(error)) throw error;
        continue;
      }
      for (const member of await he.strayMembers(joint, set)) {
        this.stray.set(member, (this.stray.get(member) ?? 0) + 1);
        strayed.add(sum);
        this.#context.suspect?.({ kind: 'shares', entry, sum });
        step(
          this.#context,
          `opens the sum of ${sumName(sum)} without the shares of member ${member}, which stray`,
        );
      }
      for (const vector of vectors) await store.put(encodeSum(vector), 'sum');
      opened.set(sum, vectors);
      return vectors;
    }
    if (contributions.length === first.length) failed.add(name);
    if (await he.jointSharesAgree(joint)) atFault.add(sum);
    const members = contributions.map(({ member }) => member).sort((a, b) => a - b);
    step(
      this.#context,
      `no ${group.threshold} of the shares of members ${members.join(', ')} open the sum of ${sumName(sum)}`,
    );
    return undefined;
  }

  /**
   * The members' shares of one sum, those of members that strayed before last. A content that was there and is
   * not any more, or has no share of this sum, is left out: its member must not keep the others' from opening it.
   */
  async #contributions(
    entry: RoundEntry,
    sum: number,
    announced: readonly AnnouncedShares[],
  ): Promise<JointContribution[]> {
    const look = oneLook();
    const found = await Promise.all(
      announced.map(async ({ member, digest }) => {
        const content = await this.shares.load(entry, digest, look).catch(() => undefined);
        const shares = content && this.#sharesOf(entry, sum, content);
        return shares?.every((share) => share !== undefined) ? [{ member, shares }] : [];
      }),
    );
    const strayed = ({ member }: JointContribution) => this.stray.get(member) ?? 0;
    return found.flat().sort((a, b) => strayed(a) - strayed(b));
  }

  /** Of a content the shares of one sum. */
  #sharesOf(entry: RoundEntry, sum: number, { shares }: PublishedShares): PublishedShares['shares'] {
    const from = sumsDue(entry).indexOf(sum) * this.#chunks;
    return shares.slice(from, from + this.#chunks);
  }

  /** Whether a complete set of shares opens the updates' sum, and all others that its members gave shares of. */
  async opens(entry: RoundEntry, set: readonly AnnouncedShares[], signal?: AbortSignal): Promise<boolean> {
    const contents = await Promise.all(set.map(({ digest }) => this.shares.load(entry, digest, signal)));
    for (const sum of sumsDue(entry)) {
      const given = contents.every((content) =>
        this.#sharesOf(entry, sum, content).every((share) => share !== undefined),
      );
      if (given ? !(await this.#open(entry, sum, set, signal)) : sum === updateSum) return false;
    }
    return true;
  }

  /**
   * The sum that a set opens, which is put into the store; undefined when it is not the round's sum, which is
   * found out once.
   */
  async #open(
    entry: RoundEntry,
    sum: number,
    set: readonly AnnouncedShares[],
    signal?: AbortSignal,
  ): Promise<ChunkVector[] | undefined> {
    const { failed, opened } = this.#of(entry);
    const name = `${sum}/${set.map(({ digest }) => digest).join()}`;
    if (failed.has(name)) return undefined;
    const { he, store } = this.#context;
    const group = await this.group();
    const ciphertexts = await this.ciphertexts(entry, sum, signal);
    const check = await this.#check(entry, sum);
    let sums: ChunkVector[];
    try {
      const parts = await Promise.all(set.map(({ digest }) => this.shares.load(entry, digest)));
      const ofSum = parts.map((part) => ({ ...part, shares: this.#sharesOf(entry, sum, part) }));
      sums = openSums({ he, group }, { sums: ciphertexts, complete: ofSum });
      await check(sums);
    } catch (error) {
      // Shares that do not open the sum never will; all else may go better later.
      if (isSomethingElse(error)) failed.add(name);
      const members = set.map(({ member }) => member).join(', ');
      step(this.#context, `passes over the shares of members ${members}: ${reasonOf(error)}`);
      return undefined;
    }
    for (const chunk of sums) await store.put(encodeSum(chunk), 'sum');
    opened.set(sum, sums);
    return sums;
  }

  /** The files that the prover of a sum has named. */
  async #files(entry: RoundEntry, sum: number): Promise<ChunkVector[]> {
    const { he, store } = this.#context;
    const proven = entry.sums.get(sum);
    if (!proven)
      throw new NodeError('sum', `round ${entry.number}: its sum of ${sumName(sum)} is not proven yet`);
    const size = he.params.coordinatesPerChunk;
    const sums: ChunkVector[] = [];
    for (const digest of proven.digests)
      sums.push(decodeSum(await store.get(digest, { maxBytes: sumBytes(size) }), size));
    return sums;
  }

  async #add(entry: RoundEntry, sum: number, signal?: AbortSignal): Promise<Uint8Array[]> {
    const { he, store } = this.#context;
    const opening = { he, store, signal, group: await this.group() };
    const binding = bindingOf(this.#context, subjectOf(sum), entry.number);
    const accepted = addendsOf(entry, sum);
    return addCiphertexts(opening, { binding, accepted, chunks: this.#chunks });
  }

  #of(entry: RoundEntry): Findings {
    const addends = sumsDue(entry).flatMap((sum) => addendsOf(entry, sum));
    const named = addends.map(({ sender, sum, weight, digests }) => [sender, sum, weight, digests]);
    const name = JSON.stringify([entry.number, named]);
    if (this.#findings.name !== name) this.#findings = findings(name);
    return this.#findings;
  }
}

/**
 * Reads the sums of rounds: a proven one is known by its sponges, also when its round is over; one of the
 * current round that is not proven yet opens the total of its commitments.
 */
export class RoundSums extends SumReader {
  readonly #context: RoleContext;
  readonly #chunks: number;

  constructor(context: RoleContext, chunks: number) {
    super(context, chunks, async (entry, sum) => {
      const { prover } = context;
      const proven = entry.sums.get(sum);
      return proven ? spongesChecker(prover, proven.h) : totalsChecker(prover, await this.totals(sum));
    });
    this.#context = context;
    this.#chunks = chunks;
  }

  /** The totals, chunk by chunk, as the contract has added them. */
  totals(sum: number): Promise<G1Point[]> {
    const { chain } = this.#context;
    return Promise.all(Array.from({ length: this.#chunks }, (_, chunk) => chain.sumOf(sum, chunk)));
  }
}

const findings = (name: string): Findings => ({
  name,
  ciphertexts: new Map(),
  opened: new Map(),
  failed: new Set(),
  atFault: new Set(),
  strayed: new Set(),
});
