// The validator: shows on held-out data where the model should go (its probe), then judges where it went (its
// vote).
import { randomBytes } from 'node:crypto';
import { reasonOf } from '@murmuration/core';
import { bytesToHex, type Hex } from 'viem';
import { z } from 'zod';
import type { RoundEntry, Stage } from '../chain/index.ts';
import { type SealedChunk, sealChunks } from '../cryptography/index.ts';
import {
  basisPoints,
  type OwnData,
  onceARound,
  type TrainingDisguise,
  ValidatorRounds,
} from '../learn/index.ts';
import { encodeProposal, updateSum, type Vote } from '../protocol/index.ts';
import { KeyInspector } from './key/key_inspector.ts';
import { registerValidator } from './key/keying.ts';
import { Checkpoint, progressIn } from './round/checkpoint.ts';
import { Inspector } from './round/inspection.ts';
import { loadModel, proposedModel } from './round/next_model.ts';
import { OwnRows } from './round/own_rows.ts';
import { ReferenceReader } from './round/references.ts';
import { submit } from './round/submission.ts';
import { RoundSums } from './round/sums.ts';
import { noSupport, supportInTime } from './round/support.ts';
import { type TrainingAhead, trainingAhead, trainMeanwhile } from './round/training_ahead.ts';
import { bindingOf, isLate, type LearnerContext, step } from './runtime/context.ts';
import { inStep } from './runtime/in_step.ts';
import { remembered } from './runtime/storage.ts';
import { inTurn, type Turn } from './runtime/turn.ts';

const hex = z.string().regex(/^0x[0-9a-f]*$/) as unknown as z.ZodType<Hex>;
const voteSchema = z.strictObject({
  basis: hex,
  model: hex,
  references: hex,
  quality: z.int(),
  before: z.int(),
  salt: hex,
});

/** What a validator is made of. */
export interface ValidatorParts extends LearnerContext {
  readonly holdout: OwnData;
  /** Seeds the batches of its proposals, so that a round repeated after a crash gives the same one. */
  readonly seed: string;
  /** Over the training behind proposal and probe. */
  readonly disguise?: TrainingDisguise | undefined;
  /** The bytes of its PeerId, as the registration carries them. */
  readonly peer: Hex;
  /** X25519 public key. A validator is sent nothing sealed today, but its registration carries a key. */
  readonly sealingKey: Hex;
}

/** A validator's duties. Each is called again and again while its time lasts, and does what is due then. */
export class Validator {
  readonly #parts: ValidatorParts;
  /** Holds what the validator owes to its proposals. */
  readonly #checkpoint: Checkpoint<ValidatorRounds>;
  readonly #rows: OwnRows;
  /** Proposal and probe rest on one change. */
  readonly #ahead: TrainingAhead;
  readonly #sums: RoundSums;
  readonly #references: ReferenceReader;
  readonly #inspector: Inspector;
  /** The last round whose vote is removed. */
  #forgotten = 0;
  readonly #keyInspector: KeyInspector;

  constructor(parts: ValidatorParts) {
    const { storage, description: task, layout, holdout, seed, disguise } = parts;
    const { chunks } = task.compression;
    this.#parts = parts;
    this.#keyInspector = new KeyInspector(parts);
    this.#sums = new RoundSums(parts, chunks);
    this.#references = new ReferenceReader(parts, this.#sums);
    this.#inspector = new Inspector(parts, this.#sums);
    this.#rows = new OwnRows(parts, holdout);
    this.#ahead = trainingAhead(onceARound(this.#rows.training(seed, disguise)));
    this.#checkpoint = new Checkpoint(
      storage,
      chunks,
      (state) => new ValidatorRounds({ task, layout, ...(state && { state }) }),
    );
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number): Promise<void> {
    await registerValidator(this.#parts, epoch, this.#parts);
    await this.#keyInspector.look(epoch);
    await trainMeanwhile(this.#parts, this.#parts.holdout, this.#ahead);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (!inStep(stage, entry)) return;
    // Trainers and provers alone have duties then.
    if (stage.phase === 'aggregate' || stage.phase === 'settle') return;
    const seat = await chain.seat(chain.account);
    if (stage.phase === 'support' && seat.proposedIn !== entry.number) return this.#propose(entry, signal);
    if (stage.phase === 'submit' && seat.submittedIn !== entry.number)
      return this.#probe(entry, stage, signal);
    if (stage.phase === 'inspect') {
      await this.#inspector.sift(entry);
      if (seat.inspectedIn !== entry.number) return this.#inspector.round(entry, stage, signal);
      return;
    }
    const voted = seat.committedIn === entry.number || seat.abstainedIn === entry.number;
    if (stage.phase === 'commit' && !voted) return this.#commit(entry, stage, signal);
    if (stage.phase === 'reveal' && seat.committedIn === entry.number && seat.revealedIn !== entry.number)
      return chain.revealVote(entry.number, await this.#vote(entry, signal));
  }

  async #propose(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, store } = this.#parts;
    if ((await chain.terms()).selector !== 'probe') return;
    let { progress } = await this.#checkpoint.look();
    if (!progress || !progressIn(entry, progress)?.proposal) {
      const model = await loadModel(this.#parts, entry.model);
      step(this.#parts, 'proposes a support from its hold-out data');
      const change = await this.#ahead.training(model, entry.index, signal);
      const sifts = await chain.isAnybodySuspected();
      const moved = this.#moved(progress?.round);
      progress = await this.#checkpoint.advance(entry, (local) => {
        local.settle(moved);
        return { proposal: encodeProposal(local.propose(change, entry.index, sifts)) };
      });
    }
    await chain.propose(entry.number, await store.put(progress.proposal!, 'proposal'));
  }

  /** Whether the model moved in a round. */
  #moved(round: number | undefined): boolean {
    const entry = this.#parts.chain.journal.rounds.find(({ number }) => number === round);
    return entry === undefined || entry.outcome === 'accepted';
  }

  async #probe(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    await inTurn(async (turn) => {
      const sealed = await this.#seal(entry, { ...stage, turn }, signal);
      await submit(this.#parts, { subject: 'probe', entry, sealed, turn }, signal);
    });
  }

  /** The round's sealed probe: made once, remembered before anything of it is shown. */
  async #seal(
    entry: RoundEntry,
    stage: Stage & { readonly turn: Turn },
    signal: AbortSignal,
  ): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    const { progress } = await this.#checkpoint.look();
    const current = progressIn(entry, progress);
    if (current?.sealed) return current.sealed;
    const model = await loadModel(this.#parts, entry.model);
    const support = await supportInTime(this.#parts, entry, { ...stage, signal });
    const group = await this.#sums.group();
    const binding = bindingOf(this.#parts, 'probe', entry.number);
    const change = await this.#ahead.training(model, entry.index, signal);
    await stage.turn.come();
    const { sealed } = await this.#checkpoint.advance(entry, (local) => {
      if (!current) local.settle(this.#moved(progress?.round));
      const chunks = local.probe(change, support ?? noSupport);
      return {
        proposal: current?.proposal,
        abstained: support === undefined,
        sealed: sealChunks({ he, group }, { binding, chunks }),
      };
    });
    return sealed!;
  }

  /**
   * Commits to a vote, or abstains. A validator that did not learn the support in time does so at once, even if
   * it is known by now: the support was withheld while updates were made, so that only the member that withheld
   * it could have earned anything. One that cannot read what a vote rests on, or cannot keep the vote, does so when
   * half of the phase is over: silence would cost it stake.
   */
  async #commit(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const { progress } = await this.#checkpoint.look();
    if (progressIn(entry, progress)?.abstained) return this.#abstain(entry, 'the support was withheld');
    let vote: Vote;
    try {
      vote = await this.#vote(entry, signal);
    } catch (error) {
      const { commitDuration } = await chain.terms();
      if (signal.aborted || !(await isLate(this.#parts, stage, commitDuration))) throw error;
      return this.#abstain(entry, reasonOf(error));
    }
    step(
      this.#parts,
      `votes: ${(vote.before / 100).toFixed(1)} % before, ${(vote.quality / 100).toFixed(1)} % after`,
    );
    await chain.commitVote(entry.number, vote);
  }

  async #abstain(entry: RoundEntry, why: string): Promise<void> {
    step(this.#parts, `abstains from the vote: ${why}`);
    await this.#parts.chain.abstain(entry.number);
  }

  /**
   * The vote of a round: made once, remembered before its commitment is sent, or it could not be revealed.
   */
  async #vote(entry: RoundEntry, signal: AbortSignal): Promise<Vote> {
    const vote = await this.#rememberedVote(entry, signal);
    await this.#forgetVotes(entry);
    return vote;
  }

  async #rememberedVote(entry: RoundEntry, signal: AbortSignal): Promise<Vote> {
    const { storage } = this.#parts;
    const name = `vote-${entry.number}`;
    const basis = entry.voteBasis;
    const known = await remembered(storage, name, (bytes) =>
      voteSchema.parse(JSON.parse(new TextDecoder().decode(bytes))),
    );
    if (known?.basis === basis) return known;
    const vote = { basis, ...(await this.#judge(entry, signal)), salt: bytesToHex(randomBytes(32)) };
    await storage.write(name, new TextEncoder().encode(JSON.stringify(vote)));
    return vote;
  }

  /** Removes the votes of all rounds but this one and the one before, also those that an abstention or a kill left. */
  async #forgetVotes({ number }: RoundEntry): Promise<void> {
    // After a reorganisation rounds of the same numbers are voted on again.
    this.#forgotten = Math.min(this.#forgotten, number - 1);
    for (; this.#forgotten < number - 2; this.#forgotten++)
      await this.#parts.storage.remove(`vote-${this.#forgotten + 1}`);
  }

  /** Judges the round's model on this validator's data. A vote says that all of the round's sums can be read. */
  async #judge(entry: RoundEntry, signal: AbortSignal): Promise<Omit<Vote, 'basis' | 'salt'>> {
    const { digest: references } = await this.#references.of(entry, signal);
    const { before, next, digest } = await proposedModel(
      this.#parts,
      entry,
      await this.#sums.proven(entry, updateSum),
    );
    const rows = await this.#rows.get();
    const then = await rows.evaluate(before, signal);
    const now = await rows.evaluate(next, signal);
    // A program's change is on disk until the next one is, and this round's may be needed after a reorganisation.
    const { model, rounds } = this.#parts.description;
    const isLast = entry.index + 1 >= rounds;
    if (now.accuracy >= then.accuracy && !isLast && model.kind !== 'program')
      this.#ahead.begin(next, entry.index + 1);
    step(
      this.#parts,
      `judges the new model on ${now.count} rows: accuracy ${percent(now.accuracy)}, AUC ` +
        `${now.auc.toFixed(3)}, log loss ${now.logLoss.toFixed(3)}, calibration error ${percent(now.calibration)}`,
    );
    return {
      model: digest,
      references,
      quality: basisPoints(now.accuracy),
      before: basisPoints(then.accuracy),
    };
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
