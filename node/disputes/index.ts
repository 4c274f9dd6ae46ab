// Disputes: evidence against members, what it comes to, and what validators sign on it.
export type { Court, Ruling, RunningKey } from './court.ts';
export { accusationOf, type Case, Docket, type DocketContext, disputeOf, mostAccusations } from './docket.ts';
export {
  caseName,
  decodeEvidence,
  type Evidence,
  type EvidenceOf,
  encodeEvidence,
  faultNames,
  faultNumbers,
  maxEvidence,
} from './evidence.ts';
export { judge, judgeEvidence } from './judge.ts';
export { wrongHop } from './kinds/hop.ts';
export { agreeing, wrongShares } from './kinds/share.ts';
export { type Juror, readJurors, type Support, supportOf } from './quorum.ts';
export { signAccusation } from './signed.ts';
