// What a planner does to its task (`Marketplace.sol`).
import type { NewTask } from '@murmuration/contracts';
import type { Play } from './play.ts';
import { checkStage, enterStage, escrowOf } from './stages.ts';

/** `post`. */
export function postTask(play: Play, posted: NewTask): void {
  const { sender: planner, task } = play;
  const bounty = escrowOf(posted);
  play.emit('TaskPosted', { task, planner, ...posted, bounty });
  enterStage(play, 'open', posted.deadlines.join);
  play.emit('Funded', { task, from: planner, amount: bounty });
}

/** `topUp`. */
export function topUp(play: Play, amount: bigint): void {
  const { sender: from, task, terms, book } = play;
  checkStage(play, 'open');
  play.need(from === book.planner, `${from} is not the planner`);
  const total = amount * BigInt(terms.parameters.rounds);
  const roundReward = terms.economics.roundReward + amount;
  play.emit('TaskToppedUp', { task, from, amount: total, roundReward });
  play.emit('Funded', { task, from, amount: total });
}
