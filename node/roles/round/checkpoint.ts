// The checkpoint: a learner's state and what it sealed in a round, in one file that is always whole. In two
// files, a kill between the writes would spend an update that was never sealed, or owe one that was sent.
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { decodeSealed, encodeSealed, type SealedChunk } from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { decodeBundle, encodeBundle } from '../../protocol/index.ts';
import { type RoleStorage, remembered } from '../runtime/storage.ts';

/**
 * How far a learner has come with a round. Where there is progress, it has trained or proposed; where
 * `sealed` is set, it has sealed.
 */
export interface RoundProgress {
  readonly round: number;
  /**
   * The chain state that it was made on: the round's opening, and once sealed the round's basis. Progress on
   * another basis is stale even if the round number is the same.
   */
  readonly basis: Hex;
  /** State of the compressor (node/compress), encoded. */
  readonly state: Uint8Array;
  /** The support that was proposed, encoded. */
  readonly proposal?: Uint8Array | undefined;
  /** Its author could not know the support, and sealed zeros. Zeros alone do not say so. */
  readonly abstained?: boolean;
  readonly sealed?: readonly SealedChunk[] | undefined;
}

/** A round and the bases of what is made in it. */
export type RoundBasis = Pick<RoundEntry, 'number' | 'opening' | 'basis'>;

const name = 'progress';
const headBytes = 37;

/**
 * The progress if it belongs to this round as the chain has it now; undefined if it belongs to a round that a
 * reorganisation replaced.
 */
export function progressIn(
  { number, opening, basis }: RoundBasis,
  progress: RoundProgress | undefined,
): RoundProgress | undefined {
  const current = progress?.round === number && progress.basis === (progress.sealed ? basis : opening);
  return current ? progress : undefined;
}

/**
 * The progress that was written last.
 * @param chunks of a round.
 * @throws NodeError `state` where the bytes are none.
 */
export function readProgress(storage: RoleStorage, chunks: number): Promise<RoundProgress | undefined> {
  return remembered(storage, name, (bytes) => decodeProgress(bytes, chunks));
}

function decodeProgress(bytes: Uint8Array, chunks: number): RoundProgress {
  const [head, state, proposal, sealed] = decodeBundle(bytes, 4) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  if (head.length !== headBytes)
    throw new NodeError(
      'state',
      `head of the progress has ${head.length} bytes, but round, basis and abstention have ${headBytes}`,
    );
  return {
    round: new DataView(head.buffer, head.byteOffset).getUint32(0, true),
    basis: bytesToHex(head.subarray(4, 36)),
    abstained: head[36] === 1,
    state,
    proposal: proposal.length > 0 ? proposal : undefined,
    sealed: sealed.length > 0 ? decodeSealed(sealed, chunks) : undefined,
  };
}

/** Writes the progress, durable once it resolves. Write it before anything of it leaves the machine. */
export function writeProgress(storage: RoleStorage, progress: RoundProgress): Promise<void> {
  const { round, basis, state, proposal, abstained, sealed } = progress;
  const head = new Uint8Array(headBytes);
  new DataView(head.buffer).setUint32(0, round, true);
  head.set(hexToBytes(basis), 4);
  head[36] = abstained ? 1 : 0;
  const none = new Uint8Array();
  return storage.write(
    name,
    encodeBundle([head, state, proposal ?? none, sealed ? encodeSealed(sealed) : none]),
  );
}

/** A learner's state and progress. A change of them is written before it counts. */
export class Checkpoint<Local extends { save(): Uint8Array }> {
  readonly #storage: RoleStorage;
  readonly #chunks: number;
  readonly #make: (state: Uint8Array | undefined) => Local | Promise<Local>;
  #work: { local: Local; progress: RoundProgress | undefined } | undefined;

  /**
   * @param chunks of a round.
   * @param make the learner of a state, or a new one.
   */
  constructor(
    storage: RoleStorage,
    chunks: number,
    make: (state: Uint8Array | undefined) => Local | Promise<Local>,
  ) {
    this.#storage = storage;
    this.#chunks = chunks;
    this.#make = make;
  }

  /** The learner, and how far it has come. */
  async look(): Promise<{ readonly local: Local; readonly progress: RoundProgress | undefined }> {
    if (this.#work) return this.#work;
    const progress = await readProgress(this.#storage, this.#chunks);
    this.#work = { local: await this.#make(progress?.state), progress };
    return this.#work;
  }

  /**
   * Changes the learner and writes its state with the result. If either fails, the next look reads from the
   * disk again.
   */
  async advance(
    { number, opening, basis }: RoundBasis,
    change: (local: Local) => Pick<RoundProgress, 'proposal' | 'abstained' | 'sealed'>,
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
