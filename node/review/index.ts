// The review of a task's terms, before money or stake is locked.
export { costsOf } from './costs.ts';
export type { Finding, ReviewedMember, ReviewedTask, Severity } from './finding.ts';
export { gasOfCalls, gasOfRound } from './gas.ts';
export { describePrivacy, type StatedPrivacy, statedPrivacy } from './privacy.ts';
export { reviewTask, rules } from './review.ts';
export { roundsVoidedByOne } from './seats.ts';
