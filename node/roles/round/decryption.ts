// A trainer's part in opening a round's sums: it adds around the ring with the others and, when it is asked,
// decrypts.
import type { MemberKey } from '@murmuration/he';
import { type RoundEntry, type Stage, type Subject, subjects } from '../../chain/index.ts';
import { completeSets, decryptionSet, shareOf } from '../../cryptography/index.ts';
import { checkWeights, topicOf } from '../../protocol/index.ts';
import { loadMemberKey } from '../key/keying.ts';
import { type RoleContext, same, step } from '../runtime/context.ts';
import { beginDecryption } from './decryption_record.ts';
import type { SumRing } from './sum_ring.ts';
import type { RoundSums } from './sums.ts';

/** Parts of the Aggregate phase: in each of them another set of members can be asked. */
const windows = 4;

/** A trainer's duty in the Aggregate phase. */
export class Decryptor {
  readonly #context: RoleContext;
  readonly #sums: RoundSums;
  readonly #ring: SumRing;
  #key: MemberKey | undefined;
  /** The last round and set that this trainer decrypted for. */
  #published = '';

  constructor(context: RoleContext, sums: RoundSums, ring: SumRing) {
    this.#context = context;
    this.#sums = sums;
    this.#ring = ring;
  }

  /**
   * Does what is due in the Aggregate phase.
   * @throws NodeError `task` instead of a share of a sum that would show a single update or probe.
   */
  async round(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    if (stage.proven.update && stage.proven.probe) return;
    const rings = await this.#addAround(entry, signal);
    this.#key ??= await loadMemberKey(this.#context);
    const key = this.#key;
    const set = await this.#turn(entry, stage, signal);
    const name = `${entry.number}/${set?.join()}`;
    if (!set?.includes(key.index) || this.#published === name) return;
    // A ring's sum is only as true as its members, and comes when they let it. A trainer that decrypts a
    // false sum may open a single update, and a trainer that waits for the ring can be made to miss the
    // phase. So each adds by itself, and compares with the ring's sum when that is there.
    const sums: Uint8Array[] = [];
    for (const subject of subjects) {
      const weights = entry.submitted[subject].map(({ weight }) => weight);
      checkWeights(`round ${entry.number}: its sum of ${subject}s`, weights);
      const own = await this.#sums.ciphertexts(entry, subject, signal);
      this.#compare(subject, own, rings.get(subject));
      sums.push(...own);
    }
    const { chain, he, storage, store } = this.#context;
    const decryption = await beginDecryption(storage, entry.number, sums);
    const content = shareOf({ he, key, log: decryption.log }, { sums, set });
    await decryption.save();
    // A share is the same every time it is made, so after a restart its announcement is recognised.
    const digest = await store.put(content);
    const topic = topicOf('decryption', entry.number);
    const announced = chain.journal.announcements.some(
      (post) => post.topic === topic && post.digest === digest && same(post.sender, chain.account),
    );
    if (!announced) {
      step(this.#context, `decrypts its part of the sums, with members ${set.join(', ')}`);
      await chain.announce('decryption', entry.number, digest);
    }
    this.#published = name;
  }

  /**
   * Adds the ciphertexts together with the other trainers. A trainer without an update in the sum is in no
   * ring.
   */
  async #addAround(
    entry: RoundEntry,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Subject, Promise<Uint8Array[]>>> {
    const rings = new Map<Subject, Promise<Uint8Array[]>>();
    const { account } = this.#context.chain;
    if (!entry.submitted.update.some(({ sender }) => same(sender, account))) return rings;
    const group = await this.#sums.group();
    for (const subject of subjects) {
      const sum = this.#ring.sum({ group, entry, subject }, signal);
      // A ring that failed is opened anew by the next step.
      sum.catch(() => undefined);
      rings.set(subject, sum);
    }
    return rings;
  }

  /** Tells the observer when the ring's sum is false. The signed hops tell which member falsified it. */
  #compare(subject: Subject, own: readonly Uint8Array[], fromRing: Promise<Uint8Array[]> | undefined): void {
    const compare = (sums: Uint8Array[]) => {
      if (sums.some((sum, chunk) => Buffer.compare(sum, own[chunk]!) !== 0))
        step(this.#context, `the ring's sum of ${subject}s is false; its own is decrypted`);
    };
    fromRing?.then(compare, () => undefined);
  }

  /**
   * The set that decrypts now. A member that was asked in an earlier window and gave no shares comes last in
   * the next set; so do all members of a set whose shares are there and do not open the sums, since at least
   * one of the shares is wrong.
   * @returns undefined when nobody is left to ask, or the shares are there and it is the prover's turn.
   */
  async #turn(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<number[] | undefined> {
    const window = await this.#window(stage);
    const { threshold } = await this.#sums.group();
    const candidates = await this.#candidates();
    const announced = window > 0 ? await this.#sums.shares.of(entry, signal) : [];
    const faults = new Map<number, number>();
    for (let past = 0; past < window; past++) {
      const asked = decryptionSet(candidates, threshold, faults);
      if (!asked) return undefined;
      const given = announced.filter(({ set }) => set.join() === asked.join());
      const [complete] = completeSets(given, threshold);
      if (complete && (await this.#sums.opens(entry, complete, signal))) return undefined;
      for (const index of asked)
        if (complete || !given.some(({ member }) => member === index))
          faults.set(index, (faults.get(index) ?? 0) + 1);
    }
    return decryptionSet(candidates, threshold, faults);
  }

  /** The window that it is now, from 0. */
  async #window({ deadline }: Stage): Promise<number> {
    const { aggregateDuration } = await this.#context.chain.terms();
    const passed = Date.now() / 1000 - (Number(deadline) - aggregateDuration);
    return Math.max(0, Math.min(windows - 1, Math.floor((passed * windows) / aggregateDuration)));
  }

  /** Members of the key group in good standing. */
  async #candidates(): Promise<number[]> {
    const { chain } = this.#context;
    const { members } = await this.#sums.group();
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const candidates: number[] = [];
    for (const { index } of members)
      if ((await chain.seat(trainers[index]!)).standing === 'good') candidates.push(index);
    return candidates;
  }
}
