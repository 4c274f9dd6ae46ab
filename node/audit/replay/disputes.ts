// Disputes: filed by a quorum's signatures, overturned or carried out (`Disputes.sol`).
import {
  type Address,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  keccak256,
  parseAbiParameters,
} from 'viem';
import {
  type Accusation,
  accusationData,
  appealData,
  type SigningDomain,
  signerOf,
} from '../../protocol/index.ts';
import type { DisputeBook } from './book.ts';
import { type Play, Unknowable } from './play.ts';
import { changeStanding, eject, penalise, pledgeOf, seatOf } from './seats.ts';

const nameLayout = parseAbiParameters('uint256, uint256, address');

/** Signatures under a digest, and the domain of `Disputes`. */
export interface Signed {
  readonly domain: SigningDomain;
  readonly signers: readonly Address[];
  readonly signatures: readonly Hex[];
}

/** `file`. */
export function fileDispute(play: Play, accusation: Accusation, signed: Signed): void {
  const { book, task, terms } = play;
  const { culprit, round, fault, evidence, reporter } = accusation;
  const seat = seatOf(play, culprit);
  play.need(round > 0n && round <= BigInt(book.round), `there was no round ${round}`);
  const id = keccak256(encodeAbiParameters(nameLayout, [task, round, culprit]));
  play.need(!book.disputes.has(id), `a dispute about ${culprit} in round ${round} was filed before`);
  const behind = stakeBehind(play, culprit, {
    ...signed,
    hash: hashTypedData(accusationData(signed.domain, accusation)),
  });
  play.need(2n * behind > stakeOfAll(play), `the signatures against ${culprit} are no quorum`);
  const appealEnds = play.until(terms.deadlines.appeal);
  play.emit('DisputeFiled', { dispute: id, task, round, culprit, fault, evidence, appealEnds });
  book.disputes.get(id)!.reporter = reporter;
  if (seat.standing === 'good') changeStanding(play, culprit, 'suspended');
}

/** `overturn`. */
export function overturnDispute(play: Play, id: Hex, signed: Signed): void {
  const dispute = pendingOf(play, id);
  const { culprit } = dispute;
  play.need(play.moment.time <= dispute.appealEnds, 'the appeal was over');
  const behind = stakeBehind(play, culprit, {
    ...signed,
    hash: hashTypedData(appealData(signed.domain, id)),
  });
  const total = stakeOfAll(play, culprit);
  play.need(total > 0n && 3n * behind >= 2n * total, `the signatures for ${culprit} are too few`);
  play.emit('DisputeOverturned', { dispute: id, culprit });
  const others = play.book.applicants.get(culprit)?.openDisputes ?? 0;
  if (others === 0 && seatOf(play, culprit).standing === 'suspended') changeStanding(play, culprit, 'good');
}

/** `execute`. */
export function executeDispute(play: Play, id: Hex): void {
  const dispute = pendingOf(play, id);
  const { culprit, reporter } = dispute;
  play.need(play.moment.time > dispute.appealEnds, 'the appeal was not over');
  if (!reporter) throw new Unknowable('who reported the dispute is not in the calls that can be read');
  play.emit('DisputeExecuted', { dispute: id, culprit });
  const amount = play.terms.economics.dispute;
  const isNobody = BigInt(reporter) === 0n;
  penalise(play, { account: culprit, fault: 'disputed', amount, ...(isNobody ? {} : { reporter }) });
  eject(play, culprit);
}

function pendingOf({ book, need }: Play, id: Hex): DisputeBook {
  const dispute = book.disputes.get(id);
  need(dispute?.status === 'pending', `dispute ${id} is not pending`);
  return dispute!;
}

/** Stake of the signers: validators in good standing other than the culprit, each once. */
function stakeBehind(
  play: Play,
  culprit: Address,
  { hash, signers, signatures }: Signed & { readonly hash: Hex },
): bigint {
  let [behind, last] = [0n, 0n];
  for (const [at, signer] of signers.entries()) {
    const seat = seatOf(play, signer);
    const may = seat.role === 'validator' && seat.standing === 'good' && signer !== culprit;
    play.need(may && BigInt(signer) > last, `the signature of ${signer} does not count`);
    if (signerOf(hash, signatures[at]!) !== signer)
      throw new Unknowable(`${signer} did not sign with its key; an account of code may sign otherwise`);
    behind += pledgeOf(play, signer);
    last = BigInt(signer);
  }
  return behind;
}

/** Stake of all validators that were not ejected. */
const stakeOfAll = (play: Play, except?: Address): bigint =>
  play.book.seated.validators
    .filter((account) => account !== except && play.book.seats.get(account)!.standing !== 'ejected')
    .reduce((sum, account) => sum + pledgeOf(play, account), 0n);
