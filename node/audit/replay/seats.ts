// Seats as `RoundBook` keeps them: who stands, who owes a duty, who is slashed and put out.
import { type Fault, faults, type Standing, standings } from '@murmuration/contracts';
import type { G1Point } from '@murmuration/prover';
import { type Address, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { SeatBook, SeatRole } from './book.ts';
import { slash } from './money.ts';
import type { Play } from './play.ts';

const points = parseAbiParameters('(uint256 x, uint256 y)[]');

/** In which round a member did a duty last. */
export type Duty = 'proposedIn' | 'submittedIn' | 'inspectedIn';

/** The seat of an account. @throws Refused where it has none. */
export function seatOf({ book, need }: Play, account: Address): SeatBook {
  const seat = book.seats.get(account);
  need(seat !== undefined, `${account} has no seat`);
  return seat!;
}

/** The caller's seat, of this role and in good standing. */
export function ownSeat(play: Play, role: SeatRole): SeatBook {
  const seat = seatOf(play, play.sender);
  play.need(seat.role === role && seat.standing === 'good', `${play.sender} is no ${role} in good standing`);
  return seat;
}

/** The seat of an account whose accepted submission of the current round has these commitments. */
export function acceptedOf(
  play: Play,
  { account, commitments }: { readonly account: Address; readonly commitments: readonly G1Point[] },
): SeatBook {
  const seat = seatOf(play, account);
  play.need(seat.accepted && seat.submittedIn === play.book.round, `${account} has no accepted submission`);
  const [stated, kept] = [commitments, seat.commitments].map((each) =>
    keccak256(encodeAbiParameters(points, [each])),
  );
  play.need(stated === kept, `the commitments are others than those of ${account}`);
  return seat;
}

/** The current round is this one, in this phase, before its end. */
export function checkPhase(play: Play, round: bigint, phase: Play['book']['phase']): void {
  const { book, moment } = play;
  play.need(BigInt(book.round) === round && round > 0n, `the round is ${book.round}, not ${round}`);
  play.need(book.phase === phase, `the phase is ${book.phase}, not ${phase}`);
  play.need(moment.time <= book.phaseEnds, `the phase ${phase} was over`);
}

/** Whether a member missed a duty of this round that it could have done. */
export const owes = ({ book: { round } }: Play, seat: SeatBook, duty: Duty): boolean =>
  seat.standing === 'good' && seat[duty] !== round && seat.excusedIn !== round;

/** Whether nobody of a role owes the duty. */
export const allDid = (play: Play, role: SeatRole, duty: Duty): boolean =>
  membersOf(play, role).every((account) => !owes(play, play.book.seats.get(account)!, duty));

/** Whether more than half of the stake of the validators in good standing did the duty in this round. */
export function mostDid(play: Play, duty: Duty): boolean {
  const { book } = play;
  let [there, total] = [0n, 0n];
  for (const account of book.seated.validators) {
    const seat = book.seats.get(account)!;
    if (seat.standing !== 'good') continue;
    const stake = pledgeOf(play, account);
    total += stake;
    if (seat[duty] === book.round) there += stake;
  }
  return 2n * there > total;
}

/** Slashes each of a role that owes the duty. */
export function penaliseAbsent(play: Play, role: SeatRole, duty: Duty): void {
  for (const account of membersOf(play, role))
    if (owes(play, play.book.seats.get(account)!, duty)) penaliseNoShow(play, account);
}

/** Slashes who missed a duty; who pushed on is the reporter. */
export const penaliseNoShow = (play: Play, account: Address): void =>
  penalise(play, { account, fault: 'no-show', amount: play.terms.economics.noShow, reporter: play.sender });

/** Slashes a member; below the floor it loses its seat. */
export function penalise(
  play: Play,
  {
    account,
    fault,
    amount,
    reporter,
  }: {
    readonly account: Address;
    readonly fault: Fault;
    readonly amount: bigint;
    readonly reporter?: Address;
  },
): void {
  const taken = slash(play, { account, amount, ...(reporter && { reporter }) });
  const named = { task: play.task, round: play.round, account, fault: faults.indexOf(fault), amount: taken };
  play.emit('Penalised', named);
  if (pledgeOf(play, account) < play.terms.economics.stakeFloor) eject(play, account);
}

/** Ends a seat. */
export function eject(play: Play, account: Address): void {
  if (play.book.seats.get(account)?.standing !== 'ejected') changeStanding(play, account, 'ejected');
}

export const changeStanding = (play: Play, account: Address, standing: Standing): void =>
  play.emit('StandingChanged', { task: play.task, account, standing: standings.indexOf(standing) });

/** Members of a role in good standing. */
export const standing = (play: Play, role: SeatRole): Address[] =>
  membersOf(play, role).filter((account) => play.book.seats.get(account)!.standing === 'good');

/** Seats of a role, whatever their standing. */
export const membersOf = ({ book }: Play, role: SeatRole): readonly Address[] =>
  role === 'trainer' ? book.seated.trainers : book.seated.validators;

export const pledgeOf = ({ book }: Play, account: Address): bigint => book.pledges.get(account) ?? 0n;
