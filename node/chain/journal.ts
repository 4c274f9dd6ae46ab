// What a task's logs say, in order: the journal that roles, reports and auditors read. Rebuilt from the logs alone.

import {
  bulletinAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  validationAbi,
} from '@murmuration/contracts';
import { type Address, type Hex, type Log, parseEventLogs } from 'viem';
import { basisOfOpening, basisOfProposal } from '../protocol/basis.ts';

/** Enumerations of contracts/src/interfaces/Types.sol, by their values. */
export const outcomes = ['pending', 'accepted', 'rejected', 'void', 'restarted'] as const;
export type Outcome = (typeof outcomes)[number];
export const phases = [
  'none',
  'support',
  'submit',
  'aggregate',
  'commit',
  'reveal',
  'settle',
  'closed',
] as const;
export type Phase = (typeof phases)[number];
export const subjects = ['update', 'probe'] as const;
export type Subject = (typeof subjects)[number];
export const faults = ['none', 'no-show', 'invalid-proof', 'strike', 'outlier', 'disputed'] as const;
export type Fault = (typeof faults)[number];

export const standings = ['none', 'good', 'suspended', 'ejected'] as const;

export interface Submission {
  sender: Address;
  weight: number;
  digests: readonly Hex[];
}

export interface ProvenSum {
  prover: Address;
  digests: readonly Hex[];
  norm: bigint;
}

export interface Settled {
  trainer: Address;
  /** Units of 10^-9; 0 without a proof. */
  cosine: bigint;
  struck: boolean;
  strikes: number;
  reward: bigint;
}

/** One round, as far as it has come. */
export interface RoundEntry {
  number: number;
  /** Rounds before this one that count: the index that the task's schedules go by. */
  index: number;
  model: Hex;
  scale: bigint;
  leader: Address;
  /** What training and proposals rest on: all rounds before, model, scale. */
  opening: Hex;
  /** What updates and probes rest on: the opening and the proposals so far. */
  basis: Hex;
  /** Start of the latest phase's deadline, in seconds. */
  phase: Phase;
  deadline: bigint;
  proposals: { proposer: Address; digest: Hex }[];
  submitted: Record<Subject, Submission[]>;
  rejected: { sender: Address; subject: Subject }[];
  sums: Partial<Record<Subject, ProvenSum>>;
  rejectedSums: Address[];
  votes: { validator: Address; model: Hex; quality: number; before: number }[];
  /** Median quality and gain in basis points, once tallied. */
  tally: { quality: number; gain: number } | undefined;
  median: bigint | undefined;
  settled: Settled[];
  penalties: { account: Address; fault: Fault; amount: bigint }[];
  outcome: Outcome;
  /** Digest of the model after the round, once closed. */
  modelAfter: Hex | undefined;
}

export interface MemberKeys {
  peer: Hex;
  sealingKey: Hex;
  keyShare: Hex;
}

/** A key generation's committee, and what its members registered. */
export interface KeyEpoch {
  trainers: readonly Address[];
  validators: readonly Address[];
  keys: Map<Address, MemberKeys>;
  confirmed: Map<Address, Hex>;
}

export interface Post {
  sender: Address;
  topic: Hex;
  digest: Hex;
  block: bigint;
}

/** All that the logs say of one task. */
export interface Journal {
  epochs: Map<number, KeyEpoch>;
  rounds: RoundEntry[];
  posts: Post[];
  /** Credits by account: rewards, fees, refunds, reporter's shares. */
  credits: Map<Address, bigint>;
  /** Stake slashed by account. */
  slashed: Map<Address, bigint>;
  collectiveKey: Hex | undefined;
  /** Members that have lost their seat. */
  ejected: Set<Address>;
  /** Applicants that revealed their secret for the draw. */
  revealed: Set<Address>;
}

export const emptyJournal = (): Journal => ({
  epochs: new Map(),
  rounds: [],
  posts: [],
  credits: new Map(),
  slashed: new Map(),
  collectiveKey: undefined,
  revealed: new Set(),
  ejected: new Set(),
});

const abi = [
  ...bulletinAbi,
  ...keyRegistryAbi,
  ...marketplaceAbi,
  ...roundsAbi,
  ...settlementAbi,
  ...stakeVaultAbi,
  ...validationAbi,
] as const;

/** Enters logs, which come in the order of the chain, into a task's journal. Logs of other tasks are passed over. */
export function enter(journal: Journal, task: bigint, logs: Log[]): void {
  for (const event of parseEventLogs({ abi, logs })) {
    if ('task' in event.args && event.args.task === task) record(journal, event);
  }
}

type JournalEvent = ReturnType<typeof parseEventLogs<typeof abi>>[number];

function record(journal: Journal, event: JournalEvent): void {
  const round = (number: bigint): RoundEntry =>
    journal.rounds.find((entry) => entry.number === Number(number))!;
  const add = (map: Map<Address, bigint>, account: Address, amount: bigint) =>
    map.set(account, (map.get(account) ?? 0n) + amount);
  switch (event.eventName) {
    case 'SecretRevealed':
      journal.revealed.add(event.args.account);
      break;
    case 'CommitteeSet': {
      const { epoch, trainers, validators } = event.args;
      journal.epochs.set(Number(epoch), { trainers, validators, keys: new Map(), confirmed: new Map() });
      break;
    }
    case 'KeysRegistered': {
      const { epoch, account, peer, sealingKey, keyShare } = event.args;
      journal.epochs.get(Number(epoch))?.keys.set(account, { peer, sealingKey, keyShare });
      break;
    }
    case 'KeyConfirmed':
      journal.epochs
        .get(Number(event.args.epoch))
        ?.confirmed.set(event.args.account, event.args.collectiveKey);
      break;
    case 'TaskStarted':
      journal.collectiveKey = event.args.collectiveKey;
      break;
    case 'Posted':
      journal.posts.push({ ...event.args, block: event.blockNumber });
      break;
    case 'RoundOpened':
      journal.rounds.push(openEntry(journal, event.args));
      break;
    case 'PhaseEntered':
      Object.assign(round(event.args.round), {
        phase: phases[event.args.phase],
        deadline: event.args.deadline,
      });
      break;
    case 'SupportProposed': {
      const { proposer, digest } = event.args;
      const entry = round(event.args.round);
      entry.proposals.push({ proposer, digest });
      entry.basis = basisOfProposal(entry.basis, proposer, digest);
      break;
    }
    case 'Submitted': {
      const { sender, weight, digests, subject } = event.args;
      round(event.args.round).submitted[subjects[subject]!].push({ sender, weight: Number(weight), digests });
      break;
    }
    case 'SubmissionRejected':
      round(event.args.round).rejected.push({
        sender: event.args.sender,
        subject: subjects[event.args.subject]!,
      });
      break;
    case 'SumProven': {
      const { prover, digests, norm, subject } = event.args;
      round(event.args.round).sums[subjects[subject]!] = { prover, digests, norm };
      break;
    }
    case 'SumRejected':
      round(event.args.round).rejectedSums.push(event.args.prover);
      break;
    case 'VoteRevealed': {
      const { validator, model, quality, qualityBefore } = event.args;
      round(event.args.round).votes.push({
        validator,
        model,
        quality: Number(quality),
        before: Number(qualityBefore),
      });
      break;
    }
    case 'Tallied':
      round(event.args.round).tally = { quality: Number(event.args.quality), gain: Number(event.args.gain) };
      break;
    case 'RoundSettled':
      round(event.args.round).median = event.args.median;
      break;
    case 'TrainerSettled': {
      const { trainer, cosine, struck, strikes, reward } = event.args;
      round(event.args.round).settled.push({ trainer, cosine, struck, strikes: Number(strikes), reward });
      break;
    }
    case 'Penalised': {
      const { account, fault, amount } = event.args;
      round(event.args.round)?.penalties.push({ account, fault: faults[fault]!, amount });
      break;
    }
    case 'RoundClosed':
      Object.assign(round(event.args.round), {
        outcome: outcomes[event.args.outcome],
        modelAfter: event.args.model,
        phase: 'closed',
      });
      break;
    case 'StandingChanged':
      if (standings[event.args.standing] === 'ejected') journal.ejected.add(event.args.account);
      break;
    case 'Credited':
      add(journal.credits, event.args.account, event.args.amount);
      break;
    case 'Slashed':
      add(journal.slashed, event.args.account, event.args.amount);
      break;
  }
}

function openEntry(
  journal: Journal,
  opened: { round: bigint; model: Hex; scale: bigint; leader: Address },
): RoundEntry {
  const opening = basisOfOpening(
    journal.rounds.at(-1)?.basis ?? journal.collectiveKey!,
    opened.model,
    opened.scale,
  );
  return {
    number: Number(opened.round),
    index: journal.rounds.filter(({ outcome }) => outcome !== 'restarted').length,
    model: opened.model,
    scale: opened.scale,
    leader: opened.leader,
    opening,
    basis: opening,
    phase: 'none',
    deadline: 0n,
    proposals: [],
    submitted: { update: [], probe: [] },
    rejected: [],
    sums: {},
    rejectedSums: [],
    votes: [],
    tally: undefined,
    median: undefined,
    settled: [],
    penalties: [],
    outcome: 'pending',
    modelAfter: undefined,
  };
}
