// A trainer's part in opening a round's sums: it adds around the ring with the others and, when it is asked,
// decrypts.
import { type MemberKey, maxSets } from '@murmuration/he';
import type { Hex } from 'viem';
import { addendsOf, type RoundEntry, type Stage, sumsDue } from '../../chain/index.ts';
import { CiphertextError, completeSets, jointShareOf, shareOf } from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { checkWeights, sumName, topicOf, updateSum } from '../../protocol/index.ts';
import { loadMemberKey } from '../key/keying.ts';
import { passedOf, type RoleContext, same, step } from '../runtime/context.ts';
import { OfHistory } from '../runtime/of_history.ts';
import { tellRefusal } from '../runtime/recorded.ts';
import { DecryptionRecord, type PastRound } from './decryption_record.ts';
import { decryptionSet } from './decryption_set.ts';
import type { AnnouncedShares } from './shares.ts';
import type { SumRing } from './sum_ring.ts';
import type { RoundSums } from './sums.ts';

/** The part of the Aggregate phase after which every member gives a joint share, if the sums are not open. */
const jointPatience = 1 / 4;

/** A trainer's duty in the Aggregate phase. */
export class Decryptor {
  readonly #context: RoleContext;
  readonly #sums: RoundSums;
  readonly #ring: SumRing;
  readonly #record: DecryptionRecord;
  #key: MemberKey | undefined;
  /** The last round and set that this trainer decrypted for. */
  readonly #published: OfHistory<string>;
  /** Of members that decrypt in sets: the last set that was seen to open the sums. */
  #good: readonly number[] = [];
  /** Of members that decrypt in sets: their faults in the round that was looked at last, and before it. */
  #faults = { round: 0, before: new Map<number, number>(), after: new Map<number, number>() };

  constructor(context: RoleContext, sums: RoundSums, ring: SumRing) {
    this.#context = context;
    this.#sums = sums;
    this.#ring = ring;
    this.#record = new DecryptionRecord(context.storage, (round) => this.#past(round));
    this.#published = new OfHistory(context.chain, () => '');
  }

  /**
   * Does what is due in the Aggregate phase.
   * @throws NodeError `task` instead of a share of a sum that would show a single update or probe.
   */
  async round(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    if (stage.sumsProven.length === stage.sumsDue.length) return;
    const rings = await this.#addAround(entry, signal);
    const key = await this.#own();
    const joint = await this.#sums.isJoint();
    const open = joint && (await this.#look(entry, signal));
    const set = joint ? await this.#askedJointly(entry, stage) : await this.#turn(entry, stage, signal);
    const name = `${entry.number}/${set?.join()}`;
    // Where a share strays, the others are given all the same: only beside them it is shown to be wrong.
    const done = open && !this.#sums.hasStray(entry);
    if (
      done ||
      !set?.includes(key.index) ||
      this.#published.value.startsWith(joint ? `${entry.number}/` : name)
    )
      return;
    // A ring's sum is only as true as its members, and comes when they let it. A trainer that decrypts a
    // false sum may open a single update, and a trainer that waits for the ring can be made to miss the
    // phase. So each adds by itself, and compares with the ring's sum when that is there.
    const sums = await this.#toDecrypt(entry, rings, signal);
    if (!sums) return;
    const { chain, he, store } = this.#context;
    const decryption = await this.#record.begin({ entry, sums });
    const all = sumsDue(entry).flatMap<Uint8Array | undefined>((sum) => sums.get(sum) ?? this.#sums.nothing);
    const content = joint
      ? await jointShareOf({ he, key, signal }, all)
      : shareOf({ he, key, log: decryption.log }, { sums: all, set });
    await decryption.save();
    // A share is the same every time it is made, so after a restart its announcement is recognised.
    const digest = await store.put(content, 'decryption shares');
    const topic = topicOf('decryption', entry.number);
    const announced = chain.journal.announcements.some(
      (post) => post.topic === topic && post.digest === digest && same(post.sender, chain.account),
    );
    if (!announced) {
      step(this.#context, `decrypts its part of the sums${joint ? '' : `, with members ${set.join(', ')}`}`);
      await chain.announce('decryption', entry.number, digest);
    }
    this.#published.value = name;
  }

  /**
   * By number, the ciphertexts of the sums that this trainer decrypts. A group's sum that cannot be opened, or must
   * not be, is left out, so that its authors spoil their own group's say and not the round.
   * @returns undefined where nothing would come of the round.
   * @throws NodeError where the updates' sum must not be opened.
   */
  async #toDecrypt(
    entry: RoundEntry,
    rings: ReadonlyMap<number, Promise<Uint8Array[]>>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly Uint8Array[]> | undefined> {
    const refused = await this.#record.refused(entry);
    const sums = new Map<number, readonly Uint8Array[]>();
    for (const sum of new Set([updateSum, ...sumsDue(entry)])) {
      const weights = addendsOf(entry, sum).map(({ weight }) => weight);
      checkWeights(`round ${entry.number}: its sum of ${sumName(sum)}`, weights);
      const reason = refused.get(sum);
      if (reason && sum === updateSum) throw reason;
      const own = reason ?? (await this.#added(entry, sum, signal));
      if (own instanceof NodeError) {
        step(this.#context, `gives no share of the sum of ${sumName(sum)}: ${own.message}`);
        tellRefusal(this.#context, own);
        continue;
      }
      this.#compare({ entry, sum, own }, rings.get(sum));
      sums.set(sum, own);
    }
    return sums.has(updateSum) && sums.size > 1 ? sums : undefined;
  }

  /** A sum's ciphertexts, added here; the error where one of them is none. */
  async #added(entry: RoundEntry, sum: number, signal: AbortSignal): Promise<Uint8Array[] | CiphertextError> {
    try {
      return await this.#sums.ciphertexts(entry, sum, signal);
    } catch (error) {
      if (error instanceof CiphertextError) return error;
      throw error;
    }
  }

  /** This trainer's key; with it, what it remembers of the other members. */
  async #own(): Promise<MemberKey> {
    if (!this.#key) {
      for (const [member, times] of await this.#record.stray()) this.#sums.stray.set(member, times);
      this.#key = await loadMemberKey(this.#context);
    }
    return this.#key;
  }

  /**
   * Looks whether the joint shares that are there open the sums, and remembers it.
   * @returns whether all are open: then it is the prover's turn.
   */
  async #look(entry: RoundEntry, signal: AbortSignal): Promise<boolean> {
    const due = sumsDue(entry);
    const opened: number[] = [];
    for (const sum of due) if (await this.#isOpen(entry, sum, signal)) opened.push(sum);
    const atFault = due.filter((sum) => this.#sums.isAtFault(entry, sum));
    await this.#record.note(entry.number, { opened, atFault, stray: this.#sums.stray });
    return opened.length === due.length;
  }

  async #isOpen(entry: RoundEntry, sum: number, signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.#sums.fromShares(entry, sum, signal)) !== undefined;
    } catch (error) {
      if (error instanceof CiphertextError) return false;
      throw error;
    }
  }

  /** What the chain says of an earlier round. */
  async #past(round: number): Promise<PastRound> {
    const { journal } = this.#context.chain;
    const { threshold } = await this.#sums.group();
    const proven = [...(journal.rounds.find(({ number }) => number === round)?.sums.keys() ?? [])];
    const posters = (await this.#posters()).get(topicOf('decryption', round));
    return { decrypted: (posters?.size ?? 0) >= threshold, proven };
  }

  /** By topic, the members that announced something under it, readable or not. */
  async #posters(): Promise<ReadonlyMap<Hex, ReadonlySet<number>>> {
    const { chain } = this.#context;
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const members = new Map(trainers.map((account, index) => [account.toLowerCase(), index]));
    const posters = new Map<Hex, Set<number>>();
    for (const { sender, topic } of chain.journal.announcements) {
      const member = members.get(sender.toLowerCase());
      if (member !== undefined) posters.set(topic, (posters.get(topic) ?? new Set()).add(member));
    }
    return posters;
  }

  /**
   * Adds the ciphertexts together with the other trainers. A trainer without an update in the sum is in no
   * ring.
   */
  async #addAround(
    entry: RoundEntry,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Promise<Uint8Array[]>>> {
    const rings = new Map<number, Promise<Uint8Array[]>>();
    const { account } = this.#context.chain;
    if (!entry.submitted.update.some(({ sender }) => same(sender, account))) return rings;
    const group = await this.#sums.group();
    for (const sum of sumsDue(entry)) {
      const added = this.#ring.sum({ group, entry, sum }, signal);
      // A ring that failed is opened anew by the next step.
      added.catch(() => undefined);
      rings.set(sum, added);
    }
    return rings;
  }

  /** Says when the ring's sum is false. The signed hops tell which member falsified it. */
  #compare(
    {
      entry,
      sum,
      own,
    }: { readonly entry: RoundEntry; readonly sum: number; readonly own: readonly Uint8Array[] },
    fromRing: Promise<Uint8Array[]> | undefined,
  ): void {
    const compare = (sums: Uint8Array[]) => {
      if (sums.every((each, chunk) => Buffer.compare(each, own[chunk]!) === 0)) return;
      step(this.#context, `the ring's sum of ${sumName(sum)} is false; its own is decrypted`);
      this.#context.suspect?.({ kind: 'ring', entry, sum, chains: this.#ring.chains(entry, sum) });
    };
    fromRing?.then(compare, () => undefined);
  }

  /**
   * The members that give joint shares now: t of them at first, and everybody from a quarter of the phase on.
   * Whom a member takes to be asked first need not be what others do, since the shares are for no set.
   */
  async #askedJointly(entry: RoundEntry, stage: Stage): Promise<readonly number[] | undefined> {
    const candidates = await this.#candidates();
    if ((await this.#passed(stage)) >= jointPatience) return candidates;
    return this.#first(entry, candidates);
  }

  /**
   * The t members that are asked first in a round. Members whose shares strayed come last, and who was
   * asked first in earlier rounds of the epoch and announced nothing comes late.
   */
  async #first(entry: RoundEntry, candidates: readonly number[]): Promise<number[] | undefined> {
    const { threshold, members } = await this.#sums.group();
    const faults = new Map<number, number>();
    const add = (index: number, count: number) => faults.set(index, (faults.get(index) ?? 0) + count);
    const everyone = members.map(({ index }) => index);
    const posters = await this.#posters();
    for (let past = 1; past < entry.number; past++) {
      const asked = decryptionSet({ candidates: everyone, threshold, faults, turn: past - 1 });
      const there = posters.get(topicOf('decryption', past));
      // Where nobody decrypted, the round came to nothing before.
      if (there) for (const index of asked!) if (!there.has(index)) add(index, 1);
    }
    for (const [index, times] of this.#sums.stray) add(index, times * entry.number);
    return decryptionSet({ candidates, threshold, faults, turn: entry.number - 1 });
  }

  /**
   * The set that decrypts now, where the group is too large for joint shares: in each of eight windows, as
   * many as a member gives shares of a ciphertext for, another one. A member that was asked in an earlier
   * window and gave no shares before its end comes last in the next set; so do all members of a set whose
   * shares were there and do not open the sums, since at least one of the shares is wrong. The times are those
   * of the chain, so a share that comes at a window's edge is early or late for everybody. Faults are kept over
   * the rounds, and the set that opened the sums before is asked first.
   * @returns undefined when nobody is left to ask, the shares are there and it is the prover's turn, or this trainer's
   * store does not tell.
   */
  async #turn(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<readonly number[] | undefined> {
    const window = Math.min(maxSets - 1, Math.floor((await this.#passed(stage)) * maxSets));
    const { threshold } = await this.#sums.group();
    const candidates = await this.#candidates();
    const announced = window > 0 ? await this.#sums.shares.of(entry, signal) : [];
    // Who sees nothing of a member's shares would find it silent, and ask another set than all others do.
    if (window > 0 && this.#sums.shares.unread.size > 0) return undefined;
    if (this.#faults.round !== entry.number)
      this.#faults = { round: entry.number, before: this.#faults.after, after: this.#faults.after };
    const faults = new Map(this.#faults.before);
    this.#faults.after = faults;
    const nextSet = (past: number) =>
      past === 0 && this.#good.length > 0 && this.#good.every((index) => candidates.includes(index))
        ? this.#good
        : decryptionSet({ candidates, threshold, faults, turn: entry.number - 1 + past });
    for (let past = 0; past < window; past++) {
      const asked = nextSet(past);
      if (!asked) return undefined;
      const given = await this.#before(announced, stage, (past + 1) / maxSets);
      const ofSet = given.filter(({ set }) => set.join() === asked.join());
      const [complete] = completeSets(ofSet, threshold);
      if (complete && (await this.#sums.opens(entry, complete, signal))) {
        this.#good = asked;
        return undefined;
      }
      for (const index of asked)
        if (complete || !ofSet.some(({ member }) => member === index))
          faults.set(index, (faults.get(index) ?? 0) + 1);
    }
    return nextSet(window);
  }

  /** The shares that were announced before a part of the phase had passed. */
  async #before(
    announced: readonly AnnouncedShares[],
    stage: Stage,
    part: number,
  ): Promise<readonly AnnouncedShares[]> {
    const { chain } = this.#context;
    const { aggregateDuration } = await chain.terms();
    const end = Number(stage.deadline) - aggregateDuration * (1 - part);
    const times = await Promise.all(announced.map(({ block }) => chain.timeOf(block)));
    return announced.filter((_, at) => Number(times[at]) < end);
  }

  /** How much of the phase has passed, in chain time, from 0 to 1. */
  async #passed(stage: Stage): Promise<number> {
    const { aggregateDuration } = await this.#context.chain.terms();
    return Math.max(0, Math.min(1, await passedOf(this.#context, stage, aggregateDuration)));
  }

  /** Members of the key group in good standing. */
  async #candidates(): Promise<number[]> {
    const { chain } = this.#context;
    const { members } = await this.#sums.group();
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const indices = members.map(({ index }) => index);
    const seats = await Promise.all(indices.map((index) => chain.seat(trainers[index]!)));
    return indices.filter((_, at) => seats[at]!.standing === 'good');
  }
}
