// Alignment, pay, strikes and the next scale (`Settlement.sol`); the arithmetic is the protocol's own
// (node/protocol).
import { type ProvenAlignment, verdicts } from '@murmuration/contracts';
import { decodeFigures, type Figures, type G1Point, presets } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import {
  basisOfAlignment,
  digestOfReferences,
  freshSeat,
  groupOf,
  isSilent,
  lowerMedian,
  nextScale,
  noScore,
  settleRound,
  updateSum,
} from '../../protocol/index.ts';
import { acceptedSeats, type SeatBook } from './book.ts';
import { pay } from './money.ts';
import { type Play, Unknowable } from './play.ts';
import { checkPhase, eject, penalise, penaliseNoShow, seatOf } from './seats.ts';

/** What an alignment is sent with. */
export interface AlignmentArguments {
  readonly round: bigint;
  readonly trainer: Address;
  readonly basis: Hex;
  readonly references: readonly G1Point[];
  readonly chunks: readonly ProvenAlignment[];
}

/** `proveAlignment`. */
export function proveAlignment(
  play: Play,
  { round, trainer, basis, references, chunks }: AlignmentArguments,
): void {
  const { book, task, told, terms } = play;
  checkPhase(play, round, 'settle');
  const seat = seatOf(play, trainer);
  play.need(seat.provenIn !== book.round, `${trainer} had proved its alignment before`);
  const isAddend = seat.role === 'trainer' && seat.submittedIn === book.round && seat.accepted;
  play.need(isAddend, `${trainer} has no accepted update`);
  const kept = basisOfAlignment({ hUpdate: seat.sponges, references: book.references });
  play.need(basis === kept, `${play.sender} worked on another basis than the chain's`);
  play.need(
    digestOfReferences(references) === book.references,
    'these are other references than the vote named',
  );
  play.need(chunks.length === terms.parameters.chunks, `${play.sender} sent ${chunks.length} chunks`);
  if (told.accepted) {
    play.emit('AlignmentProven', { task, round, trainer, word: chunks.at(-1)!.out });
    return;
  }
  play.need(play.sender === trainer, 'a false alignment of somebody else is not judged');
  play.emit('AlignmentRejected', { task, round, trainer });
  penalise(play, { account: trainer, fault: 'invalid-proof', amount: terms.economics.invalidProof });
}

/** Whether every trainer with an accepted update has proven its alignment. */
export const alignmentsComplete = (play: Play): boolean =>
  cohortOf(play).every(([, seat]) => seat.provenIn === play.book.round);

/** Settles the round: pay, strikes, what missing alignments cost, the next scale. */
export function settle(play: Play): void {
  const { book, round, task, terms } = play;
  const { economics, rules } = terms;
  const cohort = cohortOf(play);
  const accepted = book.verdict === 'accepted';
  const counting = [...book.proven]
    .filter((sum) => sum !== updateSum)
    .map(groupOf)
    .sort((a, b) => a - b);
  const figures = cohort.map(([, seat]) => figuresOf(seat, book.round));
  const absent = cohort.map(
    ([, seat]) => seat.provenIn !== book.round && seat.standing === 'good' && seat.excusedIn !== book.round,
  );
  const seats = cohort.map(([, { level, debt, credit }]) => ({ ...freshSeat(0n), level, debt, credit }));
  const policy = { ...rules, strike: economics.strike };
  const settled = settleRound(seats, { accepted, pot: economics.roundReward, counting, figures }, policy);
  let paid = 0n;
  for (const [at, [account]] of cohort.entries()) {
    const { reward } = settled[at]!;
    paid += reward;
    if (reward > 0n) pay(play, account, reward);
  }
  for (const [at, [trainer]] of cohort.entries()) {
    const { seen, weight, verdict, reward, seat } = settled[at]!;
    play.emit('TrainerSettled', {
      task,
      round,
      trainer,
      seen: BigInt(seen),
      weight: BigInt(weight),
      verdict: verdicts.indexOf(verdict),
      level: BigInt(seat.level),
      reward,
    });
    if (seat.level >= rules.ejectAt) eject(play, trainer);
    if (absent[at]) penaliseNoShow(play, trainer);
  }
  const medians = counting.map((group) =>
    lowerMedian(figures.map((of) => BigInt(of?.scores[group] ?? noScore))),
  );
  play.emit('RoundSettled', { task, round, medians, paid, nextScale: scaleAfter(play, figures) });
}

function scaleAfter({ book, terms }: Play, figures: readonly (Figures | undefined)[]): bigint {
  const { preset, chunks, target } = terms.parameters;
  const shape = Object.values(presets).find(({ id }) => id === preset);
  if (!shape) throw new Unknowable(`preset ${preset} is none that this version knows`);
  return nextScale(book.scale, {
    accepted: book.verdict === 'accepted',
    buckets: figures.flatMap((of) => (of && !isSilent(of) ? [of.bucket] : [])),
    coordinates: chunks * shape.coordinatesPerChunk,
    targetRms: target,
  });
}

const figuresOf = ({ provenIn, word }: SeatBook, round: number): Figures | undefined =>
  provenIn === round ? decodeFigures(word) : undefined;

/** The trainers with an accepted update, in the order of their seats. */
const cohortOf = ({ book }: Play): [Address, SeatBook][] =>
  acceptedSeats(book).filter(([, { role }]) => role === 'trainer');
