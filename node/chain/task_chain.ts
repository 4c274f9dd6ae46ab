// A task on chain as one account sees it: parameters that never change, a journal that grows, calls that it can make.

import type { G1Point } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import type { ProvenAlignment, ProvenChunk, ProvenSumChunk } from '../cryptography/index.ts';
import type { AlignmentInputs } from '../protocol/basis.ts';
import type { TopicKind } from '../protocol/topics.ts';
import type { Journal, Phase, Subject } from './journal.ts';

export const taskStatuses = ['none', 'open', 'drawing', 'keying', 'running', 'ended', 'cancelled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Where a task stands before and after its rounds. Times in seconds of the chain. */
export interface TaskState {
  status: TaskStatus;
  deadline: bigint;
  epoch: number;
}

/** Where a running task stands. */
export interface Stage {
  round: number;
  phase: Phase;
  deadline: bigint;
  /** Of the updates that were accepted. */
  weight: number;
  /** Probes that were accepted. */
  probes: number;
  proven: Record<Subject, boolean>;
}

/** What the planner fixed, as far as roles need it. Durations in seconds. */
export interface TaskTerms {
  metadata: Hex;
  model: Hex;
  preset: Hex;
  normBound: bigint;
  chunks: number;
  threshold: number;
  selector: 'probe' | 'leader';
  submitDuration: number;
  aggregateDuration: number;
}

/** What an account has done in the current round. */
export interface SeatView {
  index: number;
  standing: 'none' | 'good' | 'suspended' | 'ejected';
  proposedIn: number;
  submittedIn: number;
  accepted: boolean;
  committedIn: number;
  revealedIn: number;
}

/** Everything of the chain that a role uses. Calls reject with `Reverted` when the contract refuses. */
export interface TaskChain {
  readonly chainId: number;
  readonly task: bigint;
  readonly account: Address;
  /** The contract that challenges bind. */
  readonly rounds: Address;
  readonly marketplace: Address;
  readonly journal: Journal;

  /** The block before which everything is in the journal. */
  readonly height: bigint;

  /** Reads new logs into the journal. */
  refresh(): Promise<void>;
  terms(): Promise<TaskTerms>;
  state(): Promise<TaskState>;
  stage(): Promise<Stage>;
  seat(account: Address): Promise<SeatView>;
  sumOf(subject: Subject, chunk: number): Promise<G1Point>;
  alignmentInputs(round: number, trainer: Address): Promise<AlignmentInputs>;
  alignmentProvenIn(trainer: Address): Promise<number>;

  revealSecret(secret: Hex): Promise<void>;
  registerKeys(epoch: number, keys: { peer: Hex; sealingKey: Hex; keyShare: Hex }): Promise<void>;
  confirmKey(epoch: number, collectiveKey: Hex): Promise<void>;
  post(kind: TopicKind, number: number, digest: Hex): Promise<void>;
  propose(round: number, digest: Hex): Promise<void>;
  /** @param basis `RoundEntry.basis`, of the entry that the chunks were made on. */
  submit(subject: Subject, round: number, basis: Hex, chunks: readonly ProvenChunk[]): Promise<void>;
  /** @param totals that the chunks were proven against. */
  submitSum(
    subject: Subject,
    round: number,
    totals: readonly G1Point[],
    chunks: readonly ProvenSumChunk[],
  ): Promise<void>;
  commitVote(round: number, vote: Vote): Promise<void>;
  revealVote(round: number, vote: Vote): Promise<void>;
  /** @param inputs that the chunks are about. */
  proveAlignment(
    round: number,
    trainer: Address,
    inputs: AlignmentInputs,
    chunks: readonly ProvenAlignment[],
  ): Promise<void>;
  /** Pushes the state machine on if it is due; resolves to whether it was. */
  advance(): Promise<boolean>;
}

/** A validator's vote; secret until it is revealed. Qualities in basis points. */
export interface Vote {
  /** `basisOfVote` of the entry that it was made on. */
  basis: Hex;
  model: Hex;
  quality: number;
  before: number;
  salt: Hex;
}
