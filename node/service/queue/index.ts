// The queue of jobs in a database.
export { type Announcement, announce, takeLeave } from './agents.ts';
export { beat, type Claim, claimJob, failJob, failTry, finishJob, handBack } from './claims.ts';
export { claimDatabase, defaultPatience, openQueues, type Patience, type QueueContext } from './context.ts';
export { type Database, type DatabasePlace, openDatabase } from './database.ts';
export { retryJob, watchDeadLetters } from './dead_letters.ts';
export { type Submitted, submitJob } from './submit.ts';
export {
  cancelJob,
  countJobs,
  findJob,
  type Glance,
  glanceAt,
  listAgents,
  listJobs,
  type Owner,
  type Pace,
  paces,
  resultOf,
  tidy,
} from './views.ts';
