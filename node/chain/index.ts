// The chain: a task's journal and views, an account's transactions.
export {
  type Fault,
  faults,
  type Outcome,
  outcomes,
  type Phase,
  phases,
  type Role,
  roles,
  type Selector,
  type Standing,
  selectors,
  standings,
  type TaskStatus,
  taskStatuses,
  type Verdict,
  verdicts,
} from '@murmuration/contracts';
export {
  type AccountActions,
  type ApplicationView,
  createActions,
  escrowOf,
  type JoinRequest,
  readMandate,
  readSeat,
  readStake,
  type SeatRole,
  type StakeView,
} from './actions.ts';
export { addendsOf, sumsDue } from './addends.ts';
export { type Call, KnownInvalid, Reverted } from './call.ts';
export { type ChainReader, createChainReader, type ReaderSettings } from './chain_reader.ts';
export {
  type Connection,
  type ConnectionSettings,
  connect,
  createClient,
  type Endpoint,
  openClient,
  type SendingAccount,
  senderOf,
} from './connect.ts';
export { createTaskChain, type TaskChainSettings } from './create_task_chain.ts';
export { type Departure, departureReason } from './departure.ts';
export { enterLogs } from './enter_logs.ts';
export {
  type Cursor,
  catchUp,
  DeepReorganisation,
  defaultFollowSettings,
  type FollowContext,
  type FollowSettings,
  type LogQuery,
} from './follow.ts';
export { ContractsGone, checkContracts } from './gone.ts';
export { type Head, type HeadSettings, Heads, type Waiting } from './heads.ts';
export {
  type AcceptedSubmission,
  type Announcement,
  type DisputeStatus,
  type Draft,
  emptyJournal,
  type FiledDispute,
  type Journal,
  type KeyEpoch,
  type MemberKeys,
  type ProvenSum,
  type RoundEntry,
  rejectionName,
  type SettledTrainer,
} from './journal.ts';
export type { JournalSource } from './journal_reader.ts';
export type { MarketReader, OpenTask } from './market_reader.ts';
export { nextTime } from './next_block.ts';
export type { Cleared, Outgoing, OutgoingCall } from './outgoing.ts';
export {
  type Consent,
  type Deed,
  type OwnerCall,
  ownerCalls,
  ownerDeeds,
  readOperators,
  readOwner,
  sendDeeds,
  signConsent,
} from './owner.ts';
export { type Origin, type Posting, readPosting } from './posting.ts';
export { proposalsInOrder } from './proposals.ts';
export { type ReadLogs, readLogs } from './read_logs.ts';
export { countTasks, type PostedTask, readKeyHashes, readTask } from './read_task.ts';
export { type RpcAddress, rpcAddresses, shownRpc } from './rpc/address.ts';
export { ChainAway } from './rpc/error.ts';
export { onSilence } from './rpc/silence.ts';
export { type RpcLimits, rpcTransport } from './rpc/transport.ts';
export { defaultSenderSettings, type Sender, type SenderSettings } from './sender.ts';
export type {
  AlignmentCall,
  SeatView,
  SignerOf,
  Stage,
  SubmissionCall,
  SumCall,
  TaskCalls,
  TaskChain,
  TaskState,
  TaskTerms,
  TaskViews,
} from './task_chain.ts';
