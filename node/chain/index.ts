// The chain: a task's journal and views, an account's transactions.

export {
  basisOfAlignment,
  basisOfOpening,
  basisOfProposal,
  basisOfSum,
} from '../protocol/basis.ts';
export { type TopicKind, topicOf } from '../protocol/topics.ts';
export {
  type AccountActions,
  type ApplicationView,
  createActions,
  escrowOf,
  type NewTask,
  readSeat,
  readStake,
  type StakeView,
} from './actions.ts';
export { type Connection, connect } from './connect.ts';
export { catchUp, DeepReorganisation, defaultFollowSettings, type FollowSettings } from './follow.ts';
export {
  type Journal,
  type KeyEpoch,
  type Outcome,
  type RoundEntry,
  type Subject,
  subjects,
} from './journal.ts';
export {
  countTasks,
  type PostedTask,
  readKeyHashes,
  readTask,
  type TaskParametersView,
} from './read_task.ts';
export { defaultSenderSettings, Reverted, Sender, type SenderSettings } from './sender.ts';
export type { SeatView, Stage, TaskChain, TaskState, TaskTerms, Vote } from './task_chain.ts';
export { createTaskChain } from './viem_task_chain.ts';
