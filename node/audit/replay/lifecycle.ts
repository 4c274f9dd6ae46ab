// Rounds from the start of a task to its end (`Rounds.sol`, `Grouping.sol`): seated, opened, closed.
import { type Outcome, outcomes, type Phase, phases } from '@murmuration/contracts';
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';
import { basisOfOpening, groupCount } from '../../protocol/index.ts';
import type { Play } from './play.ts';
import { standing } from './seats.ts';
import { endTask, enterStage } from './stages.ts';

const seedLayout = parseAbiParameters('uint256, bytes32');
const stepLayout = parseAbiParameters('bytes32, uint256');

/** Seats the committee and opens the first round. */
export function startRounds(play: Play, collectiveKey: Hex): void {
  enterStage(play, 'running', 0);
  play.emit('TaskStarted', { task: play.task, epoch: BigInt(play.book.epoch), collectiveKey });
  openRound(play);
}

/** Enters a phase of the round. */
export function enterPhase(play: Play, phase: Phase, duration: number): void {
  const { task, round } = play;
  const deadline = play.until(duration);
  play.emit('PhaseEntered', { task, round, phase: phases.indexOf(phase), deadline });
}

/** Ends the round, and opens the next one or ends the task. */
export function closeRound(play: Play, outcome: Outcome): void {
  const { book, task, round, terms } = play;
  const model = outcome === 'accepted' ? book.candidate : book.model;
  const scale = book.scale;
  play.emit('RoundClosed', { task, round, outcome: outcomes.indexOf(outcome), model, scale });
  const { minTrainers, minValidators, rounds } = terms.parameters;
  const enough =
    standing(play, 'trainer').length >= minTrainers && standing(play, 'validator').length >= minValidators;
  if (enough && book.concluded < rounds) openRound(play);
  else {
    enterPhase(play, 'closed', 0);
    endTask(play);
  }
}

function openRound(play: Play): void {
  const { book, task, terms } = play;
  const number = book.round + 1;
  const round = BigInt(number);
  const trainers = standing(play, 'trainer');
  // Fixed when the round opens, so that nobody becomes leader, and late, by another's suspension.
  const leader = trainers[number % trainers.length]!;
  const { model, scale } = book;
  if (book.regroup) drawGroups(play, round, basisOfOpening(book.basis, model, scale));
  play.emit('RoundOpened', { task, round, model, scale, leader });
  enterPhase(play, 'support', terms.deadlines.support);
}

/**
 * The validators whose seats have not ended, in a random order (Durstenfeld: CACM 7 (1964), algorithm 235).
 */
function drawGroups(play: Play, round: bigint, basis: Hex): void {
  const { book, moment, task } = play;
  const order = book.seated.validators.filter(
    (account) => book.seats.get(account)!.standing !== 'ejected',
  ) as Address[];
  const seed = keccak256(encodeAbiParameters(seedLayout, [BigInt(moment.random), basis]));
  for (let left = order.length; left > 1; left--) {
    const step = keccak256(encodeAbiParameters(stepLayout, [seed, BigInt(left)]));
    const drawn = Number(BigInt(step) % BigInt(left));
    [order[drawn], order[left - 1]] = [order[left - 1]!, order[drawn]!];
  }
  play.emit('GroupsDrawn', { task, round, groups: BigInt(groupCount(order.length)), order });
}
