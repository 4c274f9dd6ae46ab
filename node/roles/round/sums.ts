// Reads a round's sums without trusting anyone. A sum counts only if it opens the contract's total of
// commitments (current round) or gives the recorded model (closed round).
import { type ChunkVector, reasonOf } from '@murmuration/core';
import type { JointContribution, KeyGroup } from '@murmuration/he';
import type { G1Point } from '@murmuration/prover';
import { type RoundEntry, type Subject, subjects } from '../../chain/index.ts';
import {
  addCiphertexts,
  CiphertextError,
  checkOpens,
  completeSets,
  openSums,
} from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { decodeSum, encodeSum, sumBytes } from '../../protocol/index.ts';
import { StoreError } from '../../store/index.ts';
import { runningKeyGroup } from '../key/keying.ts';
import { bindingOf, oneLook, type RoleContext, step } from '../runtime/context.ts';
import { type AnnouncedShares, ShareReader } from './shares.ts';

/** A reader's findings about a round; it keeps those of one round at a time. */
interface Findings {
  /** The round and its submissions: after a reorganisation, a round of the same number may have others. */
  readonly name: string;
  readonly ciphertexts: Map<Subject, Promise<Uint8Array[]>>;
  readonly opened: Map<Subject, ChunkVector[]>;
  /** Sets of shares that did not open a sum: they never will. */
  readonly failed: Set<string>;
  /** Sums of which more than t joint shares fit together and open nothing. */
  readonly atFault: Set<Subject>;
}

/**
 * Gives a checker for a round's sums. The checker throws, with the reason, if they are not the round's.
 * `SumCheck` itself rejects, or the checker throws a StoreError, if that cannot be decided yet.
 */
export type SumCheck = (
  entry: RoundEntry,
  subject: Subject,
) => Promise<(sums: readonly ChunkVector[]) => Promise<void>>;

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
  ciphertexts(entry: RoundEntry, subject: Subject, signal?: AbortSignal): Promise<Uint8Array[]> {
    const { ciphertexts } = this.#of(entry);
    let sum = ciphertexts.get(subject);
    if (!sum) {
      sum = this.#add(entry, subject, signal);
      // A missing ciphertext may still come; a wrong one stays wrong, and is not looked at again and again.
      sum.catch((error) => error instanceof CiphertextError || ciphertexts.delete(subject));
      ciphertexts.set(subject, sum);
    }
    return sum;
  }

  /**
   * A sum that has been proven. The proof covers the sum, not the file that the prover names: if that file is
   * missing or holds something else, the sum is opened once more from the shares.
   * @throws StoreError or NodeError `sum` where neither gives it.
   */
  async proven(entry: RoundEntry, subject: Subject, signal?: AbortSignal): Promise<ChunkVector[]> {
    const { opened } = this.#of(entry);
    const known = opened.get(subject);
    if (known) return known;
    try {
      const check = await this.#check(entry, subject);
      const sums = await this.#files(entry, subject);
      await check(sums);
      opened.set(subject, sums);
      return sums;
    } catch (error) {
      const sums = await this.fromShares(entry, subject, signal);
      if (!sums) throw error;
      step(this.#context, `opens the sum of the ${subject}s itself: ${reasonOf(error)}`);
      return sums;
    }
  }

  /** A sum opened with the first set of shares that is complete and right; undefined while there is none. */
  async fromShares(
    entry: RoundEntry,
    subject: Subject,
    signal?: AbortSignal,
  ): Promise<ChunkVector[] | undefined> {
    const { opened } = this.#of(entry);
    const known = opened.get(subject);
    if (known) return known;
    const { threshold } = await this.group();
    const announced = await this.shares.of(entry, signal);
    if (await this.isJoint()) return this.#openJointly(entry, subject, { announced, signal });
    for (const set of completeSets(announced, threshold)) {
      const sums = await this.#open(entry, subject, set, signal);
      if (sums) return sums;
    }
    return undefined;
  }

  /**
   * Whether the shares that were read so far say that the sum's ciphertexts are at fault: more than t joint
   * shares lie on one polynomial, and no set of t opens the sum. One wrong share alone cannot look like that,
   * and an author of a wrong ciphertext cannot hide it by its own share.
   */
  isAtFault(entry: RoundEntry, subject: Subject): boolean {
    const { atFault, opened } = this.#of(entry);
    return atFault.has(subject) && !opened.has(subject);
  }

  /** The sum that some set of t of the joint shares opens; a member's first readable content counts. */
  async #openJointly(
    entry: RoundEntry,
    subject: Subject,
    {
      announced,
      signal,
    }: { readonly announced: readonly AnnouncedShares[]; readonly signal?: AbortSignal | undefined },
  ): Promise<ChunkVector[] | undefined> {
    const { he, store } = this.#context;
    const { failed, opened, atFault } = this.#of(entry);
    const group = await this.group();
    const first = announced.filter(
      ({ member }, at) => announced.findIndex((of) => of.member === member) === at,
    );
    const name = `${subject}/${first.map(({ digest }) => digest).join()}`;
    if (first.length < group.threshold || failed.has(name)) return undefined;
    const sums = await this.ciphertexts(entry, subject, signal);
    const check = await this.#check(entry, subject);
    const contributions = await this.#contributions(subject, first);
    const joint = { group, sums, contributions };
    for (const { set, vectors } of he.jointOpenings(joint)) {
      try {
        await check(vectors);
      } catch (error) {
        if (error instanceof StoreError) return undefined;
        continue;
      }
      for (const member of he.strayMembers(joint, set)) {
        this.stray.set(member, (this.stray.get(member) ?? 0) + 1);
        step(
          this.#context,
          `opens the sum of the ${subject}s without the shares of member ${member}, which stray`,
        );
      }
      for (const sum of vectors) await store.put(encodeSum(sum));
      opened.set(subject, vectors);
      return vectors;
    }
    if (contributions.length === first.length) failed.add(name);
    if (he.jointSharesAgree(joint)) atFault.add(subject);
    const members = contributions.map(({ member }) => member).sort((a, b) => a - b);
    step(
      this.#context,
      `no ${group.threshold} of the shares of members ${members.join(', ')} open the sum of the ${subject}s`,
    );
    return undefined;
  }

  /**
   * The members' shares of one sum, those of members that strayed before last. A content that was there and is
   * not any more is left out: its member must not keep the others' shares from opening the sum.
   */
  async #contributions(
    subject: Subject,
    announced: readonly AnnouncedShares[],
  ): Promise<JointContribution[]> {
    const from = subjects.indexOf(subject) * this.#chunks;
    const look = oneLook();
    const found = await Promise.all(
      announced.map(async ({ member, digest }) => {
        const content = await this.shares.load(digest, look).catch(() => undefined);
        return content ? [{ member, shares: content.shares.slice(from, from + this.#chunks) }] : [];
      }),
    );
    const strayed = ({ member }: JointContribution) => this.stray.get(member) ?? 0;
    return found.flat().sort((a, b) => strayed(a) - strayed(b));
  }

  /** Whether a complete set of shares opens both sums of the round. */
  async opens(entry: RoundEntry, set: readonly AnnouncedShares[], signal?: AbortSignal): Promise<boolean> {
    for (const subject of subjects) if (!(await this.#open(entry, subject, set, signal))) return false;
    return true;
  }

  /**
   * The sum that a set opens, which is put into the store; undefined when it is not the round's sum, which is
   * found out once.
   */
  async #open(
    entry: RoundEntry,
    subject: Subject,
    set: readonly AnnouncedShares[],
    signal?: AbortSignal,
  ): Promise<ChunkVector[] | undefined> {
    const { failed, opened } = this.#of(entry);
    const name = `${subject}/${set.map(({ digest }) => digest).join()}`;
    if (failed.has(name)) return undefined;
    const { he, store } = this.#context;
    const group = await this.group();
    const ciphertexts = await this.ciphertexts(entry, subject, signal);
    const check = await this.#check(entry, subject);
    const from = subjects.indexOf(subject) * this.#chunks;
    let sums: ChunkVector[];
    try {
      const parts = await Promise.all(set.map(({ digest }) => this.shares.load(digest)));
      const ofSum = parts.map((part) => ({ ...part, shares: part.shares.slice(from, from + this.#chunks) }));
      sums = openSums({ he, group }, { sums: ciphertexts, complete: ofSum });
      await check(sums);
    } catch (error) {
      // The store may answer later; shares that do not open the sum never will.
      if (!(error instanceof StoreError)) failed.add(name);
      const members = set.map(({ member }) => member).join(', ');
      step(this.#context, `passes over the shares of members ${members}: ${reasonOf(error)}`);
      return undefined;
    }
    for (const sum of sums) await store.put(encodeSum(sum));
    opened.set(subject, sums);
    return sums;
  }

  /** The files that the prover of a sum has named. */
  async #files(entry: RoundEntry, subject: Subject): Promise<ChunkVector[]> {
    const { he, store } = this.#context;
    const proven = entry.sums[subject];
    if (!proven)
      throw new NodeError('sum', `round ${entry.number}: its sum of ${subject}s is not proven yet`);
    const size = he.params.coordinatesPerChunk;
    const sums: ChunkVector[] = [];
    for (const digest of proven.digests)
      sums.push(decodeSum(await store.get(digest, { maxBytes: sumBytes(size) }), size));
    return sums;
  }

  async #add(entry: RoundEntry, subject: Subject, signal?: AbortSignal): Promise<Uint8Array[]> {
    const { he, store } = this.#context;
    const opening = { he, store, signal, group: await this.group() };
    const binding = bindingOf(this.#context, subject, entry.number);
    const accepted = entry.submitted[subject];
    return addCiphertexts(opening, { binding, accepted, chunks: this.#chunks });
  }

  #of(entry: RoundEntry): Findings {
    const name = JSON.stringify([entry.number, entry.submitted]);
    if (this.#findings.name !== name) this.#findings = findings(name);
    return this.#findings;
  }
}

/** Reads the sums of the current round, which open the totals of its commitments. */
export class RoundSums extends SumReader {
  readonly #context: RoleContext;
  readonly #chunks: number;

  constructor(context: RoleContext, chunks: number) {
    super(context, chunks, async (_, subject) => {
      const totals = await this.totals(subject);
      return (sums) => checkOpens(context.prover, sums, totals);
    });
    this.#context = context;
    this.#chunks = chunks;
  }

  /** The totals, chunk by chunk, as the contract has added them. */
  totals(subject: Subject): Promise<G1Point[]> {
    const { chain } = this.#context;
    return Promise.all(Array.from({ length: this.#chunks }, (_, chunk) => chain.sumOf(subject, chunk)));
  }
}

const findings = (name: string): Findings => ({
  name,
  ciphertexts: new Map(),
  opened: new Map(),
  failed: new Set(),
  atFault: new Set(),
});
