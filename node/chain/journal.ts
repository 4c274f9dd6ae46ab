// The journal of a task: what its logs say, as roles, reports and auditors read it. It can always be rebuilt
// from the logs alone.
import type { Fault, Outcome, Phase, TaskStatus, Verdict } from '@murmuration/contracts';
import type { G1Point } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import type { Subject } from '../protocol/index.ts';
import type { Departure } from './departure.ts';
import type { Origin } from './posting.ts';

/** An update or a probe that was accepted. */
export interface AcceptedSubmission {
  readonly sender: Address;
  /** Number of the sum that it is part of. */
  readonly sum: number;
  /** Of the update in the sum; 1 for a probe. */
  readonly weight: number;
  /** Of the coordinates and their blinding, one a chunk. */
  readonly commitments: readonly G1Point[];
  /** Of the ciphertexts, one a chunk. */
  readonly digests: readonly Hex[];
}

/** A sum that was proven. */
export interface ProvenSum {
  readonly prover: Address;
  /**
   * Of the published sums, one a chunk. The proof says nothing of these files: a reader checks what it finds
   * under them.
   */
  readonly digests: readonly Hex[];
  /** Sponges of the sum, one a chunk, which the proof is about: by them a reader knows the sum. */
  readonly h: readonly bigint[];
}

/** A trainer's result of a round. */
export interface SettledTrainer {
  readonly trainer: Address;
  /** Lower median of its scores over the groups that count, in units of 1/128; -128 without a proof. */
  readonly seen: number;
  readonly verdict: Verdict;
  /** Whether the verdict raised its level. */
  readonly struck: boolean;
  /** Strikes that stand after the round. */
  readonly level: number;
  /** In the token's smallest unit. */
  readonly reward: bigint;
}

/** One round, as far as it has come. */
export interface RoundEntry {
  /** From 1; a number is never used twice. */
  readonly number: number;
  /** From 0: the index that the task's schedules go by. */
  readonly index: number;
  /** Digest of the model that the round starts from. */
  readonly model: Hex;
  /** In units of 2^-48. */
  readonly scale: bigint;
  readonly leader: Address;
  /** The basis of training and of proposals: all rounds before, model, scale. */
  readonly opening: Hex;
  /** The basis of updates and probes: the opening and the proposals so far. */
  readonly basis: Hex;
  /** The basis of votes: that of updates and probes, and the sums proven so far. */
  readonly voteBasis: Hex;
  /** The phase that the round is in. */
  readonly phase: Phase;
  /** When that phase ends: seconds, chain time. */
  readonly deadline: bigint;
  readonly proposals: readonly { readonly proposer: Address; readonly digest: Hex }[];
  /** What was accepted, and neither excluded nor left out since. */
  readonly submitted: Readonly<Record<Subject, readonly AcceptedSubmission[]>>;
  /** Members whose submissions were excluded from their sums. */
  readonly excluded: readonly Address[];
  /** Trainers whose updates were drawn to stay out of the sum. */
  readonly leftOut: readonly Address[];
  readonly rejected: readonly { readonly sender: Address; readonly subject: Subject }[];
  /** The sums that were proven, by number. */
  readonly sums: ReadonlyMap<number, ProvenSum>;
  /** Provers whose sums failed. */
  readonly rejectedSums: readonly Address[];
  /** Votes that were revealed; qualities in basis points. */
  readonly votes: readonly {
    readonly validator: Address;
    readonly model: Hex;
    readonly references: Hex;
    readonly quality: number;
    readonly before: number;
  }[];
  /** Validators that abstained from the vote. */
  readonly abstained: readonly Address[];
  /** Median quality and gain in basis points, once tallied. */
  readonly tally: { readonly quality: number; readonly gain: number } | undefined;
  /** Lower medians of the trainers' scores, one a group that counts, in units of 1/128, once settled. */
  readonly medians: readonly number[] | undefined;
  readonly settled: readonly SettledTrainer[];
  readonly penalties: readonly {
    readonly account: Address;
    readonly fault: Fault;
    readonly amount: bigint;
  }[];
  readonly outcome: Outcome;
  /** Digest of the model after the round, once closed. */
  readonly modelAfter: Hex | undefined;
}

/** What a member registered for a key generation. */
export interface MemberKeys {
  /** Bytes of its PeerId. */
  readonly peer: Hex;
  /** X25519 public key. */
  readonly sealingKey: Hex;
  /** Digest of its key share; zero for a validator. */
  readonly keyShare: Hex;
}

/** A key generation's committee, and what its members registered. */
export interface KeyEpoch {
  readonly trainers: readonly Address[];
  readonly validators: readonly Address[];
  readonly keys: ReadonlyMap<Address, MemberKeys>;
  /** The collective keys that trainers confirmed. */
  readonly confirmed: ReadonlyMap<Address, Hex>;
}

/** A digest that was announced on the bulletin. */
export interface Announcement {
  readonly sender: Address;
  /** A `topicOf`. */
  readonly topic: Hex;
  readonly digest: Hex;
  readonly block: bigint;
}

/** Where a dispute stands. */
export type DisputeStatus = 'pending' | 'executed' | 'overturned';

/** An accusation that a quorum has signed, and that was filed. */
export interface FiledDispute {
  /** `keccak256(abi.encode(task, round, culprit))`. */
  readonly id: Hex;
  readonly round: number;
  readonly culprit: Address;
  /** Number of the kind of evidence. */
  readonly fault: number;
  /** Digest of the evidence. */
  readonly evidence: Hex;
  /** Until then it may be overturned: seconds, chain time. */
  readonly appealEnds: bigint;
  readonly status: DisputeStatus;
}

/** All that the logs say of one task. */
export interface Journal {
  /** The block that posted it, once its logs were read. */
  readonly origin: Origin | undefined;
  /** By number, from 1. */
  readonly epochs: ReadonlyMap<number, KeyEpoch>;
  readonly rounds: readonly RoundEntry[];
  /** Of members alone, under {@link Journal.topics}: of each member and topic the first eight and the latest. */
  readonly announcements: readonly Announcement[];
  /** The topics that there are, by epochs and rounds. */
  readonly topics: ReadonlySet<Hex>;
  /** Posts so far, kept or not, by topic and member: `topic/member`. */
  readonly posted: ReadonlyMap<string, number>;
  /** Validators' votes that a trainer keeps a key from being made, each a {@link rejectionName}. */
  readonly rejections: ReadonlySet<string>;
  /** By id, in the order in which they were filed. */
  readonly disputes: ReadonlyMap<Hex, FiledDispute>;
  /** Credits by account: rewards, fees, refunds, reporter's shares. */
  readonly credits: ReadonlyMap<Address, bigint>;
  /** Stake slashed, or burnt at the end, by account. */
  readonly slashed: ReadonlyMap<Address, bigint>;
  /** Digest of the key that the task runs under, once it has started. */
  readonly collectiveKey: Hex | undefined;
  /** Members that have lost their seat. */
  readonly ejected: ReadonlySet<Address>;
  /** Applicants that revealed their secret for the draw. */
  readonly revealed: ReadonlySet<Address>;
  /** What the task is doing. */
  readonly status: TaskStatus;
  /** Who has left before the task started, in order. */
  readonly departures: readonly Departure[];
}

/** What can be written in: a journal while its logs are entered. */
export type Draft<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Draft<Value>>
    : T extends ReadonlySet<infer Value>
      ? Set<Value>
      : T extends readonly (infer Value)[]
        ? Draft<Value>[]
        : T extends object
          ? { -readonly [Field in keyof T]: Draft<T[Field]> }
          : T;

/** A journal without any log. */
export const emptyJournal = (): Draft<Journal> => ({
  origin: undefined,
  epochs: new Map(),
  rounds: [],
  announcements: [],
  topics: new Set(),
  posted: new Map(),
  rejections: new Set(),
  disputes: new Map(),
  credits: new Map(),
  slashed: new Map(),
  collectiveKey: undefined,
  revealed: new Set(),
  status: 'open',
  departures: [],
  ejected: new Set(),
});

/** What the names of all votes against a trainer in an epoch of the key begin with. */
const rejectionsOf = (epoch: number | bigint, trainer: Address): string => `${epoch}/${trainer}/`;

/** Names a validator's vote against a trainer in an epoch of the key. */
export const rejectionName = ({
  epoch,
  trainer,
  validator,
}: {
  readonly epoch: number | bigint;
  readonly trainer: Address;
  readonly validator: Address;
}): string => rejectionsOf(epoch, trainer) + validator;

/** Whether some validator voted against a trainer in an epoch of the key. */
export const isRejected = (
  { rejections }: Pick<Journal, 'rejections'>,
  epoch: number,
  trainer: Address,
): boolean => [...rejections].some((name) => name.startsWith(rejectionsOf(epoch, trainer)));
