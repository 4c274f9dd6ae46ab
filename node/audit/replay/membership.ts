// Joining, and the draw when more join than there are seats (`Membership.sol`).
import { type Role, roles } from '@murmuration/contracts';
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters, toHex } from 'viem';
import { drawCommitment } from '../../protocol/index.ts';
import type { Applicant, SeatRole } from './book.ts';
import { enterKeying } from './epochs.ts';
import type { Play } from './play.ts';
import { pledgeOf } from './seats.ts';
import { cancelTask, checkStage, enough, enterStage, removeNoShow } from './stages.ts';

const drawTag = keccak256(toHex('murmuration/v1/draw'));
const seedLayout = parseAbiParameters('bytes32, uint256, bytes32');
const roleLayout = parseAbiParameters('bytes32, uint8');
const seatLayout = parseAbiParameters('bytes32, uint256');

/** `join`. */
export function join(
  play: Play,
  role: Role,
  { weight, stake, entropy }: { readonly weight: number; readonly stake: bigint; readonly entropy: Hex },
): void {
  const { book, sender: account, task, terms } = play;
  checkStage(play, 'open');
  play.need(!book.applicants.has(account), `${account} had joined before`);
  play.need(stake >= terms.economics.minStake, `it pledges ${stake}, less than the task asks for`);
  const args = { task, account, role: roles.indexOf(role), weight: BigInt(weight), stake, entropy };
  play.emit('Joined', args);
  play.emit('Pledged', { task, account, amount: stake });
}

/** `withdrawApplication`. */
export function withdraw(play: Play): void {
  const { book, moment, task, terms, sender: account } = play;
  checkStage(play, 'open');
  const until = book.deadline - BigInt(Math.floor(terms.deadlines.join / 4));
  play.need(moment.time <= until, 'in the last quarter of joining nobody leaves');
  applicantOf(play, account);
  const amount = pledgeOf(play, account);
  play.emit('Left', { task, account });
  play.emit('Released', { task, account, amount });
}

/** `revealSecret`. */
export function revealSecret(play: Play, secret: Hex): void {
  const { sender: account, task } = play;
  checkStage(play, 'drawing');
  const { entropy, revealed } = applicantOf(play, account);
  play.need(!revealed, `${account} had revealed its secret before`);
  play.need(
    drawCommitment(secret, account) === entropy,
    `${account} reveals another secret than it joined with`,
  );
  play.emit('SecretRevealed', { task, account, secret });
}

/** From `Open`: to the draw, to keying, or to nothing. */
export function closeJoining(play: Play): void {
  const { book, terms, moment, task } = play;
  const { maxTrainers, maxValidators } = terms.parameters;
  const crowded = book.trainers.length > maxTrainers || book.validators.length > maxValidators;
  const early = play.sender === book.planner && !crowded && enough(play);
  play.need(early || moment.time > book.deadline, 'joining was not over');
  if (!enough(play)) cancelTask(play);
  else if (crowded) {
    play.emit('EntropySealed', { task, entropy: moment.random });
    enterStage(play, 'drawing', terms.deadlines.draw);
  } else enterKeying(play);
}

/** From `Drawing`: those who revealed are drawn from. */
export function closeDraw(play: Play): void {
  const { book, moment, task, terms } = play;
  const all = [...book.trainers, ...book.validators];
  const complete = all.every((account) => book.applicants.get(account)!.revealed);
  play.need(complete || moment.time > book.deadline, 'the draw was not over');
  const seed = keccak256(encodeAbiParameters(seedLayout, [drawTag, task, book.entropy]));
  draw(play, 'trainer', { seats: terms.parameters.maxTrainers, seed });
  draw(play, 'validator', { seats: terms.parameters.maxValidators, seed });
  if (enough(play)) enterKeying(play);
  else cancelTask(play);
}

function draw(
  play: Play,
  role: SeatRole,
  { seats, seed }: { readonly seats: number; readonly seed: Hex },
): void {
  const { book, task } = play;
  const candidates = role === 'trainer' ? book.trainers : book.validators;
  for (const account of [...candidates])
    if (!book.applicants.get(account)!.revealed) removeNoShow(play, account);
  const kept = [...candidates];
  if (kept.length <= seats) return;
  const own = keccak256(encodeAbiParameters(roleLayout, [seed, roles.indexOf(role)]));
  const drawn = drawWeighted(
    kept.map((account) => pledgeOf(play, account)),
    seats,
    own,
  );
  for (const [at, account] of kept.entries()) if (!drawn[at]) play.emit('Left', { task, account });
}

/** A draw without replacement, in proportion to stake (`Draw.sol`). */
function drawWeighted(all: readonly bigint[], seats: number, seed: Hex): boolean[] {
  const stakes = [...all];
  const drawn = stakes.map(() => false);
  let total = stakes.reduce((sum, stake) => sum + stake, 0n);
  for (let seat = 0n; seat < BigInt(seats) && total > 0n; seat++) {
    let ticket = BigInt(keccak256(encodeAbiParameters(seatLayout, [seed, seat]))) % total;
    let at = 0;
    while (ticket >= stakes[at]!) {
      ticket -= stakes[at]!;
      at += 1;
    }
    drawn[at] = true;
    total -= stakes[at]!;
    stakes[at] = 0n;
  }
  return drawn;
}

/** The application of an account that still has its place. */
export function applicantOf(play: Play, account: Address): Applicant {
  const applicant = play.book.applicants.get(account);
  play.need(applicant !== undefined && !applicant.removed, `${account} has no place in the task`);
  return applicant!;
}

/** Until when an account's stake is held: seconds, chain time; undefined without end. */
export function heldUntil({ book, terms }: Play, account: Address): bigint | undefined {
  const applicant = book.applicants.get(account);
  if (!applicant) return undefined;
  if (book.status === 'cancelled' || applicant.removed) return 0n;
  if (applicant.openDisputes > 0) return undefined;
  if (applicant.releasableAt > 0n) return applicant.releasableAt;
  const disputed = [...book.disputes.values()].some(({ status }) => status === 'pending');
  if (book.status !== 'ended' || (applicant.role === 'validator' && disputed)) return undefined;
  return book.deadline + BigInt(terms.deadlines.appeal);
}
