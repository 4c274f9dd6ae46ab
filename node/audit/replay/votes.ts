// Votes on the new model, and how they are counted (`Validation.sol`, `Ballot.sol`). Qualities and gains are
// in basis points.
import { outcomes } from '@murmuration/contracts';
import { type Address, type Hex, zeroHash } from 'viem';
import { voteCommitment } from '../../protocol/index.ts';
import type { SeatBook, VoteBook } from './book.ts';
import { pay } from './money.ts';
import type { Play } from './play.ts';
import { checkPhase, ownSeat, penalise, penaliseNoShow, pledgeOf } from './seats.ts';

const mostQuality = 10_000;

/** What a vote opens to. */
export type Judgement = Pick<VoteBook, 'model' | 'references' | 'quality' | 'qualityBefore'>;

/** `commitVote`. */
export function commitVote(
  play: Play,
  { round, basis, commitment }: { readonly round: bigint; readonly basis: Hex; readonly commitment: Hex },
): void {
  checkUnvoted(play, round);
  play.need(basis === play.book.basis, `${play.sender} voted on another basis than the chain's`);
  play.emit('VoteCommitted', { task: play.task, round, validator: play.sender, commitment });
}

/** `abstain`. */
export function abstain(play: Play, round: bigint): void {
  checkUnvoted(play, round);
  play.emit('Abstained', { task: play.task, round, validator: play.sender });
}

function checkUnvoted(play: Play, round: bigint): void {
  checkPhase(play, round, 'commit');
  const { vote } = ownSeat(play, 'validator');
  const voted = vote.committedIn === play.book.round || vote.abstainedIn === play.book.round;
  play.need(!voted, `${play.sender} had voted or abstained before`);
}

/** `revealVote`. */
export function revealVote(
  play: Play,
  { round, judgement, salt }: { readonly round: bigint; readonly judgement: Judgement; readonly salt: Hex },
): void {
  checkPhase(play, round, 'reveal');
  const { vote } = ownSeat(play, 'validator');
  const { qualityBefore: before, ...said } = judgement;
  const ballot = { task: play.task, round: Number(round), validator: play.sender };
  play.need(vote.revealedIn !== play.book.round, `${play.sender} had revealed before`);
  play.need(
    vote.committedIn === play.book.round &&
      vote.commitment === voteCommitment(ballot, { ...said, before, salt }),
    `${play.sender} reveals another vote than it committed to`,
  );
  const inRange = judgement.quality <= mostQuality && before <= mostQuality && judgement.model !== zeroHash;
  play.need(inRange, `${play.sender} reveals a vote that is out of range`);
  play.emit('VoteRevealed', { task: play.task, round, validator: play.sender, judgement });
}

/** Whether everybody has voted, or revealed, who is waited for. */
export function votesComplete(play: Play, revealing: boolean): boolean {
  const { book } = play;
  return book.seated.validators.every((account) => {
    const seat = book.seats.get(account)!;
    if (!isExpected(seat, book.round) || seat.vote.abstainedIn === book.round) return true;
    const committed = seat.vote.committedIn === book.round;
    return revealing ? !committed || seat.vote.revealedIn === book.round : committed;
  });
}

/** What the votes come to. */
export interface Count {
  /**
   * Named by more than half of all stake, as a pair; zeros if there is none, and then nothing else is set.
   */
  readonly model: Hex;
  readonly references: Hex;
  readonly quality: number;
  readonly qualityBefore: number;
  readonly gain: number;
  readonly accepted: boolean;
}

/** A voter's paper: no stake if it does not count, no judgement if it was silent. */
export interface Paper {
  readonly stake: bigint;
  readonly judgement: Judgement | undefined;
}

/** Counts. */
export function countVotes(papers: readonly Paper[], minGain: number): Count {
  const total = papers.reduce((sum, { stake }) => sum + stake, 0n);
  for (const { judgement } of papers) {
    if (!judgement) continue;
    const behind = papers.filter((paper) => paper.judgement && names(paper.judgement, judgement));
    const stake = behind.reduce((sum, paper) => sum + paper.stake, 0n);
    if (2n * stake <= total) continue;
    const median = (value: (of: Judgement) => number) =>
      weightedMedian(
        behind.map((paper) => ({ value: value(paper.judgement!), stake: paper.stake })),
        stake,
      );
    const gain = median(({ quality, qualityBefore }) => quality - qualityBefore);
    return {
      model: judgement.model,
      references: judgement.references,
      quality: median(({ quality }) => quality),
      qualityBefore: median(({ qualityBefore }) => qualityBefore),
      gain,
      accepted: gain >= minGain,
    };
  }
  return { model: zeroHash, references: zeroHash, quality: 0, qualityBefore: 0, gain: 0, accepted: false };
}

/** The smallest value at which the stake of it and all below reaches half. */
function weightedMedian(
  values: readonly { readonly value: number; readonly stake: bigint }[],
  total: bigint,
): number {
  const sorted = values.filter(({ stake }) => stake > 0n).sort((a, b) => a.value - b.value);
  let upTo = 0n;
  for (const { value, stake } of sorted) {
    upTo += stake;
    if (2n * upTo >= total) return value;
  }
  throw new RangeError('a median of no stake');
}

const names = (a: Judgement, b: Pick<Judgement, 'model' | 'references'>): boolean =>
  a.model === b.model && a.references === b.references;

/** Counts the votes of the round, pays and slashes for them. Who pushed on reports who was silent. */
export function tally(play: Play): Count {
  const { book, task, terms, round } = play;
  const voters = book.seated.validators.map((account) => ({
    account,
    ...book.seats.get(account)!,
    stake: book.seats.get(account)!.standing === 'good' ? pledgeOf(play, account) : 0n,
  }));
  const stakeOf = (some: readonly { readonly stake: bigint }[]) =>
    some.reduce((sum, { stake }) => sum + stake, 0n);
  const total = stakeOf(voters);
  const most = (kind: 'committedIn' | 'revealedIn') =>
    2n * stakeOf(voters.filter(({ vote }) => vote[kind] === book.round)) > total;
  const able = { committed: most('committedIn'), revealed: most('revealedIn') };
  const papers = voters.map(({ stake, vote, standing }) => ({
    stake,
    judgement: standing === 'good' && vote.revealedIn === book.round ? { ...vote } : undefined,
  }));
  const count = countVotes(papers, terms.rules.minGain);
  const verdict = outcomes.indexOf(count.accepted ? 'accepted' : 'rejected');
  const { model, references } = count;
  const [quality, gain] = [BigInt(count.quality), BigInt(count.gain)];
  play.emit('Tallied', { task, round, verdict, model, references, quality, gain });
  for (const voter of voters) settleVote(play, voter, { count, able });
  return count;
}

function settleVote(
  play: Play,
  { account, ...seat }: SeatBook & { readonly account: Address },
  {
    count,
    able,
  }: {
    readonly count: Count;
    readonly able: { readonly committed: boolean; readonly revealed: boolean };
  },
): void {
  const { book, terms } = play;
  const { vote } = seat;
  if (vote.abstainedIn === book.round) return;
  if (vote.revealedIn !== book.round) {
    const could = vote.committedIn === book.round ? able.revealed : able.committed;
    if (could && isExpected(seat, book.round)) penaliseNoShow(play, account);
  } else if (seat.standing === 'good') {
    if (isOutlier(count, vote, terms.rules.outlierBand))
      penalise(play, { account, fault: 'outlier', amount: terms.economics.outlier });
    else if (count.model !== zeroHash && seat.submittedIn === book.round && seat.accepted)
      pay(play, account, terms.economics.validatorFee);
  }
}

/**
 * Off the consensus: on another pair, or further than the band from a median. Without a consensus nobody is.
 */
export function isOutlier(count: Count, judgement: Judgement, band: number): boolean {
  if (count.model === zeroHash) return false;
  if (!names(judgement, count)) return true;
  const far = (a: number, b: number) => Math.abs(a - b) > band;
  return far(judgement.quality, count.quality) || far(judgement.qualityBefore, count.qualityBefore);
}

const isExpected = (seat: SeatBook, round: number): boolean =>
  seat.standing === 'good' && seat.excusedIn !== round;
