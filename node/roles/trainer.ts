// The trainer: trains, sends its update, adds and decrypts with the others, proves its alignment. Its next
// step follows from the chain and from its storage, so it can be killed at any point and started again.

import type { Hex } from 'viem';
import type { RoundEntry, Stage } from '../chain/index.ts';
import { localEpsilon } from '../compress/index.ts';
import { proveAlignment, type SealedChunk, sealChunks } from '../cryptography/index.ts';
import { NodeError } from '../errors.ts';
import { type OwnData, TrainerRounds, type TrainingDisguise } from '../learn/index.ts';
import { digestOf, encodeProposal } from '../protocol/index.ts';
import { keyingStep } from './key/keying.ts';
import { Checkpoint, progressIn } from './round/checkpoint.ts';
import { Decryptor } from './round/decryption.ts';
import { loadModel } from './round/next_model.ts';
import { OwnRows } from './round/own_rows.ts';
import { ReferenceReader } from './round/references.ts';
import { submit } from './round/submission.ts';
import type { SumRing } from './round/sum_ring.ts';
import { RoundSums } from './round/sums.ts';
import { noSupport, supportInTime } from './round/support.ts';
import { type TrainingAhead, trainingAhead, trainMeanwhile } from './round/training_ahead.ts';
import { bindingOf, endOfPhase, type LearnerContext, proofTimer, same, step } from './runtime/context.ts';
import { inStep } from './runtime/in_step.ts';
import { inTurn, type Turn } from './runtime/turn.ts';

/** What a trainer is made of. */
export interface TrainerParts extends LearnerContext {
  readonly data: OwnData;
  /** The trainer's PeerId. */
  readonly peer: string;
  /** Seeds batches and rounding, so that a round repeated after a crash gives the same update. */
  readonly seed: string;
  readonly ring: SumRing;
  /** Over the task's own training. */
  readonly disguise?: TrainingDisguise | undefined;
}

/** A trainer's duties. Each is called again and again while its time lasts, and does what is due then. */
export class Trainer {
  readonly #parts: TrainerParts;
  readonly #rows: OwnRows;
  readonly #ahead: TrainingAhead;
  readonly #checkpoint: Checkpoint<TrainerRounds>;
  readonly #sums: RoundSums;
  readonly #references: ReferenceReader;
  readonly #decryptor: Decryptor;

  constructor(parts: TrainerParts) {
    const { storage, description: task, layout, data, seed, ring, disguise } = parts;
    const { chunks } = task.compression;
    this.#parts = parts;
    this.#rows = new OwnRows(parts, data);
    this.#ahead = trainingAhead(this.#rows.training(seed, disguise));
    this.#sums = new RoundSums(parts, chunks);
    this.#references = new ReferenceReader(parts, this.#sums);
    this.#decryptor = new Decryptor(parts, this.#sums, ring);
    this.#checkpoint = new Checkpoint(
      storage,
      chunks,
      (state) => new TrainerRounds({ task, layout, seed, ...(state && { state }) }),
    );
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number, peer: Hex): Promise<void> {
    const { statistics } = this.#parts.data;
    await keyingStep(this.#parts, epoch, { peer, statistics });
    await trainMeanwhile(this.#parts, this.#parts.data, this.#ahead);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (!inStep(stage, entry)) return;
    if (stage.phase === 'support') return this.#support(entry, signal);
    if (stage.phase === 'submit') return this.#submit(entry, stage, signal);
    if (stage.phase === 'aggregate') return this.#decryptor.round(entry, stage, signal);
    if (stage.phase === 'settle') return this.#align(entry, signal);
  }

  async #support(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, store } = this.#parts;
    const local = await this.#train(entry, signal);
    const { selector } = await chain.terms();
    const done = entry.proposals.some(({ proposer }) => same(proposer, chain.account));
    if (selector !== 'leader' || !same(entry.leader, chain.account) || done) return;
    const digest = await store.put(encodeProposal(local.propose(entry.index)), 'proposal');
    step(this.#parts, 'leads the round: proposes its support');
    await chain.propose(entry.number, digest);
  }

  async #submit(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    if ((await chain.seat(chain.account)).submittedIn === entry.number) return;
    await inTurn(async (turn) => {
      const sealed = await this.#seal(entry, { ...stage, turn }, signal);
      await submit(this.#parts, { subject: 'update', entry, sealed, turn }, signal);
    });
  }

  /** The round's sealed chunks: made once, remembered before anything of them is shown. */
  async #seal(
    entry: RoundEntry,
    stage: Stage & { readonly turn: Turn },
    signal: AbortSignal,
  ): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    const local = await this.#train(entry, signal);
    const { progress } = await this.#checkpoint.look();
    const known = progressIn(entry, progress)?.sealed;
    if (known) return known;
    local.countAtLeast(this.#submissions());
    const { isSpent } = local;
    const support = isSpent ? undefined : await supportInTime(this.#parts, entry, { ...stage, signal });
    const group = await this.#sums.group();
    const binding = bindingOf(this.#parts, 'update', entry.number);
    await stage.turn.come();
    const { sealed } = await this.#checkpoint.advance(entry, (local) => ({
      proposal: undefined,
      abstained: support === undefined,
      sealed: sealChunks(
        { he, group },
        { binding, chunks: local.compress(support ?? noSupport, entry.scale, entry.index) },
      ),
    }));
    this.#tellPrivacy(local, isSpent);
    return sealed!;
  }

  /** Says what the updates have cost of the privacy that the task states. */
  #tellPrivacy({ releases }: TrainerRounds, abstains: boolean): void {
    const { privacy, rounds } = this.#parts.description;
    if (!privacy) return;
    const { epsilon, delta } = localEpsilon(privacy, releases);
    const spent = `${releases} of ${rounds} updates, epsilon ${epsilon.toFixed(2)} at delta ${delta}`;
    step(this.#parts, abstains ? `sends zeros: its privacy is spent, ${spent}` : `privacy spent: ${spent}`);
  }

  /** Updates that this account has submitted, as the chain tells it: more than the state knows, where one was lost. */
  #submissions(): number {
    const { chain } = this.#parts;
    return chain.journal.rounds.filter(({ submitted }) =>
      submitted.update.some(({ sender }) => same(sender, chain.account)),
    ).length;
  }

  /** Trains for the round, after closing the one before; both once, also over a restart. */
  async #train(entry: RoundEntry, signal: AbortSignal): Promise<TrainerRounds> {
    const { chain, description } = this.#parts;
    const { local, progress } = await this.#checkpoint.look();
    if (progressIn(entry, progress)) return local;
    const last = progress?.round ?? 0;
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const model = await loadModel(this.#parts, entry.model);
    const { count } = await this.#rows.get();
    step(this.#parts, `trains ${description.training.steps} steps on its ${count} examples`);
    const change = await this.#ahead.training(model, entry.index, signal);
    const sifts = await chain.isAnybodySuspected();
    await this.#checkpoint.advance(entry, () => {
      local.settle(this.#outcomeOf(last));
      local.open(change, trainers.length, sifts);
      return {};
    });
    return local;
  }

  /** What became of this trainer's update of a round. */
  #outcomeOf(round: number): 'applied' | 'left-out' | 'rolled-back' {
    const { chain } = this.#parts;
    const entry = chain.journal.rounds.find(({ number }) => number === round);
    if (entry?.outcome !== 'accepted') return 'rolled-back';
    return entry.submitted.update.some(({ sender }) => same(sender, chain.account)) ? 'applied' : 'left-out';
  }

  async #align(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    const mine = entry.submitted.update.find(({ sender }) => same(sender, chain.account));
    if (!mine || (await chain.alignmentProvenIn(chain.account)) === entry.number) return;
    const { progress } = await this.#checkpoint.look();
    const sealed = progressIn(entry, progress)?.sealed;
    const isSent = sealed?.every(({ content }, chunk) => digestOf(content) === mine.digests[chunk]);
    if (sealed && !isSent)
      throw new NodeError(
        'state',
        `round ${entry.number}: another process sent the update of ${chain.account}, which has to prove its ` +
          'alignment',
        { mend: 'An account works in one folder, by one process: end one of the two.' },
      );
    if (!sealed)
      throw new NodeError(
        'state',
        `round ${entry.number}: what this trainer sent is not in its state folder, but its alignment is ` +
          'proven with it',
        { mend: 'Restore the folder.' },
      );
    await inTurn(async ({ come, pass }) => {
      await come();
      const { chunks: references, points } = await this.#references.of(entry, signal);
      step(this.#parts, 'proves its alignment with the references');
      const inputs = await chain.alignmentInputs(entry.number, chain.account);
      const onProof = proofTimer(this.#parts, entry.number, 'alignment');
      const subject = { inputs, update: sealed, references, points };
      const deadline = await endOfPhase(this.#parts, entry);
      const proving = { prover, onProof, onHandedOver: pass, signal, deadline };
      const chunks = await proveAlignment(proving, subject);
      await chain.proveAlignment({ round: entry.number, trainer: chain.account, inputs, points, chunks });
    });
  }
}
