// An account's money, explained: every booking of the vault with the rule behind it.
export { readEarnings, type TaskEarnings } from './earnings.ts';
export { eventsOf, explain, type LedgerEvent } from './explain.ts';
export {
  type Books,
  bookNames,
  emptyBooks,
  type Ledger,
  type Movement,
  type MovementKind,
} from './movement.ts';
export { readStatement, type Statement } from './read.ts';
export { faultRule } from './rules.ts';
export { standingOf, type TrainerStanding } from './standing.ts';
