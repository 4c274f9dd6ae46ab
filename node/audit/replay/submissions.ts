// What members send in a round and what is taken out again (`SupportPhase`, `SubmitPhase`, `InspectPhase`,
// `AggregatePhase`, `Exclusions`).
import type { ProvenChunk, ProvenSumChunk } from '@murmuration/contracts';
import { combine, type G1Point } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import { basisOfSum, type Subject, updateSum } from '../../protocol/index.ts';
import { acceptedSeats, dueSums, type SeatBook, type TaskBook } from './book.ts';
import { pay, slashFree } from './money.ts';
import type { Play } from './play.ts';
import {
  acceptedOf,
  allDid,
  checkPhase,
  mostDid,
  owes,
  ownSeat,
  penalise,
  penaliseAbsent,
  penaliseNoShow,
  pledgeOf,
  seatOf,
} from './seats.ts';
import { isSifted } from './suspicion.ts';

/** `propose`. */
export function propose(play: Play, round: bigint, digest: Hex): void {
  checkPhase(play, round, 'support');
  const seat = ownSeat(play, leads(play) ? 'trainer' : 'validator');
  if (leads(play)) play.need(play.sender === play.book.leader, `${play.sender} does not lead the round`);
  play.need(seat.proposedIn !== play.book.round, `${play.sender} had proposed before`);
  play.emit('SupportProposed', { task: play.task, round, proposer: play.sender, digest });
}

/** Whether the phase Support may end before its deadline. */
export const supportComplete = (play: Play): boolean =>
  leads(play) ? play.book.proposals === 1 : allDid(play, 'validator', 'proposedIn');

/** Ends the phase Support. @returns whether there is a support. */
export function closeSupport(play: Play): boolean {
  const { book } = play;
  if (leads(play)) {
    const last = book.lastOutcome;
    const wasRead = book.round === 1 || last === 'accepted' || last === 'rejected';
    if (owes(play, seatOf(play, book.leader!), 'proposedIn') && wasRead) penaliseNoShow(play, book.leader!);
  } else if (mostDid(play, 'proposedIn')) penaliseAbsent(play, 'validator', 'proposedIn');
  return book.proposals > 0;
}

/** `submitUpdate` and `submitProbe`. */
export function submit(
  play: Play,
  subject: Subject,
  {
    round,
    basis,
    chunks,
  }: { readonly round: bigint; readonly basis: Hex; readonly chunks: readonly ProvenChunk[] },
): void {
  const { book, sender, task, told, terms } = play;
  checkPhase(play, round, 'submit');
  const { submittedIn, sum, weight } = ownSeat(play, subject === 'update' ? 'trainer' : 'validator');
  play.need(submittedIn !== book.round, `${sender} had submitted before`);
  play.need(chunks.length === terms.parameters.chunks, `${sender} sent ${chunks.length} chunks`);
  play.need(basis === book.basis, `${sender} worked on another basis than the chain's`);
  if (!told.accepted) {
    play.emit('SubmissionRejected', { task, round, sender, sum: BigInt(sum) });
    penalise(play, { account: sender, fault: 'invalid-proof', amount: terms.economics.invalidProof });
    return;
  }
  play.emit('Submitted', {
    task,
    round,
    sender,
    sum: BigInt(sum),
    weight: BigInt(weight),
    commitments: chunks.map(({ commitment }) => commitment),
    h: chunks.map(({ h }) => h),
    digests: chunks.map(({ digest }) => digest),
  });
}

/** Whether the phase Submit may end before its deadline. */
export const submitComplete = (play: Play): boolean =>
  allDid(play, 'trainer', 'submittedIn') && allDid(play, 'validator', 'submittedIn');

/** Ends the phase Submit. @returns whether there is enough for a sum that hides each addend. */
export function closeSubmit(play: Play): boolean {
  if (mostDid(play, 'submittedIn'))
    for (const role of ['trainer', 'validator'] as const) penaliseAbsent(play, role, 'submittedIn');
  return enoughSubmitted(play);
}

/** `inspect`. */
export function inspect(play: Play, round: bigint): void {
  checkPhase(play, round, 'inspect');
  const { inspectedIn } = ownSeat(play, 'validator');
  play.need(inspectedIn !== play.book.round, `${play.sender} had inspected before`);
  play.emit('Inspected', { task: play.task, round, validator: play.sender });
}

/** Whether the phase Inspect may end before its deadline. */
export const inspectComplete = (play: Play): boolean =>
  allDid(play, 'validator', 'inspectedIn') && isSifted(play);

/** Ends the phase Inspect. @returns whether enough is left, and nothing is to be left out any more. */
export function closeInspect(play: Play): boolean {
  if (mostDid(play, 'inspectedIn')) penaliseAbsent(play, 'validator', 'inspectedIn');
  return enoughSubmitted(play) && isSifted(play);
}

/** `voteToExclude`; the vote that makes the majority excludes. */
export function voteToExclude(
  play: Play,
  {
    round,
    account,
    commitments,
  }: {
    readonly round: bigint;
    readonly account: Address;
    readonly commitments: readonly G1Point[];
  },
): void {
  const { book, sender, task, terms } = play;
  checkPhase(play, round, 'inspect');
  const voter = ownSeat(play, 'validator');
  play.need(voter.inspectedIn !== book.round && sender !== account, `${sender} may not vote on ${account}`);
  const seat = acceptedOf(play, { account, commitments });
  play.need(!votersAgainst(book, account).includes(sender), `${sender} had voted before`);
  play.emit('ExclusionVoted', { task, round, account, validator: sender });
  if (!isMajority(play, votersAgainst(book, account))) return;
  play.emit('Excluded', { task, round, account, sum: BigInt(seat.sum) });
  penalise(play, { account, fault: 'excluded', amount: terms.economics.invalidProof });
}

/** `submitAggregate`. */
export function submitSum(
  play: Play,
  {
    round,
    sum,
    basis,
    chunks,
  }: {
    readonly round: bigint;
    readonly sum: number;
    readonly basis: Hex;
    readonly chunks: readonly ProvenSumChunk[];
  },
): void {
  const { book, sender, task, terms, told } = play;
  checkPhase(play, round, 'aggregate');
  play.need(dueSums(book).includes(sum), `sum ${sum} is of fewer than two submissions`);
  play.need(!book.proven.has(sum), `sum ${sum} was proven before`);
  play.need(chunks.length === terms.parameters.chunks, `${sender} sent ${chunks.length} chunks`);
  play.need(basis === basisOfSum(totalsOf(book, sum)), `${sender} worked on other totals than the chain's`);
  if (!told.accepted) {
    play.emit('SumRejected', { task, round, prover: sender, sum: BigInt(sum) });
    slashFree(play, sender, terms.economics.failedSum);
    return;
  }
  const [digests, h] = [chunks.map(({ digest }) => digest), chunks.map((chunk) => chunk.h)];
  play.emit('SumProven', { task, round, prover: sender, sum: BigInt(sum), digests, h });
  pay(play, sender, terms.economics.proverFee);
}

/** Whether the phase Aggregate may end before its deadline. */
export const aggregateComplete = ({ book }: Play): boolean =>
  dueSums(book).every((sum) => book.proven.has(sum));

/** @returns whether the sum of the updates and the sums of most groups are proven. */
export function closeAggregate({ book }: Play): boolean {
  const groups = dueSums(book).filter((sum) => sum !== updateSum);
  const proven = groups.filter((sum) => book.proven.has(sum));
  return book.proven.has(updateSum) && 2 * proven.length > groups.length;
}

/** The weighted sum of a sum's commitments, chunk by chunk, added here. */
export function totalsOf(book: TaskBook, sum: number): G1Point[] {
  const addends = acceptedSeats(book).flatMap(([, seat]) => (seat.sum === sum ? [seat] : []));
  const weights = addends.map(({ weight }) => weight);
  return (addends[0]?.commitments ?? []).map((_, chunk) =>
    combine(
      addends.map(({ commitments }) => commitments[chunk]!),
      weights,
    ),
  );
}

const leads = ({ terms }: Play): boolean => terms.parameters.selector === 1;

function enoughSubmitted({ book, terms }: Play): boolean {
  const accepted = acceptedSeats(book).map(([, seat]) => seat);
  const count = (role: SeatBook['role']) => accepted.filter((seat) => seat.role === role).length;
  const { minTrainers, minValidators } = terms.parameters;
  const groups = dueSums(book).filter((sum) => sum !== updateSum);
  return count('trainer') >= minTrainers && count('validator') >= minValidators && groups.length > 0;
}

function votersAgainst({ exclusions, round }: TaskBook, account: Address): readonly Address[] {
  const known = exclusions.get(account);
  return known?.round === round ? known.voters : [];
}

/** More than half of the stake of all validators that were not ejected; voters in good standing count. */
function isMajority(play: Play, voters: readonly Address[]): boolean {
  let [behind, total] = [0n, 0n];
  for (const account of play.book.seated.validators) {
    const seat = play.book.seats.get(account)!;
    if (seat.standing === 'ejected') continue;
    const stake = pledgeOf(play, account);
    total += stake;
    if (seat.standing === 'good' && voters.includes(account)) behind += stake;
  }
  return 2n * behind > total;
}
