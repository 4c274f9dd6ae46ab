// A task on chain as one account sees it: parameters that never change, a journal that grows, calls that it
// can make.
import type {
  Phase,
  ProvenAlignment,
  ProvenChunk,
  ProvenSumChunk,
  Selector,
  Standing,
  TaskStatus,
} from '@murmuration/contracts';
import type { G1Point } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import type { Accusation, AlignmentInputs, Subject, TopicKind, Vote } from '../protocol/index.ts';
import type { Waiting } from './heads.ts';
import type { AcceptedSubmission, Journal, MemberKeys } from './journal.ts';

/** Where a task stands before and after its rounds. */
export interface TaskState {
  readonly status: TaskStatus;
  /** When the current stage ends: seconds, chain time. */
  readonly deadline: bigint;
  /** Number of the key generation, from 1; 0 before the first. */
  readonly epoch: number;
}

/** Where a running task stands. */
export interface Stage {
  readonly round: number;
  readonly phase: Phase;
  /** When the phase ends: seconds, chain time. */
  readonly deadline: bigint;
  /** Sum of the weights of the updates that were accepted. */
  readonly weight: number;
  /** Probes that were accepted. */
  readonly probes: number;
  /** Numbers of the sums of two submissions or more, ascending: those that are opened. */
  readonly sumsDue: readonly number[];
  /** Those of them that were. The groups among them count in the round. */
  readonly sumsProven: readonly number[];
}

/** What the planner fixed, as far as roles need it. */
export interface TaskTerms {
  /** Digest of the task's description. */
  readonly metadata: Hex;
  /** Digest of the first model. */
  readonly model: Hex;
  /** A preset's id. */
  readonly preset: Hex;
  /** Largest squared norms of a chunk. */
  readonly normBounds: Readonly<Record<Subject, bigint>>;
  readonly chunks: number;
  /** t, trainers that it takes to decrypt. */
  readonly threshold: number;
  readonly selector: Selector;
  /** Of an epoch of the key: seconds. */
  readonly keyingDuration: number;
  /** Seconds. */
  readonly submitDuration: number;
  /** Seconds. */
  readonly inspectDuration: number;
  /** Seconds. */
  readonly aggregateDuration: number;
  /** Seconds. */
  readonly commitDuration: number;
}

/** What an account has done so far: numbers of the last rounds in which it did. */
export interface SeatView {
  readonly index: number;
  readonly standing: Standing;
  readonly proposedIn: number;
  readonly submittedIn: number;
  /** Whether that submission was accepted. */
  readonly accepted: boolean;
  readonly inspectedIn: number;
  readonly committedIn: number;
  readonly revealedIn: number;
  readonly abstainedIn: number;
}

/** What can be asked of a task. */
export interface TaskViews {
  /** Asked once: terms never change. */
  terms(): Promise<TaskTerms>;
  state(): Promise<TaskState>;
  stage(): Promise<Stage>;
  seat(account: Address): Promise<SeatView>;
  /** What of a member's stake is pledged to the task, in the token's smallest unit. */
  pledgeOf(account: Address): Promise<bigint>;
  /** Whether anybody is suspected of keeping sums closed: sums may leave out whom the last one had in. */
  isAnybodySuspected(): Promise<boolean>;
  /** Whether nothing is to be left out of the current round's sum of the updates any more, while it is inspected. */
  isSifted(): Promise<boolean>;
  /** The trainers whose updates are to be left out of the current round, while it is inspected; none before the draw. */
  surplus(): Promise<readonly Address[]>;
  /** The weight of a trainer's updates, from its application on. */
  weightOf(trainer: Address): Promise<number>;
  /** The running sum of the commitments of a chunk, of the sum of this number. */
  sumOf(sum: number, chunk: number): Promise<G1Point>;
  alignmentInputs(round: number, trainer: Address): Promise<AlignmentInputs>;
  /** The last round in which the trainer's alignment was proven. */
  alignmentProvenIn(trainer: Address): Promise<number>;
  /** The time that a transaction sent now would see: seconds, chain time. */
  time(): Promise<bigint>;
  /** When a block was made: seconds, chain time. */
  timeOf(block: bigint): Promise<bigint>;
}

/**
 * What the account can do in a task. Each call resolves when it is mined, or was made already: by this
 * account, or for a sum by another prover. It rejects with `Reverted` when the contract refuses it.
 */
export interface TaskCalls {
  revealSecret(secret: Hex): Promise<void>;
  registerKeys(epoch: number, keys: MemberKeys): Promise<void>;
  /** Announces this trainer's dealing. */
  deal(epoch: number, digest: Hex): Promise<void>;
  /** Votes, as a validator, that a trainer keeps the key from being made. */
  reject(epoch: number, trainer: Address): Promise<void>;
  confirmKey(epoch: number, collectiveKey: Hex): Promise<void>;
  /** Announces a digest on the bulletin. */
  announce(kind: Exclude<TopicKind, 'sealed-shares'>, number: number, digest: Hex): Promise<void>;
  propose(round: number, digest: Hex): Promise<void>;
  submit(subject: Subject, submission: SubmissionCall): Promise<void>;
  /** Votes that a submission be excluded from its sum. */
  voteToExclude(round: number, submission: Pick<AcceptedSubmission, 'sender' | 'commitments'>): Promise<void>;
  /** Draws which updates the round leaves out; resolves to whether that was due, in a block later than submitting. */
  draw(round: number): Promise<boolean>;
  /**
   * Leaves an update that was drawn out of the sum; resolves to whether it was due: all validators that were there have
   * looked before.
   */
  leaveOut(round: number, submission: Pick<AcceptedSubmission, 'sender' | 'commitments'>): Promise<boolean>;
  /** Says that this account has looked at the content of all submissions, and excludes no further one. */
  inspect(round: number): Promise<void>;
  /**
   * @param number of the sum.
   * @returns wei that its transaction cost; undefined where it was proven already, by this account or another.
   */
  submitSum(number: number, sum: SumCall): Promise<bigint | undefined>;
  /** Says that this account has no vote in the round. */
  abstain(round: number): Promise<void>;
  commitVote(round: number, vote: Vote): Promise<void>;
  revealVote(round: number, vote: Vote): Promise<void>;
  proveAlignment(alignment: AlignmentCall): Promise<void>;
  /** Files an accusation that more than half of the validators' stake has signed. */
  fileDispute(accusation: Accusation, signed: readonly SignerOf[]): Promise<void>;
  /** Carries a dispute out whose appeal window is over. */
  executeDispute(id: Hex): Promise<void>;
  /** Overturns a dispute within its appeal window. */
  overturnDispute(id: Hex, signed: readonly SignerOf[]): Promise<void>;
  /** Gas that `advance` would take of a task in this status; undefined while it is not due. */
  gasToAdvance(status: TaskStatus): Promise<bigint | undefined>;
  /** Pushes the state machine on if it is due; resolves to whether it was. */
  advance(): Promise<boolean>;
}

/** A validator and its signature. */
export interface SignerOf {
  readonly signer: Address;
  readonly signature: Hex;
}

/** An update or a probe as it is sent. */
export interface SubmissionCall {
  readonly round: number;
  /** `RoundEntry.basis` of the entry that the chunks were made on. */
  readonly basis: Hex;
  readonly chunks: readonly ProvenChunk[];
}

/** A sum as it is sent. */
export interface SumCall {
  readonly round: number;
  /** The running sums that the chunks were proven against. */
  readonly totals: readonly G1Point[];
  readonly chunks: readonly ProvenSumChunk[];
}

/** An alignment as it is sent. */
export interface AlignmentCall {
  readonly round: number;
  readonly trainer: Address;
  /** What the chunks are about. */
  readonly inputs: AlignmentInputs;
  /** The references' points, one a chunk, whose digest `inputs` has. */
  readonly points: readonly G1Point[];
  readonly chunks: readonly ProvenAlignment[];
}

/** Everything of the chain that a role uses. */
export interface TaskChain extends TaskViews, TaskCalls {
  readonly chainId: number;
  readonly task: bigint;
  readonly account: Address;
  /** The contract that challenges bind. */
  readonly rounds: Address;
  readonly marketplace: Address;
  /** The contract for which accusations are signed. */
  readonly disputes: Address;
  readonly journal: Journal;
  /** The block before which everything is in the journal. */
  readonly height: bigint;
  /**
   * Reads new logs into the journal.
   * @throws DeepReorganisation; the next call then reads the journal anew.
   */
  refresh(): Promise<void>;
  /** Resolves once there may be something new at or above this height, or after so long. */
  news(since: bigint, waiting: Waiting): Promise<void>;
}
