// The validator: shows on held-out data where the model should go (its probe), then judges where it went (its vote).
import { randomBytes } from 'node:crypto';
import { bytesToHex } from 'viem';
import { z } from 'zod';
import type { RoundEntry } from '../chain/journal.ts';
import type { Stage, Vote } from '../chain/task_chain.ts';
import { proveSubmission, type SealedChunk, sealChunks } from '../cryptography/index.ts';
import { basisPoints, LocalValidator, type OwnData } from '../learn/index.ts';
import { basisOfVote } from '../protocol/basis.ts';
import { encodeProposal } from '../protocol/index.ts';
import { registerValidator, runningStatistics } from './key/keying.ts';
import { progressIn, Workbench } from './round/checkpoint.ts';
import { loadModel, proposedModel, showContents, supportInTime } from './round/public_round.ts';
import { RoundSums } from './round/sums.ts';
import { bindingOf, inStep, type LearnerContext, proofTimer, same, step } from './runtime/context.ts';

const hex = z.string().regex(/^0x[0-9a-f]*$/) as unknown as z.ZodType<`0x${string}`>;
const voteSchema = z.strictObject({ basis: hex, model: hex, quality: z.int(), before: z.int(), salt: hex });

export interface ValidatorParts extends LearnerContext {
  readonly holdout: OwnData;
  /** Seeds the batches of its proposals, so that a round repeated after a crash gives the same one. */
  readonly seed: string;
  readonly peer: `0x${string}`;
  /** X25519 public key; a validator is sent nothing sealed today, but its registration carries one. */
  readonly sealingKey: `0x${string}`;
}

export class Validator {
  readonly #parts: ValidatorParts;
  /** What it owes to its proposals. */
  readonly #bench: Workbench<LocalValidator>;
  readonly #sums: RoundSums;

  constructor(parts: ValidatorParts) {
    const { memory, description, network, holdout, seed } = parts;
    const { chunks } = description.compression;
    this.#parts = parts;
    this.#sums = new RoundSums(parts, chunks);
    this.#bench = new Workbench(
      memory,
      chunks,
      async (state) =>
        new LocalValidator({
          task: description,
          network,
          holdout: holdout.dataset(await runningStatistics(parts)),
          seed,
          ...(state && { state }),
        }),
    );
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number): Promise<void> {
    await registerValidator(this.#parts, epoch, this.#parts.peer, this.#parts.sealingKey);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (!inStep(stage, entry)) return;
    const seat = await chain.seat(chain.account);
    if (stage.phase === 'support' && seat.proposedIn !== entry.number) return this.#propose(entry);
    if (stage.phase === 'submit' && seat.submittedIn !== entry.number)
      return this.#probe(entry, stage, signal);
    if (stage.phase === 'commit' && seat.committedIn !== entry.number) return this.#commit(entry);
    if (stage.phase === 'reveal' && seat.committedIn === entry.number && seat.revealedIn !== entry.number)
      return chain.revealVote(entry.number, await this.#vote(entry));
  }

  async #propose(entry: RoundEntry): Promise<void> {
    const { chain, store } = this.#parts;
    if ((await chain.terms()).selector !== 'probe') return;
    let { progress } = await this.#bench.look();
    if (!progress || !progressIn(entry, progress)?.proposal) {
      const model = await loadModel(this.#parts, entry.model);
      step(this.#parts, 'proposes a support from its hold-out data');
      progress = await this.#bench.advance(entry, (local) => {
        local.settle();
        return { proposal: encodeProposal(local.propose(model, entry.index)), sealed: undefined };
      });
    }
    await chain.propose(entry.number, await store.put(progress.proposal!));
  }

  async #probe(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    const { normBound } = await chain.terms();
    const sealed = await this.#seal(entry, stage);
    await showContents(this.#parts, entry.number, sealed);
    step(this.#parts, 'proves its probe');
    const binding = bindingOf(this.#parts, 'probe', entry.number);
    const timer = proofTimer(this.#parts, entry.number, 'probe');
    await chain.submit(
      'probe',
      entry.number,
      entry.basis,
      await proveSubmission(prover, binding, normBound, sealed, timer, signal),
    );
  }

  /** The round's sealed probe: made once, remembered before anything of it is shown. */
  async #seal(entry: RoundEntry, stage: Stage): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    const { progress } = await this.#bench.look();
    const current = progressIn(entry, progress);
    if (current?.sealed) return current.sealed;
    const model = await loadModel(this.#parts, entry.model);
    const support = await supportInTime(this.#parts, entry, stage);
    const group = await this.#sums.group();
    const binding = bindingOf(this.#parts, 'probe', entry.number);
    const { sealed } = await this.#bench.advance(entry, (local) => {
      if (!current) local.settle();
      const lanes = local.probe(model, support);
      return { proposal: current?.proposal, sealed: sealChunks(he, group, binding, lanes) };
    });
    return sealed!;
  }

  async #commit(entry: RoundEntry): Promise<void> {
    const { chain } = this.#parts;
    if (entry.submitted.update.some(({ sender }) => same(sender, chain.account))) return;
    const vote = await this.#vote(entry);
    step(
      this.#parts,
      `votes: ${(vote.before / 100).toFixed(1)} % before, ${(vote.quality / 100).toFixed(1)} % after`,
    );
    await chain.commitVote(entry.number, vote);
  }

  /** The vote of a round: made once, remembered before its commitment is sent, or it could not be revealed. */
  async #vote(entry: RoundEntry): Promise<Vote> {
    const { memory } = this.#parts;
    const name = `vote-${entry.number}`;
    const { update, probe } = entry.sums;
    if (!update || !probe) throw new Error(`round ${entry.number}: its sums are not proven yet`);
    const basis = basisOfVote(entry.basis, update.digests, probe.digests);
    const bytes = await memory.read(name);
    const known = bytes && voteSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (known?.basis === basis) return known;
    const vote = { basis, ...(await this.#judge(entry)), salt: bytesToHex(randomBytes(32)) };
    await memory.write(name, new TextEncoder().encode(JSON.stringify(vote)));
    await memory.remove(`vote-${entry.number - 2}`);
    return vote;
  }

  /**
   * What the round's model is worth here. A validator that had to abstain rejects the round, whatever can be known by now: its
   * support was withheld while updates were made, and only who withheld it could have earned anything in it.
   */
  async #judge(entry: RoundEntry): Promise<Omit<Vote, 'basis' | 'salt'>> {
    const { local, progress } = await this.#bench.look();
    if (progressIn(entry, progress)?.sealed?.every(isZero)) {
      step(this.#parts, 'votes against the round, since its support was withheld');
      return { model: entry.model, quality: 0, before: 10_000 };
    }
    // A vote says that both sums can be read: whoever could not read them is not slashed, because no majority voted.
    await this.#sums.proven(entry, 'probe');
    const { before, next, digest } = await proposedModel(
      this.#parts,
      entry,
      await this.#sums.proven(entry, 'update'),
    );
    const [then, now] = [local.evaluate(before), local.evaluate(next)];
    step(
      this.#parts,
      `judges the new model on ${now.count} rows: accuracy ${percent(now.accuracy)}, AUC ${now.auc.toFixed(3)}, log loss ${now.logLoss.toFixed(3)}, calibration error ${percent(now.calibration)}`,
    );
    return { model: digest, quality: basisPoints(now.accuracy), before: basisPoints(then.accuracy) };
  }
}

/** Whether a probe points nowhere: it was sent by a validator that did not know the support. */
const isZero = ({ coordinates }: SealedChunk): boolean => coordinates.every((lane) => lane === 0);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
