// The books of a task as the rules keep them: all that the contracts know of it, rebuilt from its events.
// They change with every event; the contracts' code on chain has the same in its storage.
import type {
  Deadlines,
  Economics,
  Outcome,
  Phase,
  Rules,
  TaskParameters,
  TaskStatus,
} from '@murmuration/contracts';
import type { G1Point } from '@murmuration/prover';
import { type Address, type Hex, zeroHash } from 'viem';

/** A role that holds a seat. */
export type SeatRole = 'trainer' | 'validator';

/** Who applied for a seat. */
export interface Applicant {
  role: SeatRole;
  weight: number;
  /** What its secret for the draw was committed to by. */
  entropy: Hex;
  revealed: boolean;
  /** Lost its place before the start. */
  removed: boolean;
  /** When its stake is free, after an ejection; 0 if it was not ejected. */
  releasableAt: bigint;
  openDisputes: number;
  /** The last epoch of the key for which it registered, and dealt. */
  registeredIn: number;
  dealtIn: number;
  confirmed: Hex;
  /** Validators that voted against it, by epoch. */
  rejectedBy: { epoch: number; validator: Address }[];
}

/** A vote as far as it has come: numbers of the rounds, and what was said. */
export interface VoteBook {
  committedIn: number;
  commitment: Hex;
  revealedIn: number;
  abstainedIn: number;
  model: Hex;
  references: Hex;
  quality: number;
  qualityBefore: number;
}

/** A seat in the rounds. */
export interface SeatBook {
  role: SeatRole;
  weight: number;
  index: number;
  standing: 'good' | 'suspended' | 'ejected';
  /** The sum that its submissions enter. */
  sum: number;
  proposedIn: number;
  submittedIn: number;
  inspectedIn: number;
  excusedIn: number;
  accepted: boolean;
  /** Of the submission of `submittedIn`, where it was accepted. */
  commitments: readonly G1Point[];
  sponges: readonly bigint[];
  digests: readonly Hex[];
  vote: VoteBook;
  /** The round in which it proved its alignment, and the word that it proved. */
  provenIn: number;
  word: bigint;
  debt: number;
  level: number;
  credit: number;
}

/** A dispute. */
export interface DisputeBook {
  round: number;
  culprit: Address;
  fault: number;
  evidence: Hex;
  /** Who gets the reporter's share; undefined where the call that filed it could not be read. */
  reporter: Address | undefined;
  appealEnds: bigint;
  status: 'pending' | 'executed' | 'overturned';
}

/** What a planner posted. */
export interface PostedTerms {
  readonly parameters: TaskParameters;
  economics: Economics;
  readonly rules: Rules;
  readonly deadlines: Deadlines;
}

/** All that the rules know of a task. */
export interface TaskBook {
  readonly task: bigint;
  planner: Address;
  terms: PostedTerms | undefined;
  status: TaskStatus;
  deadline: bigint;
  epoch: number;
  /** In the token's smallest unit. */
  pot: bigint;
  pledges: Map<Address, bigint>;
  trainers: Address[];
  validators: Address[];
  applicants: Map<Address, Applicant>;
  /** Of the draw. */
  entropy: Hex;
  collectiveKey: Hex | undefined;
  /** The seats of the rounds, trainers and validators each in the order of their index. */
  seated: { trainers: Address[]; validators: Address[] };
  seats: Map<Address, SeatBook>;
  round: number;
  phase: Phase;
  phaseEnds: bigint;
  concluded: number;
  leader: Address | undefined;
  regroup: boolean;
  model: Hex;
  scale: bigint;
  /** The scale that the settlement of the round gave; undefined before. */
  nextScale: bigint | undefined;
  basis: Hex;
  proposals: number;
  proven: Set<number>;
  verdict: Outcome;
  candidate: Hex;
  references: Hex;
  lastOutcome: Outcome;
  /** Votes to exclude, by the account that they are against. */
  exclusions: Map<Address, { round: number; voters: Address[] }>;
  /** After sums of the updates that stayed closed: the latest draw, and how often it began. */
  sift: { drawnIn: number; seed: Hex; spells: number };
  /** How much each trainer is suspected of what keeps them closed. */
  suspicion: Map<Address, number>;
  disputes: Map<Hex, DisputeBook>;
  ejected: Address[];
  /** A prover whose sum has just failed: the slash that follows is of its free stake, not of a pledge. */
  failedProver: Address | undefined;
}

/** The books before the task was posted. */
export const emptyBook = (task: bigint): TaskBook => ({
  task,
  planner: '0x0000000000000000000000000000000000000000',
  terms: undefined,
  status: 'none',
  deadline: 0n,
  epoch: 0,
  pot: 0n,
  pledges: new Map(),
  trainers: [],
  validators: [],
  applicants: new Map(),
  entropy: zeroHash,
  collectiveKey: undefined,
  seated: { trainers: [], validators: [] },
  seats: new Map(),
  round: 0,
  phase: 'none',
  phaseEnds: 0n,
  concluded: 0,
  leader: undefined,
  regroup: false,
  model: zeroHash,
  scale: 0n,
  nextScale: undefined,
  basis: zeroHash,
  proposals: 0,
  proven: new Set(),
  verdict: 'pending',
  candidate: zeroHash,
  references: zeroHash,
  lastOutcome: 'pending',
  exclusions: new Map(),
  sift: { drawnIn: 0, seed: zeroHash, spells: 0 },
  suspicion: new Map(),
  disputes: new Map(),
  ejected: [],
  failedProver: undefined,
});

/** A seat as it is when the rounds start. */
export const freshSeat = ({ role, weight }: Pick<SeatBook, 'role' | 'weight'>, index: number): SeatBook => ({
  role,
  weight: role === 'trainer' ? weight : 1,
  index,
  standing: 'good',
  sum: 0,
  proposedIn: 0,
  submittedIn: 0,
  inspectedIn: 0,
  excusedIn: 0,
  accepted: false,
  commitments: [],
  sponges: [],
  digests: [],
  vote: {
    committedIn: 0,
    commitment: zeroHash,
    revealedIn: 0,
    abstainedIn: 0,
    model: zeroHash,
    references: zeroHash,
    quality: 0,
    qualityBefore: 0,
  },
  provenIn: 0,
  word: 0n,
  debt: 0,
  level: 0,
  credit: 0,
});

/** The seats of the current round's accepted submissions, in the order of the seats, trainers first. */
export const acceptedSeats = ({ seated, seats, round }: TaskBook): [Address, SeatBook][] =>
  [...seated.trainers, ...seated.validators].flatMap((account) => {
    const seat = seats.get(account)!;
    return seat.accepted && seat.submittedIn === round ? [[account, seat] as [Address, SeatBook]] : [];
  });

/** Numbers of the sums of two accepted submissions or more, ascending. */
export function dueSums(book: TaskBook): number[] {
  const counts = new Map<number, number>();
  for (const [, { sum }] of acceptedSeats(book)) counts.set(sum, (counts.get(sum) ?? 0) + 1);
  return [...counts].flatMap(([sum, count]) => (count > 1 ? [sum] : [])).sort((a, b) => a - b);
}
