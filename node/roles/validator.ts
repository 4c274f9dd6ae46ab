// The validator: shows on held-out data where the model should go (its probe), then judges where it went (its vote).
import { randomBytes } from 'node:crypto';
import { bytesToHex } from 'viem';
import { z } from 'zod';
import type { Federation } from '../../he/index.ts';
import { basisOfVote } from '../chain/basis.ts';
import type { RoundEntry } from '../chain/journal.ts';
import type { Vote } from '../chain/task_chain.ts';
import { proveSubmission, type SealedChunk, sealChunks } from '../federation/index.ts';
import { basisPoints, type Dataset, LocalValidator } from '../learn/index.ts';
import { encodeProposal } from '../rules/index.ts';
import { bindingOf, inStep, type LearnerContext, proofTimer, same, step } from './context.ts';
import { registerValidator, runningFederation } from './keying.ts';
import { type Progress, progressIn, readProgress, writeProgress } from './progress.ts';
import { loadModel, loadSums, loadSupport, proposedModel, showContents } from './public_round.ts';

const hex = z.string().regex(/^0x[0-9a-f]*$/) as unknown as z.ZodType<`0x${string}`>;
const voteSchema = z.strictObject({
  basis: hex,
  model: hex,
  quality: z.int(),
  before: z.int(),
  salt: hex,
});

export interface ValidatorParts extends LearnerContext {
  readonly holdout: Dataset;
  /** Seeds the batches of its proposals, so that a round repeated after a crash gives the same one. */
  readonly seed: string;
  readonly peer: `0x${string}`;
  /** X25519 public key; a validator is sent nothing sealed today, but its registration carries one. */
  readonly sealingKey: `0x${string}`;
}

export class Validator {
  readonly #parts: ValidatorParts;
  #local: LocalValidator | undefined;
  #progress: Progress | undefined;
  #federation: Federation | undefined;

  constructor(parts: ValidatorParts) {
    this.#parts = parts;
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
    if (stage.phase === 'submit' && seat.submittedIn !== entry.number) return this.#probe(entry, signal);
    if (stage.phase === 'commit' && seat.committedIn !== entry.number) return this.#commit(entry);
    if (stage.phase === 'reveal' && seat.committedIn === entry.number && seat.revealedIn !== entry.number)
      return chain.revealVote(entry.number, await this.#vote(entry));
  }

  async #propose(entry: RoundEntry): Promise<void> {
    const { chain, store } = this.#parts;
    if ((await chain.terms()).selector !== 'probe') return;
    const local = await this.#resume();
    let proposal = progressIn(entry, this.#progress)?.proposal;
    if (!proposal) {
      const model = await loadModel(this.#parts, entry.model);
      step(this.#parts, 'proposes a support from its hold-out data');
      await this.#advance(entry, () => {
        local.settle();
        proposal = encodeProposal(local.propose(model, entry.index));
        return { proposal, sealed: undefined };
      });
    }
    await chain.propose(entry.number, await store.put(proposal!));
  }

  async #probe(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    const { normBound } = await chain.terms();
    const sealed = await this.#sealed(entry);
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
  async #sealed(entry: RoundEntry): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    const local = await this.#resume();
    const current = progressIn(entry, this.#progress);
    if (current?.sealed) return current.sealed;
    const model = await loadModel(this.#parts, entry.model);
    const support = await loadSupport(this.#parts, entry);
    this.#federation ??= await runningFederation(this.#parts);
    const federation = this.#federation;
    const binding = bindingOf(this.#parts, 'probe', entry.number);
    const { sealed } = await this.#advance(entry, () => {
      if (!current) local.settle();
      const lanes = local.probe(model, support);
      return { proposal: current?.proposal, sealed: sealChunks(he, federation, binding, lanes) };
    });
    return sealed!;
  }

  /** What it owes to its proposals, as it was last written. */
  async #resume(): Promise<LocalValidator> {
    if (this.#local) return this.#local;
    const { memory, description, network, holdout, seed } = this.#parts;
    this.#progress = await readProgress(memory, description.compression.chunks);
    const state = this.#progress?.state;
    this.#local = new LocalValidator({
      task: description,
      network,
      holdout,
      seed,
      ...(state && { state }),
    });
    return this.#local;
  }

  /** Changes what is owed and writes it with what came of it. If either fails, the next step starts from the disk again. */
  async #advance(entry: RoundEntry, change: () => Pick<Progress, 'proposal' | 'sealed'>): Promise<Progress> {
    try {
      const made = change();
      const basis = made.sealed ? entry.basis : entry.opening;
      const progress = { round: entry.number, basis, state: this.#local!.save(), ...made };
      await writeProgress(this.#parts.memory, progress);
      this.#progress = progress;
      return progress;
    } catch (error) {
      this.#local = undefined;
      throw error;
    }
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
    const local = await this.#resume();
    const name = `vote-${entry.number}`;
    const basis = basisOfVote(entry);
    const bytes = await memory.read(name);
    const known = bytes && voteSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (known?.basis === basis) return known;
    // A vote says that both sums can be read: whoever could not read them is not slashed, because no majority voted.
    await loadSums(this.#parts, entry, 'probe');
    const { before, next, digest } = await proposedModel(this.#parts, entry);
    const quality = (model: Float32Array) => basisPoints(local.evaluate(model).accuracy);
    const vote = {
      basis,
      model: digest,
      quality: quality(next),
      before: quality(before),
      salt: bytesToHex(randomBytes(32)),
    };
    await memory.write(name, new TextEncoder().encode(JSON.stringify(vote)));
    await memory.remove(`vote-${entry.number - 2}`);
    return vote;
  }
}
