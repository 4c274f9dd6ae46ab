// The validator: shows on held-out data where the model should go (its probe), then judges where it went (its vote).
import { randomBytes } from 'node:crypto';
import { bytesToHex } from 'viem';
import { z } from 'zod';
import type { Federation } from '../../he/index.ts';
import type { RoundEntry } from '../chain/journal.ts';
import type { Vote } from '../chain/task_chain.ts';
import {
  decodeSealed,
  encodeSealed,
  proveSubmission,
  type SealedChunk,
  sealChunks,
} from '../federation/index.ts';
import { basisPoints, type Dataset, LocalValidator } from '../learn/index.ts';
import { encodeProposal } from '../rules/index.ts';
import { bindingOf, type LearnerContext, proofTimer, same, step } from './context.ts';
import { registerValidator, runningFederation } from './keying.ts';
import { loadModel, loadSupport, proposedModel, showContents } from './public_round.ts';

const hex = z.string().regex(/^0x[0-9a-f]*$/) as unknown as z.ZodType<`0x${string}`>;
const voteSchema = z.strictObject({ model: hex, quality: z.int(), before: z.int(), salt: hex });

export interface ValidatorParts extends LearnerContext {
  readonly holdout: Dataset;
  readonly peer: `0x${string}`;
  /** X25519 public key; a validator is sent nothing sealed today, but its registration carries one. */
  readonly sealingKey: `0x${string}`;
}

export class Validator {
  readonly #parts: ValidatorParts;
  readonly #local: LocalValidator;
  #federation: Federation | undefined;
  #settled = 0;

  constructor(parts: ValidatorParts) {
    this.#parts = parts;
    const { description, network, holdout } = parts;
    this.#local = new LocalValidator({ task: description, network, holdout });
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number): Promise<void> {
    await registerValidator(this.#parts, epoch, this.#parts.peer, this.#parts.sealingKey);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (stage.round !== entry.number) return;
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
    this.#open(entry);
    const ranked = this.#local.propose(await loadModel(this.#parts, entry.model), entry.index);
    step(this.#parts, 'proposes a support from its hold-out data');
    await chain.propose(entry.number, await store.put(encodeProposal(ranked)));
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
      await proveSubmission(prover, binding, normBound, sealed, timer, signal),
    );
  }

  async #sealed(entry: RoundEntry): Promise<SealedChunk[]> {
    const { memory, he, description } = this.#parts;
    const name = `probe-${entry.number}`;
    const known = await memory.read(name);
    if (known) return decodeSealed(known, description.compression.chunks);
    this.#open(entry);
    const model = await loadModel(this.#parts, entry.model);
    const lanes = this.#local.probe(model, await loadSupport(this.#parts, entry));
    this.#federation ??= await runningFederation(this.#parts);
    const sealed = sealChunks(he, this.#federation, bindingOf(this.#parts, 'probe', entry.number), lanes);
    await memory.write(name, encodeSealed(sealed));
    await memory.remove(`probe-${entry.number - 2}`);
    return sealed;
  }

  /** Closes the rounds before, once. */
  #open(entry: RoundEntry): void {
    if (this.#settled === entry.number) return;
    if (this.#settled > 0) this.#local.settle();
    this.#settled = entry.number;
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
    const known = await memory.read(name);
    if (known) return voteSchema.parse(JSON.parse(new TextDecoder().decode(known)));
    const { before, next, digest } = await proposedModel(this.#parts, entry);
    const quality = (model: Float32Array) => basisPoints(this.#local.evaluate(model).accuracy);
    const vote = {
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
