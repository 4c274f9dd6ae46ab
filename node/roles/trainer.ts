// The trainer: trains, sends its update, adds and decrypts with the others, proves its alignment. Whatever is due follows from
// the chain and from what it remembers, so it can be killed at any point and started again.
import type { RoundEntry } from '../chain/journal.ts';
import type { Stage } from '../chain/task_chain.ts';
import { proveAlignment, proveSubmission, type SealedChunk, sealChunks } from '../cryptography/index.ts';
import { type Behaviour, LocalTrainer, type OwnData } from '../learn/index.ts';
import { encodeProposal } from '../protocol/index.ts';
import { keyingStep, runningStatistics } from './key/keying.ts';
import { progressIn, Workbench } from './round/checkpoint.ts';
import { Decryptor } from './round/decryption.ts';
import { loadModel, showContents, supportInTime } from './round/public_round.ts';
import type { SumRing } from './round/sum_ring.ts';
import { RoundSums } from './round/sums.ts';
import { bindingOf, inStep, type LearnerContext, proofTimer, same, step } from './runtime/context.ts';

export interface TrainerParts extends LearnerContext {
  readonly data: OwnData;
  readonly peer: string;
  readonly seed: string;
  readonly ring: SumRing;
  /** What it does to its updates; `garbage-proof` sends proofs that fail. */
  readonly behaviour?: Behaviour | 'garbage-proof';
}

export class Trainer {
  readonly #parts: TrainerParts;
  readonly #bench: Workbench<LocalTrainer>;
  readonly #sums: RoundSums;
  readonly #decryptor: Decryptor;

  constructor(parts: TrainerParts) {
    const { memory, description, network, data, seed, ring, behaviour } = parts;
    const { chunks } = description.compression;
    this.#parts = parts;
    this.#sums = new RoundSums(parts, chunks);
    this.#decryptor = new Decryptor(parts, this.#sums, ring);
    this.#bench = new Workbench(
      memory,
      chunks,
      async (state) =>
        new LocalTrainer({
          task: description,
          network,
          data: data.dataset(await runningStatistics(parts)),
          seed,
          ...(state && { state }),
          ...(behaviour && behaviour !== 'garbage-proof' && { behaviour }),
        }),
    );
  }

  /** Does what is due in the key generation of `epoch`. */
  async keying(epoch: number, peer: `0x${string}`): Promise<void> {
    await keyingStep(this.#parts, epoch, peer, this.#parts.data.lanes);
  }

  /** Does what is due in the current round. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#parts;
    const stage = await chain.stage();
    if (!inStep(stage, entry)) return;
    if (stage.phase === 'support') return this.#support(entry);
    if (stage.phase === 'submit') return this.#submit(entry, stage, signal);
    if (stage.phase === 'aggregate') return this.#decryptor.round(entry, stage, signal);
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

  async #submit(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#parts;
    if ((await chain.seat(chain.account)).submittedIn === entry.number) return;
    const { normBound } = await chain.terms();
    const sealed = await this.#seal(entry, stage);
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
  async #seal(entry: RoundEntry, stage: Stage): Promise<readonly SealedChunk[]> {
    const { he } = this.#parts;
    await this.#train(entry);
    const { progress } = await this.#bench.look();
    const known = progressIn(entry, progress)?.sealed;
    if (known) return known;
    const support = await supportInTime(this.#parts, entry, stage);
    const group = await this.#sums.group();
    const binding = bindingOf(this.#parts, 'update', entry.number);
    const { sealed } = await this.#bench.advance(entry, (local) => ({
      proposal: undefined,
      sealed: sealChunks(he, group, binding, local.compress(support, entry.scale, entry.index)),
    }));
    return sealed!;
  }

  /** Trains for the round, after closing the one before; both once, also over a restart. */
  async #train(entry: RoundEntry): Promise<LocalTrainer> {
    const { chain, description } = this.#parts;
    const { local, progress } = await this.#bench.look();
    if (progressIn(entry, progress)) return local;
    const last = progress?.round ?? 0;
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const model = await loadModel(this.#parts, entry.model);
    step(this.#parts, `trains ${description.training.steps} steps on its ${local.examples} examples`);
    await this.#bench.advance(entry, () => {
      local.settle(this.#outcomeOf(last));
      local.train(model, entry.index, trainers.length);
      return { proposal: undefined, sealed: undefined };
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
    const mine = entry.submitted.update.some(({ sender }) => same(sender, chain.account));
    if (!mine || !entry.sums.probe || (await chain.alignmentProvenIn(chain.account)) === entry.number) return;
    const { progress } = await this.#bench.look();
    const sealed = progressIn(entry, progress)?.sealed;
    if (!sealed)
      throw new Error(
        `round ${entry.number}: what this trainer sent is not in its state folder; without it, its alignment cannot be proven`,
      );
    const probes = await this.#sums.proven(entry, 'probe', signal);
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
}
