// Enters an event into a task's books. Whatever the chain says is entered as it stands, right or wrong: what
// is wrong is named once, by the comparison (replay.ts), and what follows is judged by what the chain has.
import { outcomes, phases, roles, standings, taskStatuses } from '@murmuration/contracts';
import { decodeFigures } from '@murmuration/prover';
import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
  toHex,
} from 'viem';
import { basisOfOpening, basisOfProposal, basisOfProvenSum, isSilent, weigh } from '../../protocol/index.ts';
import { type Applicant, freshSeat, type SeatBook, type TaskBook } from './book.ts';
import type { EventOf, TaskEvent } from './events.ts';
import { remember } from './suspicion.ts';

const drawTag = keccak256(toHex('murmuration/v1/draw'));
const revealed = parseAbiParameters('bytes32, uint256, bytes32, address');

/** What an applicant's secret adds to the entropy of the draw. */
export const entropyOf = (task: bigint, secret: Hex, account: Address): Hex =>
  keccak256(encodeAbiParameters(revealed, [drawTag, task, secret, account]));

/** Enters an event. @param time of its block: seconds, chain time. */
export function apply(book: TaskBook, event: TaskEvent, time: bigint): void {
  const seat = (account: Address): SeatBook | undefined => book.seats.get(account);
  const applicant = (account: Address): Applicant | undefined => book.applicants.get(account);
  switch (event.eventName) {
    case 'TaskPosted': {
      const { planner, parameters, economics, rules, deadlines } = event.args;
      book.planner = planner;
      book.terms = { parameters, economics: { ...economics }, rules, deadlines };
      book.model = parameters.model;
      book.scale = parameters.scale;
      return;
    }
    case 'TaskToppedUp':
      if (book.terms) book.terms.economics = { ...book.terms.economics, roundReward: event.args.roundReward };
      return;
    case 'StageEntered':
      book.status = taskStatuses[event.args.status]!;
      book.deadline = event.args.deadline;
      book.epoch = Number(event.args.epoch);
      return;
    case 'Joined':
      enterJoined(book, event);
      return;
    case 'Left':
      enterLeft(book, event.args.account);
      return;
    case 'EntropySealed':
      book.entropy = event.args.entropy;
      return;
    case 'SecretRevealed': {
      const of = applicant(event.args.account);
      if (of) of.revealed = true;
      book.entropy = xor(book.entropy, entropyOf(book.task, event.args.secret, event.args.account));
      return;
    }
    case 'CommitteeSet':
      book.trainers = [...event.args.trainers];
      book.validators = [...event.args.validators];
      book.epoch = Number(event.args.epoch);
      return;
    case 'KeysRegistered': {
      const of = applicant(event.args.account);
      if (of) Object.assign(of, { registeredIn: Number(event.args.epoch), confirmed: zero });
      return;
    }
    case 'Dealt': {
      const of = applicant(event.args.account);
      if (of) of.dealtIn = Number(event.args.epoch);
      return;
    }
    case 'Rejected':
      applicant(event.args.trainer)?.rejectedBy.push({
        epoch: Number(event.args.epoch),
        validator: event.args.validator,
      });
      return;
    case 'KeyConfirmed': {
      const of = applicant(event.args.account);
      if (of) of.confirmed = event.args.collectiveKey;
      return;
    }
    case 'TaskStarted':
      enterStarted(book, event.args.collectiveKey);
      return;
    case 'GroupsDrawn': {
      const groups = Number(event.args.groups);
      for (const [place, account] of event.args.order.entries()) {
        const of = seat(account);
        if (of) of.sum = 1 + (place % groups);
      }
      book.regroup = false;
      return;
    }
    case 'RoundOpened':
      Object.assign(book, {
        round: Number(event.args.round),
        leader: event.args.leader,
        model: event.args.model,
        scale: event.args.scale,
        basis: basisOfOpening(book.basis, event.args.model, event.args.scale),
        proposals: 0,
        proven: new Set(),
        verdict: 'pending',
        nextScale: undefined,
      });
      return;
    case 'PhaseEntered':
      if (book.phase === 'aggregate') remember(book);
      book.phase = phases[event.args.phase]!;
      book.phaseEnds = event.args.deadline;
      return;
    case 'SupportProposed': {
      const of = seat(event.args.proposer);
      if (of) of.proposedIn = Number(event.args.round);
      book.proposals += 1;
      book.basis = basisOfProposal(book.basis, event.args.proposer, event.args.digest);
      return;
    }
    case 'Submitted': {
      const { sender, round, commitments, h, digests } = event.args;
      const of = seat(sender);
      const made = { submittedIn: Number(round), accepted: true, commitments, sponges: h, digests };
      if (of) Object.assign(of, made);
      return;
    }
    case 'SubmissionRejected': {
      const of = seat(event.args.sender);
      if (of) Object.assign(of, { submittedIn: Number(event.args.round), accepted: false });
      return;
    }
    case 'Inspected': {
      const of = seat(event.args.validator);
      if (of) of.inspectedIn = Number(event.args.round);
      return;
    }
    case 'ExclusionVoted': {
      const { account, round, validator } = event.args;
      const known = book.exclusions.get(account);
      const voters = known?.round === Number(round) ? known.voters : [];
      book.exclusions.set(account, { round: Number(round), voters: [...voters, validator] });
      return;
    }
    case 'Drawn':
      Object.assign(book.sift, { drawnIn: Number(event.args.round), seed: event.args.seed });
      return;
    case 'Excluded':
    case 'LeftOut': {
      const of = seat(event.args.account);
      if (of) of.accepted = false;
      return;
    }
    case 'SumProven':
      book.proven.add(Number(event.args.sum));
      book.basis = basisOfProvenSum(book.basis, Number(event.args.sum), event.args.digests);
      return;
    case 'SumRejected':
      book.failedProver = event.args.prover;
      return;
    case 'VoteCommitted': {
      const vote = seat(event.args.validator)?.vote;
      const { round, commitment } = event.args;
      if (vote) Object.assign(vote, { committedIn: Number(round), commitment });
      return;
    }
    case 'Abstained': {
      const vote = seat(event.args.validator)?.vote;
      if (vote) vote.abstainedIn = Number(event.args.round);
      return;
    }
    case 'VoteRevealed': {
      const vote = seat(event.args.validator)?.vote;
      if (vote) Object.assign(vote, { revealedIn: Number(event.args.round), ...event.args.judgement });
      return;
    }
    case 'Tallied':
      book.verdict = outcomes[event.args.verdict]!;
      book.candidate = event.args.model;
      book.references = event.args.references;
      return;
    case 'AlignmentProven': {
      const of = seat(event.args.trainer);
      if (of) Object.assign(of, { provenIn: Number(event.args.round), word: event.args.word });
      return;
    }
    case 'TrainerSettled':
      enterSettled(book, event);
      return;
    case 'RoundSettled':
      book.nextScale = event.args.nextScale;
      return;
    case 'RoundClosed':
      if (book.phase === 'aggregate') remember(book);
      // The next round's first phase would leave this one's Aggregate once more.
      book.phase = 'closed';
      book.lastOutcome = outcomes[event.args.outcome]!;
      book.model = event.args.model;
      book.scale = book.nextScale ?? book.scale;
      book.concluded += 1;
      return;
    case 'StandingChanged':
      enterStanding(book, event, time);
      return;
    case 'DisputeFiled': {
      const { dispute, round, culprit, fault, evidence, appealEnds } = event.args;
      const filed = { culprit, fault, evidence, appealEnds, round: Number(round) };
      book.disputes.set(dispute, { ...filed, reporter: undefined, status: 'pending' });
      const of = applicant(culprit);
      if (of) of.openDisputes += 1;
      return;
    }
    case 'DisputeExecuted':
    case 'DisputeOverturned': {
      const dispute = book.disputes.get(event.args.dispute);
      if (!dispute) return;
      dispute.status = event.eventName === 'DisputeExecuted' ? 'executed' : 'overturned';
      const of = applicant(dispute.culprit);
      if (of) of.openDisputes -= 1;
      return;
    }
    case 'Funded':
      book.pot += event.args.amount;
      return;
    case 'Credited':
      book.pot -= event.args.amount;
      return;
    case 'Pledged':
    case 'Slashed':
    case 'HeldBurnt':
    case 'Released':
      enterPledge(book, event);
      return;
  }
}

const zero: Hex = `0x${'0'.repeat(64)}`;

function enterJoined(book: TaskBook, { args }: EventOf<'Joined'>): void {
  const role = roles[args.role] === 'trainer' ? 'trainer' : 'validator';
  book.applicants.set(args.account, {
    role,
    weight: Number(args.weight),
    entropy: args.entropy,
    revealed: false,
    removed: false,
    releasableAt: 0n,
    openDisputes: 0,
    registeredIn: 0,
    dealtIn: 0,
    confirmed: zero,
    rejectedBy: [],
  });
  (role === 'trainer' ? book.trainers : book.validators).push(args.account);
}

/** While members join, the last of the list takes the place of who leaves; later the order stays. */
function enterLeft(book: TaskBook, account: Address): void {
  const applicant = book.applicants.get(account);
  if (!applicant) return;
  const list = applicant.role === 'trainer' ? book.trainers : book.validators;
  const at = list.indexOf(account);
  if (book.status === 'open') {
    book.applicants.delete(account);
    if (at < 0) return;
    list[at] = list.at(-1)!;
    list.pop();
    return;
  }
  applicant.removed = true;
  if (at >= 0) list.splice(at, 1);
}

function enterStarted(book: TaskBook, collectiveKey: Hex): void {
  book.collectiveKey = collectiveKey;
  book.basis = collectiveKey;
  book.regroup = true;
  book.seated = { trainers: [...book.trainers], validators: [...book.validators] };
  for (const list of [book.trainers, book.validators])
    for (const [index, account] of list.entries()) {
      const applicant = book.applicants.get(account);
      if (applicant) book.seats.set(account, freshSeat(applicant, index));
    }
}

/** Debts are in no event: they follow from what each round saw of the trainer. */
function enterSettled(book: TaskBook, { args }: EventOf<'TrainerSettled'>): void {
  const seat = book.seats.get(args.trainer);
  if (!seat || !book.terms) return;
  const proven = seat.provenIn === Number(args.round);
  if (!(proven && isSilent(decodeFigures(seat.word)))) {
    const { toll, cap, reserve } = book.terms.rules;
    seat.debt = weigh(seat.debt, Number(args.seen), { toll, cap, reserve }).debt;
    if (book.verdict === 'accepted') seat.credit += Number(args.weight);
  }
  seat.level = Number(args.level);
}

function enterStanding(book: TaskBook, { args }: EventOf<'StandingChanged'>, time: bigint): void {
  const seat = book.seats.get(args.account);
  if (!seat) return;
  const standing = standings[args.standing]!;
  // Who was suspended could not act for a while: no duty missed in this round is held against it.
  if (seat.standing === 'suspended' && standing === 'good') seat.excusedIn = book.round;
  if (standing !== 'none') seat.standing = standing;
  if (standing !== 'ejected') return;
  book.ejected.push(args.account);
  if (seat.role === 'validator') book.regroup = true;
  const applicant = book.applicants.get(args.account);
  if (applicant && book.terms) applicant.releasableAt = time + BigInt(book.terms.deadlines.appeal);
}

/**
 * A prover's failed sum is paid from free stake, which is pledged to no task: `SumRejected` stands before it.
 */
function enterPledge(book: TaskBook, event: EventOf<'Pledged' | 'Slashed' | 'HeldBurnt' | 'Released'>): void {
  const { account, amount } = event.args;
  const isFree = event.eventName === 'Slashed' && book.failedProver === account;
  book.failedProver = undefined;
  if (isFree) return;
  const pledge = book.pledges.get(account) ?? 0n;
  if (event.eventName === 'Pledged') book.pledges.set(account, pledge + amount);
  else if (event.eventName === 'Released') book.pledges.set(account, 0n);
  else book.pledges.set(account, pledge - amount);
}

function xor(a: Hex, b: Hex): Hex {
  const [left, right] = [hexToBytes(a), hexToBytes(b)];
  return bytesToHex(left.map((byte, at) => byte ^ right[at]!));
}
