// Pushing the task on: out of a stage before the start, or out of a phase of a round (`Keying.sol`,
// `Rounds.sol`).
import { type Address, type Hex, zeroHash } from 'viem';
import { enterKeying, isAtFault, plurality } from './epochs.ts';
import { closeRound, enterPhase, startRounds } from './lifecycle.ts';
import { closeDraw, closeJoining } from './membership.ts';
import { type Play, Refused } from './play.ts';
import { alignmentsComplete, settle } from './settlement.ts';
import { cancelTask, enough, removeNoShow } from './stages.ts';
import {
  aggregateComplete,
  closeAggregate,
  closeInspect,
  closeSubmit,
  closeSupport,
  inspectComplete,
  submitComplete,
  supportComplete,
} from './submissions.ts';
import { tally, votesComplete } from './votes.ts';

/** An epoch that gives no key is tried again at most this often. */
const mostEpochs = 3;

/** `Marketplace.advance`. */
export function advanceTask(play: Play): void {
  const { status } = play.book;
  if (status === 'open') closeJoining(play);
  else if (status === 'drawing') closeDraw(play);
  else if (status === 'keying') closeKeying(play);
  else throw new Refused(`the task is ${status}, and nothing of it can be pushed on`);
}

/** From `Keying`: to the rounds, to another epoch, or to nothing. */
function closeKeying(play: Play): void {
  const { book, moment } = play;
  const { key, votes } = plurality(play);
  const registered = book.validators.every((account) => !isAtFault(play, account));
  const complete = votes === book.trainers.length && registered;
  play.need(complete || moment.time > book.deadline, 'the key was not late');
  if (complete || isUsable(play, { key, votes })) startRounds(play, key);
}

/**
 * What a key that is not everybody's comes to: without those at fault, for the trainers that confirmed it.
 */
function isUsable(play: Play, { key, votes }: { readonly key: Hex; readonly votes: number }): boolean {
  const { book, task, terms } = play;
  for (const role of ['trainers', 'validators'] as const) removeAtFault(play, book[role]);
  const again = votes < terms.parameters.minTrainers;
  if (!enough(play) || (again && book.epoch >= mostEpochs)) cancelTask(play);
  else if (again) enterKeying(play);
  else {
    for (const account of [...book.trainers])
      if (book.applicants.get(account)!.confirmed !== key) play.emit('Left', { task, account });
    return true;
  }
  return false;
}

/** Whom of a list the rules find at fault is found out before any of them leaves it. */
function removeAtFault(play: Play, list: readonly Address[]): void {
  const culprits = list.filter((account) => isAtFault(play, account));
  for (const account of culprits) removeNoShow(play, account);
}

/** `Rounds.advance`. */
export function advanceRound(play: Play): void {
  const { book, moment, terms } = play;
  const { deadlines } = terms;
  const { phase } = book;
  play.need(phase !== 'none' && phase !== 'closed', 'no round runs');
  play.need(isComplete(play) || moment.time > book.phaseEnds, `the phase ${phase} was not over`);
  const next = (goesOn: boolean, to: 'submit' | 'inspect' | 'aggregate' | 'commit') =>
    goesOn ? enterPhase(play, to, deadlines[to]) : closeRound(play, 'void');
  if (phase === 'support') next(closeSupport(play), 'submit');
  else if (phase === 'submit') next(closeSubmit(play), 'inspect');
  else if (phase === 'inspect') next(closeInspect(play), 'aggregate');
  else if (phase === 'aggregate') next(closeAggregate(play), 'commit');
  else if (phase === 'commit') enterPhase(play, 'reveal', deadlines.reveal);
  else if (phase === 'reveal') {
    // Nothing that most stake computed: the sums' content may be kept back, and then nobody could prove an
    // alignment.
    if (tally(play).model === zeroHash) closeRound(play, 'void');
    else enterPhase(play, 'settle', deadlines.settle);
  } else {
    const { verdict } = book;
    settle(play);
    closeRound(play, verdict);
  }
}

function isComplete(play: Play): boolean {
  const { phase } = play.book;
  if (phase === 'support') return supportComplete(play);
  if (phase === 'submit') return submitComplete(play);
  if (phase === 'inspect') return inspectComplete(play);
  if (phase === 'aggregate') return aggregateComplete(play);
  if (phase === 'commit') return votesComplete(play, false);
  if (phase === 'reveal') return votesComplete(play, true);
  return alignmentsComplete(play);
}
