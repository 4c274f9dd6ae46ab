// The roles of a federation: what a trainer, a validator and a prover do from joining to getting their stake
// back.
export {
  assembleProver,
  assembleTrainer,
  assembleValidator,
  createTools,
  type Learning,
  proverVariable,
  type Tools,
  type Workplace,
} from './assemble.ts';
export { assembleMarketProver, type MarketWorkplace } from './assemble_market.ts';
export { memberPeer, toldOf } from './directory.ts';
export type { Disguise } from './disguise.ts';
export { createCourt } from './dispute/court_of.ts';
export { announcedDigests } from './key/announcements.ts';
export { runningStatistics } from './key/keying.ts';
export { createPeerPlace, type PeerPlace } from './peer_place.ts';
export { type Lineage, type LineageStep, traceModel } from './round/lineage.ts';
export type { RoleContext } from './runtime/context.ts';
export type { Startable } from './runtime/loop.ts';
export {
  type ChainSettings,
  createMember,
  type Member,
  type MemberSettings,
  readTogether,
} from './runtime/member.ts';
export type { Observer, ProofKind, RoleEvent } from './runtime/observer.ts';
export {
  type Application,
  applyForSeat,
  bondUpTo,
  checkMandate,
  type Listing,
  missingStake,
} from './runtime/seat.ts';
export {
  checkDescription,
  fetchDescription,
  type LoadedTask,
  loadTask,
  TaskMismatch,
} from './task/load.ts';
export {
  describeTask,
  postTask,
  type Seats,
  type TaskPlan,
  type TaskPolicy,
} from './task/post.ts';
