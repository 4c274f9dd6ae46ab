// The trainer: trains, sends its update, adds and decrypts with the others, proves its alignment. Whatever is due follows from
// the chain and from what it remembers, so it can be killed at any point and started again.
import type { DecryptionLog, Federation, MemberKey } from '../../he/index.ts';
import { type RoundEntry, type Subject, subjects } from '../chain/journal.ts';
import { topicOf } from '../chain/topics.ts';
import {
  type Accepted,
  addCiphertexts,
  decryptionSet,
  proveAlignment,
  proveSubmission,
  type SealedChunk,
  sealChunks,
  shareOf,
} from '../federation/index.ts';
import { type Behaviour, type Dataset, LocalTrainer } from '../learn/index.ts';
import { encodeProposal } from '../rules/index.ts';
import { bindingOf, inStep, type LearnerContext, proofTimer, same, step } from './context.ts';
import { keyingStep, loadMemberKey, runningFederation } from './keying.ts';
import { type Progress, progressIn, readProgress, writeProgress } from './progress.ts';
import { loadModel, loadSums, loadSupport, showContents } from './public_round.ts';
import { loadLog, recordOpened, saveLog } from './remember.ts';

/** Adds a round's ciphertexts together with the other trainers: node/ring behind what the round needs. */
export interface SumRing {
  /**
   * Resolves to the sums' ciphertexts, chunk by chunk; it never rejects because others are gone. Asked again for the same round
   * it gives the same ring's sum; one that failed is opened anew.
   */
  sum(
    federation: Federation,
    entry: RoundEntry,
    subject: Subject,
    accepted: readonly Accepted[],
    signal: AbortSignal,
  ): Promise<Uint8Array[]>;
}

export interface TrainerParts extends LearnerContext {
  readonly data: Dataset;
  readonly peer: string;
  readonly seed: string;
  readonly ring: SumRing;
  /** What it does to its updates; `garbage-proof` sends proofs that fail. */
  readonly behaviour?: Behaviour | 'garbage-proof';
}

export class Trainer {
  readonly #parts: TrainerParts;
  #local: LocalTrainer | undefined;
  #progress: Progress | undefined;
  /** The last round and set that this trainer decrypted for. */
  #published = '';
  #keys: Promise<{ federation: Federation; key: MemberKey; log: DecryptionLog }> | undefined;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number, peer: `0x${string}`): Promise<void> {
    await keyingStep(this.#parts, epoch, peer);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (!inStep(stage, entry)) return;
    if (stage.phase === 'support') return this.#support(entry);
    if (stage.phase === 'submit') return this.#submit(entry, signal);
    if (stage.phase === 'aggregate') return this.#open(entry, signal);
    if (stage.phase === 'settle') return this.#align(entry, signal);
  }

  async #support(entry: RoundEntry): Promise<void> {
    const { chain, store } = this.#parts;
    const local = await this.#train(entry);
    const { selector } = await chain.terms();
    const done = entry.proposals.some(({ proposer }) => same(proposer, chain.account));
    if (selector !== 'leader' || !same(entry.leader, chain.account) || done) return;
    const digest = await store.put(encodeProposal(local.propose(entry.index)));
    step(this.#parts, 'leads the round: proposes its support');
    await chain.propose(entry.number, digest);
  }

  async #submit(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    if ((await chain.seat(chain.account)).submittedIn === entry.number) return;
    const { normBound } = await chain.terms();
    const sealed = await this.#sealed(entry);
    await showContents(this.#parts, entry.number, sealed);
    step(this.#parts, 'proves its update');
    const proven = await proveSubmission(
      prover,
      bindingOf(this.#parts, 'update', entry.number),
      normBound,
      sealed,
      proofTimer(this.#parts, entry.number, 'update'),
      signal,
    );
    const spoilt =
      this.#parts.behaviour === 'garbage-proof'
        ? proven.map((chunk) => ({ ...chunk, y: chunk.y + 1n }))
        : proven;
    await chain.submit('update', entry.number, entry.basis, spoilt);
  }

  /** The round's sealed chunks: made once, remembered before anything of them is shown. */
  async #sealed(entry: RoundEntry): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    const local = await this.#train(entry);
    if (this.#progress?.sealed) return this.#progress.sealed;
    const support = await loadSupport(this.#parts, entry);
    const { federation } = await this.#key();
    const binding = bindingOf(this.#parts, 'update', entry.number);
    const { sealed } = await this.#advance(entry, () =>
      sealChunks(he, federation, binding, local.compress(support, entry.scale, entry.index)),
    );
    return sealed!;
  }

  /** Trains for the round, after closing the one before; both once, also over a restart. */
  async #train(entry: RoundEntry): Promise<LocalTrainer> {
    const { chain, description, data } = this.#parts;
    const local = await this.#resume();
    if (progressIn(entry, this.#progress)) return local;
    const last = this.#progress?.round ?? 0;
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const model = await loadModel(this.#parts, entry.model);
    step(this.#parts, `trains ${description.training.steps} steps on its ${data.count} examples`);
    await this.#advance(entry, () => {
      local.settle(this.#outcomeOf(last));
      local.train(model, entry.index, trainers.length);
      return undefined;
    });
    return local;
  }

  /** The learning as it was last written. */
  async #resume(): Promise<LocalTrainer> {
    if (this.#local) return this.#local;
    const { memory, description, network, data, seed, behaviour } = this.#parts;
    this.#progress = await readProgress(memory, description.compression.chunks);
    const state = this.#progress?.state;
    this.#local = new LocalTrainer({
      task: description,
      network,
      data,
      seed,
      ...(state && { state }),
      ...(behaviour && behaviour !== 'garbage-proof' && { behaviour }),
    });
    return this.#local;
  }

  /** Changes the learning and writes it with what was sealed. If either fails, the next step starts from the disk again. */
  async #advance(entry: RoundEntry, change: () => SealedChunk[] | undefined): Promise<Progress> {
    try {
      const sealed = change();
      const state = this.#local!.save();
      const basis = sealed ? entry.basis : entry.opening;
      const progress = { round: entry.number, basis, state, proposal: undefined, sealed };
      await writeProgress(this.#parts.memory, progress);
      this.#progress = progress;
      return progress;
    } catch (error) {
      this.#local = undefined;
      throw error;
    }
  }

  /** What became of this trainer's update of a round. */
  #outcomeOf(round: number): 'applied' | 'left-out' | 'rolled-back' {
    const { chain } = this.#parts;
    const entry = chain.journal.rounds.find(({ number }) => number === round);
    if (entry?.outcome !== 'accepted') return 'rolled-back';
    return entry.submitted.update.some(({ sender }) => same(sender, chain.account)) ? 'applied' : 'left-out';
  }

  /** Adds the ciphertexts around the ring and, when it is this trainer's turn, decrypts the sums. */
  async #open(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, he, store, description, ring } = this.#parts;
    const stage = await chain.stage();
    if (stage.proven.update && stage.proven.probe) return;
    const { federation, key, log } = await this.#key();
    // Whoever has no update in the sum is in no ring, and may be asked to decrypt all the same: it adds alone.
    const inRing = entry.submitted.update.some(({ sender }) => same(sender, chain.account));
    const rings = (inRing ? subjects : []).map((subject) => {
      const sum = ring.sum(federation, entry, subject, entry.submitted[subject], signal);
      // Awaited only by those whose turn it is to decrypt; a ring that failed is opened anew by the next step.
      sum.catch(() => undefined);
      return sum;
    });
    const set = await this.#turn(entry, federation);
    const name = `${entry.number}/${set?.join()}`;
    if (!set?.includes(key.index) || this.#published === name) return;
    const sums: Uint8Array[] = [];
    for (const [at, subject] of subjects.entries()) {
      const accepted = entry.submitted[subject];
      const binding = bindingOf(this.#parts, subject, entry.number);
      const fromRing = await rings[at];
      for (let chunk = 0; chunk < description.compression.chunks; chunk++) {
        // A ring's sum is only as true as its members: whoever decrypts a false one may open a single update. So add again.
        const own = await addCiphertexts(he, federation, store, binding, accepted, chunk, signal);
        if (fromRing && Buffer.compare(own, fromRing[chunk]!) !== 0)
          step(this.#parts, `the ring's sum of ${subject}s is false; decrypts its own`);
        sums.push(own);
      }
    }
    await recordOpened(this.#parts.memory, entry.number, sums);
    const content = shareOf(he, key, sums, set, log);
    await saveLog(this.#parts.memory, log);
    // A share is the same every time it is made, so after a restart its post is recognised.
    const digest = await store.put(content);
    if (!this.#posts(entry).some((post) => post.digest === digest)) {
      step(this.#parts, `decrypts its part of the sums, with members ${set.join(', ')}`);
      await chain.post('decryption', entry.number, digest);
    }
    this.#published = name;
  }

  /**
   * The set that decrypts now. The Aggregate phase is cut into four windows; who keeps silent in one is left out of the next.
   */
  async #turn(entry: RoundEntry, federation: Federation): Promise<number[] | undefined> {
    const { chain } = this.#parts;
    const { aggregateDuration, threshold } = await chain.terms();
    const { deadline } = await chain.stage();
    const started = Number(deadline) - aggregateDuration;
    const window = Math.max(
      0,
      Math.min(3, Math.floor(((Date.now() / 1000 - started) * 4) / aggregateDuration)),
    );
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const candidates: number[] = [];
    for (const { index } of federation.members) {
      if ((await chain.seat(trainers[index]!)).standing === 'good') candidates.push(index);
    }
    const posted = new Set(this.#posts(entry).map(({ sender }) => sender.toLowerCase()));
    const silent = new Set<number>();
    for (let past = 0; past < window; past++) {
      const asked = decryptionSet(candidates, threshold, silent);
      for (const index of asked ?? []) if (!posted.has(trainers[index]!.toLowerCase())) silent.add(index);
    }
    return decryptionSet(candidates, threshold, silent);
  }

  /** The round's decryption shares, as they were announced. */
  #posts(entry: RoundEntry) {
    const topic = topicOf('decryption', entry.number);
    return this.#parts.chain.journal.posts.filter((post) => post.topic === topic);
  }

  async #align(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    const mine = entry.submitted.update.some(({ sender }) => same(sender, chain.account));
    if (!mine || !entry.sums.probe || (await chain.alignmentProvenIn(chain.account)) === entry.number) return;
    const sealed = await this.#sealed(entry);
    const probes = await loadSums(this.#parts, entry, 'probe');
    step(this.#parts, 'proves its alignment with the probe');
    const inputs = await chain.alignmentInputs(entry.number, chain.account);
    const proven = await proveAlignment(
      prover,
      inputs,
      sealed,
      probes,
      proofTimer(this.#parts, entry.number, 'alignment'),
      signal,
    );
    await chain.proveAlignment(entry.number, chain.account, inputs, proven);
  }

  #key() {
    const load = async () => ({
      federation: await runningFederation(this.#parts),
      key: await loadMemberKey(this.#parts),
      log: await loadLog(this.#parts.memory),
    });
    this.#keys ??= load();
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }
}
