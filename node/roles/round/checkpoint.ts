// How far a learner has come with a round: its learning state, and what it sealed, in one file that is always
// whole. Were they two, a kill between them would spend an update that was never sealed, or owe one that was
// sent.
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { decodeSealed, encodeSealed, type SealedChunk } from '../../cryptography/index.ts';
import { decodeBundle, encodeBundle } from '../../protocol/index.ts';
import type { RoleStorage } from '../runtime/storage.ts';

/** A round's progress: trained or proposed when it is there at all, sealed when `sealed` is. */
export interface RoundProgress {
  readonly round: number;
  /**
   * What it was made on: the round's opening, and once sealed its basis. Progress on another basis is stale
   * even if the round number is the same.
   */
  readonly basis: Hex;
  /** State of the compressor (node/compress), encoded. */
  readonly state: Uint8Array;
  /** A support that was proposed, encoded. */
  readonly proposal: Uint8Array | undefined;
  readonly sealed: readonly SealedChunk[] | undefined;
}

/** A round and the bases of what is made in it. */
export type RoundBasis = Pick<RoundEntry, 'number' | 'opening' | 'basis'>;

const name = 'progress';

/** The progress if it is of this round as the chain has it, and not of one that a reorganisation replaced. */
export function progressIn(
  { number, opening, basis }: RoundBasis,
  progress: RoundProgress | undefined,
): RoundProgress | undefined {
  const current = progress?.round === number && progress.basis === (progress.sealed ? basis : opening);
  return current ? progress : undefined;
}

/** What was written last. `chunks` are those of a round. @throws where the bytes are not a progress. */
export async function readProgress(storage: RoleStorage, chunks: number): Promise<RoundProgress | undefined> {
  const bytes = await storage.read(name);
  if (!bytes) return undefined;
  const [head, state, proposal, sealed] = decodeBundle(bytes, 4) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  if (head.length !== 36)
    throw new RangeError(`progress: a round and its basis of ${head.length} bytes; they have 36`);
  return {
    round: new DataView(head.buffer, head.byteOffset).getUint32(0, true),
    basis: bytesToHex(head.subarray(4)),
    state,
    proposal: proposal.length > 0 ? proposal : undefined,
    sealed: sealed.length > 0 ? decodeSealed(sealed, chunks) : undefined,
  };
}

/** Durable once it resolves. Write it before anything of it leaves the machine. */
export function writeProgress(storage: RoleStorage, progress: RoundProgress): Promise<void> {
  const { round, basis, state, proposal, sealed } = progress;
  const head = new Uint8Array(36);
  new DataView(head.buffer).setUint32(0, round, true);
  head.set(hexToBytes(basis), 4);
  const none = new Uint8Array();
  return storage.write(
    name,
    encodeBundle([head, state, proposal ?? none, sealed ? encodeSealed(sealed) : none]),
  );
}

/** A learner's work as it was last written: what is changed is written before it counts. */
export class Checkpoint<Local extends { save(): Uint8Array }> {
  readonly #storage: RoleStorage;
  readonly #chunks: number;
  readonly #make: (state: Uint8Array | undefined) => Local | Promise<Local>;
  #work: { local: Local; progress: RoundProgress | undefined } | undefined;

  /** `make` gives the learning that a state stands for, or that has none yet. */
  constructor(
    storage: RoleStorage,
    chunks: number,
    make: (state: Uint8Array | undefined) => Local | Promise<Local>,
  ) {
    this.#storage = storage;
    this.#chunks = chunks;
    this.#make = make;
  }

  /** The learning, and how far it has come. */
  async look(): Promise<{ readonly local: Local; readonly progress: RoundProgress | undefined }> {
    if (this.#work) return this.#work;
    const progress = await readProgress(this.#storage, this.#chunks);
    this.#work = { local: await this.#make(progress?.state), progress };
    return this.#work;
  }

  /**
   * Changes the learning and writes it with what came of it. If either fails, the next look is at the disk
   * again.
   */
  async advance(
    { number, opening, basis }: RoundBasis,
    change: (local: Local) => Pick<RoundProgress, 'proposal' | 'sealed'>,
  ): Promise<RoundProgress> {
    const { local } = await this.look();
    try {
      const made = change(local);
      const on = made.sealed ? basis : opening;
      const progress = { round: number, basis: on, state: local.save(), ...made };
      await writeProgress(this.#storage, progress);
      this.#work = { local, progress };
      return progress;
    } catch (error) {
      this.#work = undefined;
      throw error;
    }
  }
}
