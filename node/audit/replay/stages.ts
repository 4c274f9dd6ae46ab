// The stages of a task as `TaskBook` and `Marketplace` keep them, and its end.
import { type TaskStatus, taskStatuses } from '@murmuration/contracts';
import type { Address } from 'viem';
import { groupCount } from '../../protocol/index.ts';
import type { PostedTerms } from './book.ts';
import { pay, slash } from './money.ts';
import type { Play } from './play.ts';

/** Enters a stage of the task. */
export function enterStage(play: Play, status: TaskStatus, duration: number, epoch = play.book.epoch): void {
  const deadline = play.until(duration);
  const entered = { task: play.task, status: taskStatuses.indexOf(status), deadline, epoch: BigInt(epoch) };
  play.emit('StageEntered', entered);
}

/** The caller is in time for the stage. */
export function checkStage(play: Play, status: TaskStatus): void {
  const { book, moment } = play;
  play.need(book.status === status, `the task is ${book.status}, not ${status}`);
  play.need(moment.time <= book.deadline, `the stage ${status} was over`);
}

/** Whether there are members enough. */
export const enough = ({ book, terms }: Play): boolean =>
  book.trainers.length >= terms.parameters.minTrainers &&
  book.validators.length >= terms.parameters.minValidators;

/** The whole pot goes back to the planner. */
export function cancelTask(play: Play): void {
  const { pot, planner } = play.book;
  enterStage(play, 'cancelled', 0);
  play.emit('TaskCancelled', { task: play.task, refund: pot });
  pay(play, planner, pot);
}

/** What is left of the pot goes back to the planner. */
export function endTask(play: Play): void {
  const { pot, planner } = play.book;
  enterStage(play, 'ended', 0);
  play.emit('TaskEnded', { task: play.task, refund: pot });
  pay(play, planner, pot);
}

/** Removes an account that did not do in time what was asked of it, and slashes it. */
export function removeNoShow(play: Play, account: Address): void {
  play.emit('Left', { task: play.task, account });
  slash(play, { account, amount: play.terms.economics.noShow, reporter: play.sender });
}

/** What a planner locks for the rounds. */
export function escrowOf({ parameters, economics }: Pick<PostedTerms, 'parameters' | 'economics'>): bigint {
  const { maxValidators, rounds } = parameters;
  const sums = BigInt(1 + groupCount(maxValidators)) * economics.proverFee;
  return (economics.roundReward + economics.validatorFee * BigInt(maxValidators) + sums) * BigInt(rounds);
}
