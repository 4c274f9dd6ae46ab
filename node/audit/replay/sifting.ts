// Updates that a round leaves out, after sums that stayed closed (`Sifting.draw`, `Exclusions.leaveOut`).
import type { G1Point } from '@murmuration/prover';
import { type Address, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { Play } from './play.ts';
import { acceptedOf, checkPhase } from './seats.ts';
import { isSifted, isSuspecting, keptOf, updatesOf } from './suspicion.ts';

const seedLayout = parseAbiParameters('uint256, bytes32');
const placeLayout = parseAbiParameters('bytes32, address');

/** `draw`. */
export function draw(play: Play, round: bigint): void {
  const { book, moment, task, terms } = play;
  const entered = book.phaseEnds - BigInt(terms.deadlines.inspect);
  const isDue = BigInt(book.round) === round && book.phase === 'inspect' && moment.time > entered;
  play.need(isDue && book.sift.drawnIn !== book.round && !isSifted(play), 'there was nothing to draw');
  const seed = keccak256(encodeAbiParameters(seedLayout, [BigInt(moment.random), book.basis]));
  play.emit('Drawn', { task, round, seed });
}

/** `leaveOut`. */
export function leaveOut(
  play: Play,
  {
    round,
    account,
    commitments,
  }: { readonly round: bigint; readonly account: Address; readonly commitments: readonly G1Point[] },
): void {
  checkPhase(play, round, 'inspect');
  acceptedOf(play, { account, commitments });
  play.need(surplusOf(play).includes(account), `${account} was not drawn to be left out`);
  const { book, moment, terms, task } = play;
  const isLate = moment.time + BigInt(Math.floor(terms.deadlines.inspect / 4)) >= book.phaseEnds;
  play.need(isLate || allInspected(play), 'validators were still inspecting');
  play.emit('LeftOut', { task, round, account });
}

/** Whether all validators in good standing have inspected; being excused does not count here. */
const allInspected = ({ book }: Play): boolean =>
  book.seated.validators.every((account) => {
    const { standing, inspectedIn } = book.seats.get(account)!;
    return standing !== 'good' || inspectedIn === book.round;
  });

/** The updates that are to be left out: those that are suspected most, equals as drawn. */
function surplusOf({ book }: Play): Address[] {
  const { sift, suspicion } = book;
  if (!isSuspecting(book) || sift.drawnIn !== book.round) return [];
  const placeOf = (account: Address): bigint => {
    const drawn = keccak256(encodeAbiParameters(placeLayout, [sift.seed, account]));
    return (BigInt(suspicion.get(account) ?? 0) << 224n) | (BigInt(drawn) >> 32n);
  };
  const updates = updatesOf(book);
  const placed = updates.map((account) => ({ account, place: placeOf(account) }));
  placed.sort((a, b) => Number(a.place > b.place) - Number(a.place < b.place));
  return placed.slice(keptOf(book, updates)).map(({ account }) => account);
}
